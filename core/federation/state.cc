#include "core/federation/state.h"

#include <nlohmann/json.hpp>

#include "core/account/sign_in.h"
#include "core/crypto/base64url.h"
#include "core/crypto/hash.h"
#include "core/crypto/jwt.h"
#include "core/crypto/random.h"
#include "core/crypto/seal.h"
#include "core/json_text.h"
#include "core/store/request_tokens.h"
#include "core/store/used_states.h"

namespace oauth2::federation {
namespace {

constexpr std::int64_t state_seconds = 300;
constexpr std::size_t jti_size = 22;

std::string derive(const account::Browser& browser, std::string_view info, std::string_view jti = {}) {
  return crypto::derive_key(browser.secret, session_name(browser) + "\n" + std::string(jti), info);
}

std::string state_key(const account::Browser& browser) {
  return derive(browser, "states of sign-ins with a provider");
}

std::string state_hash(const State& state) { return crypto::sha256_base64url(state.jti); }

std::string place_of_request_token(const State& state) { return "request_tokens/" + state_hash(state); }

std::string request_token_key(const account::Browser& browser, const State& state) {
  return derive(browser, "request tokens of providers", state.jti);
}

}  // namespace

State new_state(const Context& context, const std::string& provider, const StateClaims& claims) {
  State state{crypto::random_base62(jti_size), provider, claims, context.now + state_seconds};
  state.claims.next = account::local_path(claims.next);
  return state;
}

std::string sign_state(const account::Browser& browser, const State& state) {
  JsonText claims;
  claims.member("jti", state.jti);
  claims.member("provider", state.provider);
  claims.member("next", state.claims.next);
  claims.member("purpose", state.claims.purpose == Purpose::link ? "link" : "sign_in");
  claims.member("remember", state.claims.remember);
  claims.member("sid", session_name(browser));
  claims.member("exp", state.expires_at);
  return crypto::sign_jwt_hs256(state_key(browser), claims.take());
}

State open_state(const Context& context, const account::Browser& browser, const std::string& provider,
                 const protocol::Params& query) {
  const auto jwt = query.find("state");
  if (!jwt) throw Failure(FailureKind::state_missing, "the answer has no state");
  const auto claims = crypto::verify_jwt_hs256(state_key(browser), *jwt);
  if (!claims) throw Failure(FailureKind::state_foreign, "the state is not of this browser session");
  // Ours, as its signature says; so it is well-formed and all members are there.
  const auto document = nlohmann::json::parse(*claims);
  State state;
  state.jti = document.at("jti");
  state.provider = document.at("provider");
  state.claims.next = document.at("next");
  state.claims.purpose = document.at("purpose") == "link" ? Purpose::link : Purpose::sign_in;
  state.claims.remember = document.at("remember");
  state.expires_at = document.at("exp");
  if (document.at("sid") != session_name(browser))
    throw Failure(FailureKind::state_foreign, "the state is of another session");
  if (state.expires_at <= context.now) throw Failure(FailureKind::state_expired, "the state has expired");
  if (state.provider != provider)
    throw Failure(FailureKind::mixed_up, "the state is of a sign-in with another provider");
  return state;
}

std::optional<std::string> use_state(const Context& context, const account::Browser& browser,
                                     const State& state) {
  const std::string hash = state_hash(state);
  struct Used {
    bool is_first = false;
    std::optional<std::string> token_sealed;
  };
  const Used used = context.db.write([&](db::Connection& connection) -> Used {
    if (!store::use_state(connection, hash, state.expires_at)) return {};
    return {true, store::take_request_token(connection, hash)};
  });
  if (!used.is_first) throw Failure(FailureKind::state_used, "the state was used before");
  if (!used.token_sealed) return std::nullopt;
  return crypto::open(request_token_key(browser, state), *used.token_sealed, place_of_request_token(state));
}

void keep_with_state(const Context& context, const account::Browser& browser, const State& state,
                     std::string_view text) {
  const std::string sealed =
      crypto::seal(request_token_key(browser, state), text, place_of_request_token(state));
  context.db.write([&](db::Connection& connection) {
    store::insert_request_token(connection, {state_hash(state), sealed, state.expires_at});
  });
}

std::string nonce(const account::Browser& browser, const State& state) {
  return crypto::base64url(derive(browser, "nonces for ID tokens", state.jti));
}

std::string code_verifier(const account::Browser& browser, const State& state) {
  return crypto::base64url(derive(browser, "PKCE code verifiers", state.jti));
}

}  // namespace oauth2::federation
