#include "core/federation/remote_tokens.h"

#include <fmt/format.h>

#include "core/crypto/seal.h"
#include "core/federation/discovery.h"
#include "core/federation/oauth2_flow.h"
#include "core/json_document.h"
#include "core/json_text.h"

namespace oauth2::federation {
namespace {

std::string place_of(std::string_view provider, std::string_view subject) {
  return fmt::format("remote_accounts/{}/{}", provider, subject);
}

}  // namespace

std::string seal_tokens(const ServerKey& key, std::string_view provider, std::string_view subject,
                        const RemoteTokens& tokens) {
  JsonText json;
  json.member("access_token", tokens.access_token);
  json.member("token_type", tokens.token_secret ? "oauth1" : "bearer");
  if (tokens.refresh_token) json.member("refresh_token", *tokens.refresh_token);
  if (tokens.token_secret) json.member("token_secret", *tokens.token_secret);
  if (tokens.scope) json.member("scope", *tokens.scope);
  return crypto::seal(key.remote_tokens, json.take(), place_of(provider, subject));
}

RemoteTokens open_tokens(const ServerKey& key, std::string_view provider, std::string_view subject,
                         std::string_view tokens_sealed, std::optional<std::int64_t> expires_at) {
  const auto json = crypto::open(key.remote_tokens, tokens_sealed, place_of(provider, subject));
  const auto document = json ? JsonDocument::parse(*json) : std::nullopt;
  if (!document) {
    throw CannotOpen(
        fmt::format("the tokens of an account at {} do not open with the server's key at hand", provider));
  }
  return {document->require_text("access_token"), document->text("refresh_token"),
          document->text("token_secret"), document->text("scope"), expires_at};
}

RemoteTokens refresh(const Outside& outside, const store::Provider& provider, const RemoteTokens& tokens,
                     std::int64_t now) {
  if (!tokens.refresh_token) throw Failure(FailureKind::token_refused, "the provider gave no refresh token");
  const Remote remote = reach(outside, provider, now);
  try {
    RemoteTokens fresh = refresh_tokens(remote, find_endpoints(remote), *tokens.refresh_token);
    if (!fresh.refresh_token) fresh.refresh_token = tokens.refresh_token;
    if (!fresh.scope) fresh.scope = tokens.scope;
    return fresh;
  } catch (const WrongMember& wrong) {
    throw Failure(wrong);
  }
}

}  // namespace oauth2::federation
