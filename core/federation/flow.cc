#include "core/federation/flow.h"

#include <algorithm>

#include "core/federation/id_token.h"
#include "core/federation/oauth1_flow.h"
#include "core/federation/oauth2_flow.h"
#include "core/federation/profile.h"

namespace oauth2::federation {
namespace {

using account::Browser;
using protocol::Params;

AuthorizationRequest request_of(const Context& context, const Browser& browser, const Preset& preset,
                                const State& state) {
  AuthorizationRequest request;
  request.redirect_uri = redirect_uri(context.settings, state.provider);
  request.state = sign_state(browser, state);
  if (preset.kind == Kind::oidc) request.nonce = nonce(browser, state);
  if (preset.pkce) request.code_verifier = code_verifier(browser, state);
  return request;
}

// RFC 9207 section 2.4.
void check_iss(const Endpoints& endpoints, const Params& query) {
  const auto iss = query.find("iss");
  if (iss && !endpoints.issuer.empty() && *iss != endpoints.issuer)
    throw Failure(FailureKind::mixed_up, "the answer is of another provider: its 'iss' is another one");
  if (!iss && endpoints.iss_is_required)
    throw Failure(FailureKind::mixed_up, "the answer lacks 'iss', which the provider's metadata promises");
}

// RFC 6749 section 4.1.2.
std::string require_code(const Params& query) {
  if (const auto error = query.find("error")) {
    if (*error == "access_denied") throw Failure(FailureKind::denied, "the person said no at the provider");
    const bool is_down = *error == "temporarily_unavailable" || *error == "server_error";
    throw Failure(is_down ? FailureKind::provider_down : FailureKind::bad_answer,
                  "the provider answers " + shown_error(*error));
  }
  const auto code = query.find("code");
  if (!code) throw Failure(FailureKind::bad_answer, "the answer has neither 'code' nor 'error'");
  return *code;
}

Arrival finish_oauth2(const Context& context, const Browser& browser, const Remote& remote,
                      const State& state, const Params& query) {
  const Endpoints endpoints = find_endpoints(remote);
  check_iss(endpoints, query);
  const AuthorizationRequest request = request_of(context, browser, *remote.provider.preset, state);
  const TokenAnswer answer = redeem_code(remote, endpoints, require_code(query), request);
  const std::string& access_token = answer.tokens.access_token;
  if (remote.provider.preset->kind != Kind::oidc)
    return {oauth2_identity(remote, endpoints, answer.document, access_token), answer.tokens, state.claims};
  const JsonDocument claims =
      verify_id_token(remote, endpoints, answer.document.require_text("id_token"), request.nonce);
  return {openid_identity(remote, endpoints, claims, access_token), answer.tokens, state.claims};
}

// A request token as it is kept between the two redirects; the token has no control character.
std::string kept_text(const Credentials& temporary) { return temporary.token + "\n" + temporary.secret; }

Credentials read_kept(const std::string& text) {
  const auto end = std::min(text.find('\n'), text.size());
  return {text.substr(0, end), text.substr(std::min(end + 1, text.size()))};
}

Start begin_oauth1(const Context& context, const Browser& browser, const Remote& remote, const State& state) {
  const std::string callback = with_query(redirect_uri(context.settings, state.provider),
                                          Params().with("state", sign_state(browser, state)).encode());
  const Credentials temporary = request_token(remote, callback);
  keep_with_state(context, browser, state, kept_text(temporary));
  return {oauth1_authorization_url(remote, temporary.token)};
}

Arrival finish_oauth1(const Remote& remote, const State& state, const std::optional<std::string>& kept,
                      const Params& query) {
  if (!kept) throw Failure(FailureKind::state_expired, "the request token of this sign-in is gone");
  const Credentials credentials = redeem_verifier(remote, read_kept(*kept), query);
  RemoteTokens tokens;
  tokens.access_token = credentials.token;
  tokens.token_secret = credentials.secret;
  return {read_identity(*remote.provider.preset, ask_as_user(remote, credentials)), tokens, state.claims};
}

}  // namespace

std::string redirect_uri(const Settings& settings, std::string_view provider) {
  return settings.issuer + "/oauth/authorized/" + std::string(provider);
}

Start begin(const Context& context, const Browser& browser, const store::Provider& provider,
            const StateClaims& claims) {
  const Remote remote = reach(context.outside, provider, context.now);
  const State state = new_state(context, provider.name, claims);
  const Preset& preset = *remote.provider.preset;
  if (preset.kind == Kind::oauth1) return begin_oauth1(context, browser, remote, state);
  try {
    return {authorization_url(remote, find_endpoints(remote), request_of(context, browser, preset, state))};
  } catch (const WrongMember& wrong) {
    throw Failure(wrong);
  }
}

Arrival finish(const Context& context, const Browser& browser, const store::Provider& provider,
               const Params& query) {
  if (!query.repeated().empty()) throw Failure(FailureKind::bad_answer, "the answer has a parameter twice");
  const State state = open_state(context, browser, provider.name, query);
  const Remote remote = reach(context.outside, provider, context.now);
  // Before anybody is asked: the code is for one use anyway, and of racing requests one goes on.
  const auto kept = use_state(context, browser, state);
  try {
    if (remote.provider.preset->kind == Kind::oauth1) return finish_oauth1(remote, state, kept, query);
    return finish_oauth2(context, browser, remote, state, query);
  } catch (const WrongMember& wrong) {
    throw Failure(wrong);
  }
}

}  // namespace oauth2::federation
