#include "core/federation/oauth1_flow.h"

#include <doctest/doctest.h>

#include "core/crypto/hash.h"
#include "tests/federation/trip.h"

using namespace oauth2;
using Json = nlohmann::json;
using federation::oauth1_signature;
using federation::signature_base_string;
using protocol::Params;
using Response = StandIn::Response;

namespace {

// The parameters of an Authorization header, decoded.
federation::Pairs header_of(const std::string& authorization) {
  REQUIRE(authorization.starts_with("OAuth "));
  federation::Pairs pairs;
  for (std::string_view pair : text::split(std::string_view(authorization).substr(6), ',')) {
    pair = text::trim(pair);
    const auto equals = pair.find("=\"");
    REQUIRE(equals != pair.npos);
    pairs.emplace_back(pair.substr(0, equals),
                       *protocol::form_decode(pair.substr(equals + 2, pair.size() - equals - 3)));
  }
  return pairs;
}

std::string value_of(const federation::Pairs& pairs, std::string_view name) {
  for (const auto& [known, value] : pairs) {
    if (known == name) return value;
  }
  return "";
}

class OAuth1Trip : public Trip {
 public:
  std::string temporary = "oauth_token=temp&oauth_token_secret=temp-SECRET&oauth_callback_confirmed=true";

  OAuth1Trip() : Trip("oauth1") {
    provider.request_token_url = there.url("/initiate");
    provider.authorize_url = there.url("/authorize");
    provider.token_url = there.url("/token");
    provider.userinfo_url = there.url("/me?format=json");
    there.on("/initiate", [this](const StandIn::Request&) {
      return Response{200, temporary, "application/x-www-form-urlencoded"};
    });
    there.answer("/token", "oauth_token=token-SECRET%2F&oauth_token_secret=secret-SECRET");
    there.answer("/me", R"({"id":7,"username":"alice"})");
  }

  // What a provider would bring the browser back with.
  Params granted_by_verifier() {
    asked = start();
    const auto callback =
        value_of(header_of(there.requests("/initiate").back().authorization), "oauth_callback");
    return Params::parse(callback.substr(callback.find('?') + 1))
        .with("oauth_token", "temp")
        .with("oauth_verifier", "verifier-SECRET");
  }
  std::string outcome(const std::function<Params(const Params&)>& change) {
    return failure([&] { finish(change(granted_by_verifier())); });
  }
  std::string outcome() {
    return outcome([](const Params& query) { return query; });
  }
};

// Recomputes what was signed, as the provider does.
bool is_signed(const StandIn& there, const StandIn::Request& request, const std::string& token_secret) {
  federation::Pairs pairs = header_of(request.authorization);
  const std::string signature = value_of(pairs, "oauth_signature");
  std::erase_if(pairs, [](const auto& pair) { return pair.first == "oauth_signature"; });
  const std::string url = there.url(request.path + (request.query.empty() ? "" : "?" + request.query));
  return signature == oauth1_signature(value_of(pairs, "oauth_signature_method"),
                                       signature_base_string(request.method, url, pairs), "client-SECRET",
                                       token_secret);
}

}  // namespace

TEST_CASE("the signature base string is that of RFC 5849 section 3.4.1.1") {
  const federation::Pairs parameters = {{"oauth_consumer_key", "9djdj82h48djs9d2"},
                                        {"oauth_token", "kkk9d7dh3k39sjv7"},
                                        {"oauth_signature_method", "HMAC-SHA1"},
                                        {"oauth_timestamp", "137131201"},
                                        {"oauth_nonce", "7d8f3e4a"},
                                        {"c2", ""},
                                        {"a3", "2 q"}};
  CHECK(
      signature_base_string("POST", "http://example.com/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b",
                            parameters) ==
      "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D"
      "%26c%2540%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a"
      "%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7");
}

TEST_CASE("the base URI has scheme and host in lowercase, and no default port (section 3.4.1.2)") {
  const auto base = [](const char* url) {
    const std::string whole = signature_base_string("GET", url, {});
    return *protocol::form_decode(whole.substr(4, whole.rfind('&') - 4));
  };
  CHECK(base("HTTP://EXAMPLE.COM:80/r%20v/X?id=123") == "http://example.com/r%20v/X");
  CHECK(base("https://www.example.net:8080/?q=1") == "https://www.example.net:8080/");
  CHECK(base("https://example.net:443") == "https://example.net/");
  CHECK(base("https://example.net:80/") == "https://example.net:80/");
  CHECK(base("http://[::1]:9000/a") == "http://[::1]:9000/a");
}

