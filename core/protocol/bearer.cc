#include "core/protocol/bearer.h"

#include "core/json_text.h"
#include "core/protocol/audience.h"
#include "core/protocol/error.h"
#include "core/protocol/scope.h"
#include "core/protocol/token_document.h"
#include "core/text.h"

namespace oauth2::protocol {
namespace {

std::optional<std::string> find_token_string(const Context& context, const BearerClaim& claim) {
  std::vector<std::string> found;
  if (claim.authorization) {
    const std::string_view header = *claim.authorization;
    const auto blank = header.find(' ');
    if (text::lower(header.substr(0, blank)) == "bearer") {
      found.emplace_back(blank == std::string_view::npos ? "" : text::trim(header.substr(blank)));
    }
  }
  if (context.settings.allow_query_tokens) {
    if (claim.query_token) found.push_back(*claim.query_token);
    if (claim.form_token) found.push_back(*claim.form_token);
  }
  if (found.empty()) return std::nullopt;
  if (found.size() > 1) throw Error(invalid_request, "two bearer tokens at once");
  return std::move(found.front());
}

void require_scope(const std::string& scope, const std::vector<std::string>& items) {
  if (items.empty()) return;  // so that what is asked most often costs nothing
  const std::vector<std::string> granted = text::words(scope);
  if (satisfies(granted, items)) return;
  Error error(insufficient_scope, "the token has not the scope that is needed");
  error.scope = nearest_item(granted, items);
  throw error;
}

}  // namespace

bool carries_token(const Context& context, const BearerClaim& claim) {
  return find_token_string(context, claim).has_value();
}

store::Token require_bearer(const Context& context, const BearerClaim& claim,
                            const Requirement& requirement) {
  const auto token_string = find_token_string(context, claim);
  if (!token_string) throw Error(missing_token, "no bearer token came");
  auto token = context.db.read_latest(
      [&](db::Connection& connection) { return find_token(connection, *token_string); });
  if (!token || !token->is_active(context.now)) throw Error(invalid_token, "the token is not active");
  if (token->kind == "refresh") throw Error(invalid_token, "a refresh token is not for this");
  const std::string& issuer = context.settings.issuer;
  if (!has_audience(*token, requirement.resource.empty() ? issuer : requirement.resource, issuer)) {
    throw Error(invalid_token, "the token is meant for another audience");
  }
  require_scope(token->scope, requirement.scopes);
  context.last_use.note(*token, context.now);
  return std::move(*token);
}

Answer ping(const Context& context, const BearerClaim& claim) {
  require_bearer(context, claim);
  return {R"({"ping":"pong"})"};
}

Answer info(const Context& context, const BearerClaim& claim) {
  const store::Token token = require_bearer(context, claim);
  JsonText user;
  user.member("id", token.user_id.value_or(""));
  user.member("username", token.username.value_or(""));
  JsonText client;
  client.member("client_id", token.client_id.value_or(""));
  client.member("client_name", token.client_name.value_or(""));
  JsonText document;
  document.raw("user", token.user_id ? user.take() : "null");
  document.raw("client", token.client_id ? client.take() : "null");
  document.member("scopes", text::words(token.scope));
  return {document.take()};
}

}  // namespace oauth2::protocol
