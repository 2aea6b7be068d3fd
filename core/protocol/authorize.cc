#include "core/protocol/authorize.h"

#include <algorithm>

#include "core/crypto/hash.h"
#include "core/crypto/random.h"
#include "core/crypto/time_code.h"
#include "core/crypto/token_string.h"
#include "core/protocol/issue.h"
#include "core/protocol/redirect_uri.h"
#include "core/protocol/scope.h"
#include "core/store/codes.h"
#include "core/store/consents.h"
#include "core/text.h"

namespace oauth2::protocol {
namespace {

constexpr std::string_view path = "/oauth/authorize";
constexpr std::size_t longest_next = 1500;  // in a URL that carries it encoded once more
constexpr std::size_t id_size = 22;
constexpr auto too_many = "too many stored authorization requests";

std::vector<std::string> allowed_before(db::Connection& connection, std::string_view user_id,
                                        std::string_view client_id) {
  const auto consent = store::find_consent_of(connection, user_id, client_id);
  return consent ? text::words(consent->scope) : std::vector<std::string>();
}

// Where the client's identity cannot be known, the user is asked every time (RFC 8252 section 8.6).
bool may_remember(const AuthorizationRequest& request) {
  return !request.client.is_public() || !is_private_use_uri(request.redirect_uri);
}

bool needs_consent(db::Connection& connection, const AuthorizationRequest& request,
                   std::string_view user_id) {
  if (!may_remember(request)) return true;
  if (request.client.skip_consent) return false;
  // None at all is no consent to an empty scope: nobody was asked yet.
  const auto consent = store::find_consent_of(connection, user_id, request.client.id);
  return !consent || !covers(text::words(consent->scope), request.scope);
}

void remember_consent(const Context& context, db::Connection& connection, const AuthorizationRequest& request,
                      const std::string& user_id) {
  const auto before = store::find_consent_of(connection, user_id, request.client.id);
  store::Consent consent;
  consent.id = crypto::random_base62(id_size);
  consent.user_id = user_id;
  consent.client_id = request.client.id;
  // Otherwise the row only gives the user something to revoke. Nobody was asked where consent is skipped.
  const bool asks_each_time = !may_remember(request);
  if (!asks_each_time && !request.client.skip_consent) consent.scope = text::join(request.scope);
  consent.created_at = consent.updated_at = context.now;
  const auto after = store::insert_or_widen_consent(connection, consent);
  if (!before || before->scope != after.scope || asks_each_time)
    record(connection, context, "user:" + user_id, "grant.allow", "client:" + request.client.id);
}

// RFC 6749 section 4.1.2.
std::string give_code(const Context& context, db::Connection& connection, const AuthorizationRequest& request,
                      const std::string& user_id) {
  const std::string secret = crypto::make_token_string(crypto::TokenKind::authorization_code);
  store::AuthorizationCode code;
  code.code_hash = crypto::sha256_base64url(secret);
  code.client_id = request.client.id;
  code.user_id = user_id;
  code.redirect_uri = request.redirect_uri_sent;
  code.scope = text::join(request.scope);
  code.audience = request.audience;
  code.code_challenge = request.code_challenge;
  code.family_id = crypto::ordered_id();
  code.created_at = context.now;
  code.expires_at = context.now + context.settings.authorization_code_ttl;
  store::insert_authorization_code(connection, code);
  return authorization_response(context, request, {{"code", secret}});
}

Claim implicit_claim(const AuthorizationRequest& request, const std::string& user_id) {
  Claim claim;
  claim.scope = request.scope;
  claim.audience = request.audience;
  claim.user_id = user_id;
  return claim;
}

// What allowing the request will give, made before the transaction, which others wait for. A code is made in
// no time. Throws RefusedRequest.
NewTokens tokens_of(const Context& context, const AuthorizationRequest& request, const std::string& user_id) {
  if (!request.in_fragment()) return {};
  const Claim claim = implicit_claim(request, user_id);
  NewTokens made = make_tokens(request.client, claim);
  try {
    sign_tokens(context, request.client, claim, made);
  } catch (const Error& error) {
    throw RefusedRequest(error, authorization_error(context, request, error));
  }
  return made;
}

// RFC 6749 section 4.2.2.
std::string give_token(const Context& context, db::Connection& connection,
                       const AuthorizationRequest& request, const std::string& user_id,
                       const NewTokens& made) {
  const Claim claim = implicit_claim(request, user_id);
  const Issued issued = issue_implicit(context, connection, request.client, claim, made);
  return authorization_response(context, request,
                                {{"access_token", issued.access_token},
                                 {"token_type", "Bearer"},
                                 {"expires_in", std::to_string(issued.expires_in)},
                                 {"scope", issued.scope}});
}

GoToClient give(const Context& context, db::Connection& connection, const AuthorizationRequest& request,
                const std::string& user_id, const NewTokens& made) {
  remember_consent(context, connection, request, user_id);
  return {request.in_fragment() ? give_token(context, connection, request, user_id, made)
                                : give_code(context, connection, request, user_id),
          ""};
}

// The session may have ended, and its user have been disabled, since the request came in.
bool is_still_signed_in(const Context& context, db::Connection& connection, const store::Session& session) {
  const auto now = store::find_session(connection, session.id);
  return now && now->is_active(context.now);
}

// Stores the request and answers the path that names it.
std::string stored_path(const Context& context, const RequestSource& source) {
  return std::string(path) + "?request_id=" + context.db.write([&](db::Connection& connection) {
    return store_request(context, connection, source.params.require("client_id"), source, std::nullopt);
  });
}

std::string local_path(const Context& context, const Params& params, const RequestSource& source,
                       bool keeps_address) {
  const std::string client_id = source.params.require("client_id");
  // A pushed request must be opened soon; who did may take longer to sign in.
  if (keeps_address && source.pushed && params.has("client_id") &&
      !take_limit(context, context.limits.authorize, client_id))
    return stored_path(context, source);
  // By the name it has, if it has one: no copy of it.
  const Params named =
      params.has("client_id") ? params.only({"client_id", "request_uri"}) : params.only({"request_id"});
  const std::string query = (source.hash ? named : source.params).encode();
  if (query.size() <= longest_next) return std::string(path) + "?" + query;
  spend_limit(context, context.limits.authorize, client_id, too_many);
  return stored_path(context, source);
}

// nullopt when the user must be asked after all: what was allowed before was withdrawn a moment ago.
std::optional<Authorization> give_at_once(const Context& context, const RequestSource& source,
                                          const AuthorizationRequest& judged, const store::Session& session) {
  const NewTokens made = tokens_of(context, judged, *session.user_id);
  return context.db.write([&](db::Connection& connection) -> std::optional<Authorization> {
    if (!is_still_signed_in(context, connection, session)) return Stale::another_session;
    const auto request = require_authorization_request(context, connection, source.params, source.pushed);
    if (needs_consent(connection, request, *session.user_id)) return std::nullopt;
    if (source.hash && !store::use_authorization_request(connection, *source.hash, context.now))
      return Stale::answered;
    return give(context, connection, request, *session.user_id, made);
  });
}

// What allowing the stored request will give, where that is a token; absent, too, when the request is not
// this session's to allow.
std::optional<NewTokens> find_tokens_of(const Context& context, std::string_view request_id,
                                        const store::Session& session) {
  const auto request =
      context.db.read_latest([&](db::Connection& connection) -> std::optional<AuthorizationRequest> {
        const auto stored = store::find_authorization_request(connection, request_hash_of(request_id));
        if (staleness(context, connection, stored) || stored->session_id != session.id) return std::nullopt;
        const Params params = Params::parse_noting_repeats(stored->parameters);
        if (params.find("response_type") != "token") return std::nullopt;
        if (!is_still_signed_in(context, connection, session)) return std::nullopt;
        return require_authorization_request(context, connection, params, stored->pushed);
      });
  return request ? std::optional(tokens_of(context, *request, *session.user_id)) : std::nullopt;
}

// What is stored says what the page says, so that nobody changes in between what the user allows.
Authorization ask(const Context& context, RequestSource source, const AuthorizationRequest& request,
                  const store::Session& session) {
  spend_limit(context, context.limits.authorize, "user:" + *session.user_id, "too many consent pages");
  source.params =
      source.params.with("scope", text::join(request.scope)).with(shown_redirect_uri, request.redirect_uri);
  AskConsent consent;
  consent.request = request;
  consent.request_id = context.db.write([&](db::Connection& connection) {
    return store_request(context, connection, request.client.id, source, session.id);
  });
  consent.scopes = context.db.read_latest([&](db::Connection& connection) {
    return consent_scopes(connection, request.scope, *session.user_id, request.client.id);
  });
  return consent;
}

}  // namespace

std::vector<ConsentScope> consent_scopes(db::Connection& connection, const std::vector<std::string>& scope,
                                         std::string_view user_id, std::string_view client_id) {
  const auto before = allowed_before(connection, user_id, client_id);
  std::vector<ConsentScope> scopes;
  for (store::Scope& each : store::find_scopes(connection, scope)) {
    const bool is_new = !covers(before, {each.name});
    scopes.push_back({std::move(each), is_new});
  }
  std::sort(scopes.begin(), scopes.end(), [](const ConsentScope& a, const ConsentScope& b) {
    return std::tie(a.scope.group, a.scope.name) < std::tie(b.scope.group, b.scope.name);
  });
  return scopes;
}

Authorization authorize(const Context& context, const Params& params, const store::Session* session,
                        bool keeps_address) {
  struct Judged {
    AuthorizationRequest request;
    bool asks = false;
  };
  try {
    const auto found = context.db.read_latest(
        [&](db::Connection& connection) { return find_source(context, connection, params); });
    if (const auto* stale = std::get_if<Stale>(&found)) return *stale;
    const auto& source = std::get<RequestSource>(found);
    const auto judged = context.db.read_latest([&](db::Connection& connection) {
      Judged out{require_authorization_request(context, connection, source.params, source.pushed)};
      out.asks = session && needs_consent(connection, out.request, *session->user_id);
      return out;
    });
    if (!session) return SignInFirst{local_path(context, params, source, keeps_address)};
    if (!judged.asks) {
      if (auto given = give_at_once(context, source, judged.request, *session)) return *given;
    }
    // Counted by itself: the page that follows is counted too.
    if (keeps_address && !source.hash) {
      spend_limit(context, context.limits.authorize, "user:" + *session->user_id + " address", too_many);
      return AskThere{stored_path(context, source)};
    }
    return ask(context, source, judged.request, *session);
  } catch (const RefusedRequest& refused) {
    return GoToClient{refused.location, refused.what()};
  }
}

Authorization decide(const Context& context, std::string_view request_id, const store::Session& session,
                     bool allow) {
  try {
    const auto made = allow ? find_tokens_of(context, request_id, session) : std::nullopt;
    return context.db.write([&](db::Connection& connection) -> Authorization {
      const auto stored = store::find_authorization_request(connection, request_hash_of(request_id));
      if (const auto stale = staleness(context, connection, stored)) return *stale;
      if (stored->session_id != session.id || !is_still_signed_in(context, connection, session))
        return Stale::another_session;
      const Params params = Params::parse_noting_repeats(stored->parameters);
      const auto request = require_authorization_request(context, connection, params, stored->pushed);
      if (params.find(shown_redirect_uri) != request.redirect_uri ||
          params.find("scope").value_or("") != text::join(request.scope))
        return Stale::changed;
      if (allow && request.in_fragment() && !made) return Stale::changed;
      const bool won = store::use_authorization_request(connection, stored->request_hash, context.now) &&
                       (!stored->source_hash ||
                        store::use_authorization_request(connection, *stored->source_hash, context.now));
      if (!won) return Stale::answered;
      store::use_same_authorization_requests(connection, session.id, stored->parameters, context.now);
      if (allow) return give(context, connection, request, *session.user_id, made.value_or(NewTokens()));
      const Error denied(access_denied, "the user did not allow it");
      return GoToClient{authorization_error(context, request, denied), denied.what()};
    });
  } catch (const RefusedRequest& refused) {
    return GoToClient{refused.location, refused.what()};
  }
}

std::optional<AuthorizationRequest> request_behind(const Context& context, std::string_view next) {
  if (!next.starts_with(path) || next.substr(path.size(), 1) != "?") return std::nullopt;
  try {
    const Params params = Params::parse_noting_repeats(next.substr(path.size() + 1));
    return context.db.read_latest([&](db::Connection& connection) -> std::optional<AuthorizationRequest> {
      const auto found = find_source(context, connection, params);
      const auto* source = std::get_if<RequestSource>(&found);
      if (!source) return std::nullopt;
      return require_trusted_redirect(context, connection, source->params);
    });
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace oauth2::protocol