TEST_CASE("HMAC-SHA1 signs as in RFC 5849 section 1.2") {
  const std::string initiate =
      signature_base_string("POST", "https://photos.example.net/initiate",
                            {{"oauth_consumer_key", "dpf43f3p2l4k3l03"},
                             {"oauth_signature_method", "HMAC-SHA1"},
                             {"oauth_timestamp", "137131200"},
                             {"oauth_nonce", "wIjqoS"},
                             {"oauth_callback", "http://printer.example.com/ready"}});
  CHECK(oauth1_signature("HMAC-SHA1", initiate, "kd94hf93k423kf44", "") == "74KNZJeDHnMBp0EMJ9ZHt/XKycU=");
  const std::string photos =
      signature_base_string("GET", "http://photos.example.net/photos?file=vacation.jpg&size=original",
                            {{"oauth_consumer_key", "dpf43f3p2l4k3l03"},
                             {"oauth_token", "nnch734d00sl2jdk"},
                             {"oauth_signature_method", "HMAC-SHA1"},
                             {"oauth_timestamp", "137131202"},
                             {"oauth_nonce", "chapoH"}});
  CHECK(oauth1_signature("HMAC-SHA1", photos, "kd94hf93k423kf44", "pfkkdhi9sl3r4s00") ==
        "MdpQcU8iPSUjWoN/UDMsK2sui9I=");
}

TEST_CASE("PLAINTEXT is the two secrets, and other methods are none") {
  CHECK(oauth1_signature("PLAINTEXT", "whatever", "djr9rjt0jd78jf88", "jjd999tj88uiths3") ==
        "djr9rjt0jd78jf88&jjd999tj88uiths3");
  CHECK(oauth1_signature("PLAINTEXT", "whatever", "djr9rjt0jd78jf88", "jjd99$tj88uiths3") ==
        "djr9rjt0jd78jf88&jjd99%24tj88uiths3");
  CHECK(oauth1_signature("PLAINTEXT", "whatever", "djr9rjt0jd78jf88", "") == "djr9rjt0jd78jf88&");
  CHECK_THROWS(oauth1_signature("RSA-SHA1", "whatever", "a", "b"));
}

TEST_CASE("three legs of OAuth 1.0a end with who it is") {
  for (const char* method : {"HMAC-SHA1", "PLAINTEXT"}) {
    CAPTURE(method);
    OAuth1Trip trip;
    trip.provider.signature_method = method;
    const Params query = trip.granted_by_verifier();
    CHECK(trip.url == trip.there.url("/authorize?oauth_token=temp"));
    const auto arrival = trip.finish(query);
    CHECK(arrival.identity.subject == "7");
    CHECK(arrival.identity.username == "alice");
    CHECK(arrival.tokens.access_token == "token-SECRET/");
    CHECK(arrival.tokens.token_secret == "secret-SECRET");

    const auto initiate = trip.there.requests("/initiate").at(0);
    CHECK(initiate.method == "POST");
    const auto first = header_of(initiate.authorization);
    CHECK(
        value_of(first, "oauth_callback").starts_with("https://here.example/oauth/authorized/there?state="));
    CHECK(value_of(first, "oauth_timestamp") == std::to_string(trip.now));
    CHECK(value_of(first, "oauth_token").empty());
    CHECK(is_signed(trip.there, initiate, ""));
    const auto token = trip.there.requests("/token").at(0);
    CHECK(value_of(header_of(token.authorization), "oauth_token") == "temp");
    CHECK(value_of(header_of(token.authorization), "oauth_verifier") == "verifier-SECRET");
    CHECK(is_signed(trip.there, token, "temp-SECRET"));
    const auto me = trip.there.requests("/me").at(0);
    CHECK(me.query == "format=json");
    CHECK(value_of(header_of(me.authorization), "oauth_token") == "token-SECRET/");
    CHECK(is_signed(trip.there, me, "secret-SECRET"));
    CHECK(value_of(header_of(me.authorization), "oauth_nonce") != value_of(first, "oauth_nonce"));
  }
}

