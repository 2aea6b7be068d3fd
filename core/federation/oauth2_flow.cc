#include "core/federation/oauth2_flow.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/crypto/base64url.h"
#include "core/crypto/hash.h"
#include "core/protocol/params.h"
#include "core/text.h"

namespace oauth2::federation {
namespace {

using protocol::form_encode;
using protocol::Params;

constexpr std::string_view whom = "token endpoint";
constexpr std::int64_t longest_life = 100LL * 366 * 86'400;

bool is_visible_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

// Some write the number as a text. What is no life of a token counts as absent.
std::optional<std::int64_t> expiry(const JsonDocument& document, std::int64_t now) {
  const std::string text = document.word("expires_in").value_or("");
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return seconds > 0 && seconds <= longest_life ? std::optional(now + seconds) : std::nullopt;
}

std::string require_token(const JsonDocument& document, std::string_view name) {
  const std::string token = document.require_text(name);
  if (!is_visible_ascii(token))
    throw Failure(FailureKind::bad_answer,
                  fmt::format("{}: its {} has characters that none may have", whom, name));
  return token;
}

RemoteTokens read_tokens(const JsonDocument& document, std::int64_t now) {
  RemoteTokens tokens;
  tokens.access_token = require_token(document, "access_token");
  // RFC 6749 section 7.1: a token of a type that one does not understand must not be used.
  if (text::lower(document.text("token_type").value_or("bearer")) != "bearer")
    throw Failure(FailureKind::bad_answer, fmt::format("{}: its token is no bearer token", whom));
  if (document.word("refresh_token").value_or("") != "")
    tokens.refresh_token = require_token(document, "refresh_token");
  tokens.scope = document.word("scope");
  tokens.expires_at = expiry(document, now);
  return tokens;
}

// RFC 6749 section 5.2, which GitHub sends with status 200.
[[noreturn]] void refuse(const std::string& code) {
  const bool is_down = code == "temporarily_unavailable" || code == "server_error";
  throw Failure(is_down ? FailureKind::provider_down : FailureKind::token_refused,
                fmt::format("{}: it answers {}", whom, shown_error(code)));
}

JsonDocument post(const Remote& remote, const Endpoints& endpoints, Params form) {
  const Resolved& own = remote.provider;
  fetch::Request request;
  request.method = "POST";
  request.url = endpoints.token_url;
  request.fields = {{"Content-Type", "application/x-www-form-urlencoded"}};
  if (endpoints.client_auth == ClientAuth::header) {
    const std::string pair = form_encode(own.client_id) + ":" + form_encode(own.client_secret);
    request.fields.emplace_back("Authorization", "Basic " + crypto::base64(pair));
  } else {
    form = form.with("client_id", own.client_id).with("client_secret", own.client_secret);
  }
  request.body = form.encode();
  const fetch::Response response = ask(remote, whom, std::move(request));
  const auto document = JsonDocument::parse(response.body);
  if (document && document->has("error")) refuse(document->word("error").value_or(""));
  if (response.status / 100 != 2) {
    const bool refused = response.status == 400 || response.status == 401 || response.status == 403;
    throw unexpected_status(refused ? FailureKind::token_refused : FailureKind::bad_answer, whom, response);
  }
  return require_document(whom, response);
}

}  // namespace

std::string authorization_url(const Remote& remote, const Endpoints& endpoints,
                              const AuthorizationRequest& request) {
  const Resolved& own = remote.provider;
  Params query = Params()
                     .with("response_type", "code")
                     .with("client_id", own.client_id)
                     .with("redirect_uri", request.redirect_uri)
                     .with("state", request.state);
  if (!own.scope.empty()) query = query.with("scope", text::join(own.scope));
  if (!request.nonce.empty()) query = query.with("nonce", request.nonce);
  if (!request.code_verifier.empty()) {
    query = query.with("code_challenge", crypto::sha256_base64url(request.code_verifier))
                .with("code_challenge_method", "S256");
  }
  return with_query(endpoints.authorize_url, query.encode());
}

TokenAnswer redeem_code(const Remote& remote, const Endpoints& endpoints, const std::string& code,
                        const AuthorizationRequest& request) {
  Params form = Params()
                    .with("grant_type", "authorization_code")
                    .with("code", code)
                    .with("redirect_uri", request.redirect_uri);
  if (!request.code_verifier.empty()) form = form.with("code_verifier", request.code_verifier);
  JsonDocument document = post(remote, endpoints, std::move(form));
  return {read_tokens(document, remote.now), document};
}

RemoteTokens refresh_tokens(const Remote& remote, const Endpoints& endpoints,
                            const std::string& refresh_token) {
  const Params form = Params().with("grant_type", "refresh_token").with("refresh_token", refresh_token);
  return read_tokens(post(remote, endpoints, form), remote.now);
}

}  // namespace oauth2::federation
