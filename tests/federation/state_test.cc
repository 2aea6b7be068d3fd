#include "core/federation/state.h"

#include <doctest/doctest.h>

#include <atomic>
#include <nlohmann/json.hpp>
#include <set>

#include "core/crypto/jwt.h"
#include "tests/federation/trip.h"

using namespace oauth2;
using federation::Purpose;
using federation::State;
using protocol::Params;

namespace {

// At an OAuth 2.0 provider, which need not be asked before the browser comes back.
class Plain : public Trip {
 public:
  Plain() : Trip("oauth2") {
    provider.authorize_url = there.url("/authorize");
    provider.token_url = there.url("/token");
    provider.userinfo_url = there.url("/me");
    there.answer("/token", R"({"access_token":"token-SECRET","token_type":"Bearer"})");
    there.answer("/me", R"({"sub":"42"})");
  }

  State open(const std::string& state) {
    return federation::open_state(context(), browser, provider.name, Params().with("state", state));
  }
  std::string refusal(const std::string& state) {
    return failure([&] { open(state); });
  }
  std::string new_state(const federation::StateClaims& claims = {}) { return *start(claims).find("state"); }
};

}  // namespace

TEST_CASE("a state brings back what the browser was about") {
  Plain trip;
  const State state = trip.open(trip.new_state({"/account?x=1", Purpose::link, true}));
  CHECK(state.claims.next == "/account?x=1");
  CHECK(state.claims.purpose == Purpose::link);
  CHECK(state.claims.remember);
  CHECK(state.provider == "there");
  const State other = trip.open(trip.new_state());
  CHECK(other.claims.next == "/");
  CHECK(other.claims.purpose == Purpose::sign_in);
  CHECK_FALSE(other.claims.remember);
  CHECK(other.jti != state.jti);
}

TEST_CASE("next is a path of this server, or /") {
  Plain trip;
  for (const char* next : {"//evil.example", "https://evil.example", "/\\evil.example", "/%09/evil.example",
                           "javascript:alert(1)", "", "\r\n"}) {
    CAPTURE(next);
    CHECK(trip.open(trip.new_state({next, Purpose::sign_in, false})).claims.next == "/");
  }
}

TEST_CASE("a state lives for 300 seconds, to the second") {
  Plain trip;
  const std::string state = trip.new_state();
  trip.now += 299;
  trip.open(state);
  trip.now += 1;
  CHECK(trip.refusal(state).starts_with("state_expired"));
}

TEST_CASE("another browser's try is refused, and burns nothing") {
  Plain trip;
  const Params query = trip.granted();
  const auto own = trip.browser;
  trip.browser = account::stranger();
  CHECK(trip.failure([&] { trip.finish(query); }).starts_with("state_foreign"));
  CHECK(trip.there.count() == 0);
  trip.browser = own;
  CHECK(trip.finish(query).identity.subject == "42");
}

TEST_CASE("another session of the same browser is another browser") {
  Plain trip;
  const std::string state = trip.new_state();
  store::Session session;
  session.id = "s1";
  session.user_id = "u1";
  trip.browser.session = session;  // even where the cookie stays
  CHECK(trip.refusal(state).starts_with("state_foreign"));
  const std::string own = trip.new_state();
  trip.open(own);
  trip.browser.session->id = "s2";
  CHECK(trip.refusal(own).starts_with("state_foreign"));
}

TEST_CASE("a state is used once, and before anybody is asked") {
  Plain trip;
  const Params query = trip.granted();
  trip.there.answer("/token", StandIn::Response{500, "{}"});
  CHECK(trip.failure([&] { trip.finish(query); }).starts_with("provider_down"));
  CHECK(trip.failure([&] { trip.finish(query); }).starts_with("state_used"));
  CHECK(trip.there.count("/token") == 1);
}