TEST_CASE("a request token that is denied, or not confirmed, starts nothing") {
  OAuth1Trip trip;
  const auto refusal = [&] { return trip.failure([&] { trip.start(); }); };
  for (const char* wrong :
       {"oauth_token=temp&oauth_token_secret=SECRET", "", "{}",
        "oauth_token_secret=SECRET&oauth_callback_confirmed=true",
        "oauth_token=temp&oauth_token_secret=SECRET&oauth_callback_confirmed=false", "oauth_token=%zz",
        "oauth_token=te%0Amp&oauth_token_secret=SECRET&oauth_callback_confirmed=true",
        "oauth_token=a&oauth_token=b&oauth_callback_confirmed=true"}) {
    CAPTURE(wrong);
    trip.temporary = wrong;
    CHECK(refusal().starts_with("bad_answer: request token endpoint"));
  }
  for (const int status : {400, 401, 403}) {
    trip.there.answer("/initiate", Response{status, "SECRET"});
    CHECK(refusal() == "token_refused: request token endpoint: it answers " + std::to_string(status));
  }
  trip.there.answer("/initiate", Response{503, "SECRET"});
  CHECK(refusal() == "provider_down: request token endpoint: it answers 503");
}

TEST_CASE("an answer about another request token is refused, and redeems nothing") {
  OAuth1Trip trip;
  CHECK(trip.outcome([](const Params& query) { return query.with("oauth_token", "other"); })
            .starts_with("mixed_up"));
  CHECK(trip.outcome([](const Params& query) { return query.with("oauth_token", std::nullopt); })
            .starts_with("mixed_up"));
  CHECK(trip.outcome([](const Params& query) { return query.with("oauth_verifier", std::nullopt); }) ==
        "bad_answer: the answer has no oauth_verifier");
  CHECK(trip.there.count("/token") == 0);
  CHECK(trip.outcome() == "it went well");
}

TEST_CASE("the ways to say no of OAuth 1.0a") {
  OAuth1Trip trip;
  const auto said = [&](const char* name, const char* value) {
    return trip.outcome(
        [&](const Params& query) { return query.with("oauth_verifier", std::nullopt).with(name, value); });
  };
  CHECK(said("denied", "temp").starts_with("denied"));
  CHECK(said("oauth_problem", "user_refused").starts_with("denied"));
  CHECK(said("oauth_problem", "permission_denied").starts_with("denied"));
  CHECK(said("error", "access_denied").starts_with("denied"));
  CHECK(said("oauth_problem", "token_expired") == "bad_answer: the provider answers token_expired");
  CHECK(trip.there.count("/token") == 0);
}

TEST_CASE("an OAuth 1.0a answer counts once, and for the browser that it belongs to") {
  OAuth1Trip trip;
  const Params query = trip.granted_by_verifier();
  const auto own = trip.browser;
  trip.browser = account::stranger();
  CHECK(trip.failure([&] { trip.finish(query); }).starts_with("state_foreign"));
  trip.browser = own;
  CHECK(trip.failure([&] { trip.finish(query); }) == "it went well");
  CHECK(trip.failure([&] { trip.finish(query); }).starts_with("state_used"));
  CHECK(trip.there.count("/token") == 1);
}

TEST_CASE("a verifier that the provider refuses, and a token response that is none") {
  OAuth1Trip trip;
  trip.there.answer("/token", Response{401, "SECRET"});
  CHECK(trip.outcome() == "token_refused: token endpoint: it answers 401");
  trip.there.answer("/token", "oauth_token_secret=SECRET");
  CHECK(trip.outcome() == "bad_answer: token endpoint: its answer has no token");
  trip.there.answer("/token", "oauth_token=token-SECRET&oauth_token_secret=");
  CHECK(trip.outcome() == "it went well");
  trip.there.answer("/me", Response{401, "{}"});
  CHECK(trip.outcome() == "token_refused: userinfo endpoint: it answers 401");
  trip.there.answer("/me", "{}");
  CHECK(trip.outcome().starts_with("no_identity"));
}