TEST_CASE("a refusal by the person uses the state up too") {
  Plain trip;
  const Params query = trip.granted();
  const Params denied = query.with("code", std::nullopt).with("error", "access_denied");
  CHECK(trip.failure([&] { trip.finish(denied); }).starts_with("denied"));
  CHECK(trip.failure([&] { trip.finish(query); }).starts_with("state_used"));
  CHECK(trip.there.count() == 0);
}

TEST_CASE("a state is for the provider that it was made for, and stays good for that one") {
  Plain trip;
  const Params query = trip.granted();
  const auto own = trip.provider;
  trip.provider.name = "elsewhere";
  CHECK(trip.failure([&] { trip.finish(query); }).starts_with("mixed_up"));
  trip.provider = own;
  CHECK(trip.finish(query).identity.subject == "42");
}

TEST_CASE("an answer without state was never asked for") {
  Plain trip;
  CHECK(
      trip.failure([&] { trip.finish(Params().with("code", "code-SECRET")); }).starts_with("state_missing"));
  CHECK(trip.there.count() == 0);
}

TEST_CASE("a state that was changed is nobody's") {
  Plain trip;
  const std::string state = trip.new_state();
  const auto parts = text::split(state, '.');
  REQUIRE(parts.size() == 3);
  auto claims = nlohmann::json::parse(*crypto::base64url_decode(parts[1]));
  claims["next"] = "/elsewhere";
  const std::string changed = crypto::base64url(claims.dump());
  const std::string none = crypto::base64url(R"({"alg":"none"})");
  const std::string head(parts[0]), body(parts[1]), signature(parts[2]);
  for (const std::string& wrong :
       {head + "." + changed + "." + signature, none + "." + changed + ".", none + "." + body + ".",
        crypto::sign_jwt_hs256("", claims.dump()), crypto::sign_jwt_hs256(trip.browser.secret, claims.dump()),
        state.substr(0, state.size() - 1), state + "A", std::string("x"), std::string("..")}) {
    CAPTURE(wrong);
    CHECK(trip.refusal(wrong).starts_with("state_foreign"));
  }
}

TEST_CASE("a CSRF token of the browser is no state") {
  Plain trip;
  CHECK(trip.refusal(account::csrf_token(trip.context(), trip.browser)).starts_with("state_foreign"));
}

TEST_CASE("a parameter that came twice makes an answer that nobody reads") {
  Plain trip;
  const std::string query = trip.granted().encode();
  for (const char* more : {"&code=other", "&iss=a&iss=b"}) {
    const Params doubled = Params::parse_noting_repeats(query + more);
    CHECK(trip.failure([&] { trip.finish(doubled); }).starts_with("bad_answer"));
  }
  CHECK(trip.there.count() == 0);
}

TEST_CASE("nonce and code verifier are of one trip of one browser") {
  Plain trip;
  const State one = federation::new_state(trip.context(), "there", {});
  const State two = federation::new_state(trip.context(), "there", {});
  const auto other = account::stranger();
  std::set<std::string> values;
  for (const State& state : {one, two}) {
    for (const auto& browser : {trip.browser, other}) {
      values.insert(federation::nonce(browser, state));
      values.insert(federation::code_verifier(browser, state));
    }
  }
  CHECK(values.size() == 8);
  CHECK(federation::nonce(trip.browser, one) == federation::nonce(trip.browser, one));
  CHECK(federation::code_verifier(trip.browser, one).size() == 43);
}

TEST_CASE("what is kept with a state is given out once, to the browser that it belongs to") {
  Plain trip;
  const State state = federation::new_state(trip.context(), "there", {});
  federation::keep_with_state(trip.context(), trip.browser, state, "kept-SECRET");
  CHECK(federation::use_state(trip.context(), trip.browser, state) == "kept-SECRET");
  CHECK(trip.failure([&] { federation::use_state(trip.context(), trip.browser, state); })
            .starts_with("state_used"));
  const State next = federation::new_state(trip.context(), "there", {});
  federation::keep_with_state(trip.context(), trip.browser, next, "kept-SECRET");
  CHECK(federation::use_state(trip.context(), account::stranger(), next) == std::nullopt);
}
