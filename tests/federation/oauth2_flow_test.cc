#include "core/federation/oauth2_flow.h"

#include <doctest/doctest.h>

#include "tests/federation/trip.h"

using namespace oauth2;
using Json = nlohmann::json;
using protocol::Params;
using Response = StandIn::Response;

namespace {

// GitHub as its documents describe it.
class GitHubTrip : public Trip {
 public:
  Json user = {{"id", 583231}, {"login", "octocat"}, {"name", "The Octocat"}, {"email", "public@x.example"}};

  GitHubTrip() : Trip("github") {
    provider.authorize_url = there.url("/login/oauth/authorize");
    provider.token_url = there.url("/login/oauth/access_token");
    provider.userinfo_url = there.url("/user");
    there.answer("/login/oauth/access_token",
                 R"({"access_token":"gho-SECRET","scope":"read:user,user:email","token_type":"bearer"})");
    there.on("/user", [this](const StandIn::Request&) { return Response{200, user.dump()}; });
    there.answer("/user/emails",
                 R"([{"email":"old@x.example","primary":false,"verified":true,"visibility":null},
                     {"email":"octocat@x.example","primary":true,"verified":true,"visibility":"public"}])");
  }
};

// ORCID's public API: the iD is in the token response, and there is nothing to ask for.
class OrcidTrip : public Trip {
 public:
  Json token_response = {{"access_token", "orcid-SECRET"},    {"token_type", "bearer"},
                         {"refresh_token", "refresh-SECRET"}, {"expires_in", 631138518},
                         {"scope", "/authenticate"},          {"name", "Sofia Garcia"},
                         {"orcid", "0000-0001-2345-6789"}};

  OrcidTrip() : Trip("orcid") {
    provider.authorize_url = there.url("/oauth/authorize");
    provider.token_url = there.url("/oauth/token");
    there.on("/oauth/token", [this](const StandIn::Request&) {
      return Response{200, token_response.dump()};
    });
  }
};

}  // namespace

TEST_CASE("GitHub: the id is a number, and the address is the primary one of the list") {
  GitHubTrip trip;
  const auto arrival = trip.arrive();
  CHECK(arrival.identity.subject == "583231");
  CHECK(arrival.identity.username == "octocat");
  CHECK(arrival.identity.name == "The Octocat");
  CHECK(arrival.identity.email == "octocat@x.example");
  CHECK(arrival.identity.email_verified);
  CHECK(arrival.tokens.access_token == "gho-SECRET");
  CHECK(arrival.tokens.expires_at == std::nullopt);
  const auto request = trip.there.requests("/login/oauth/access_token").at(0);
  const Params form = Params::parse(request.body);
  CHECK(form.find("client_id") == "our-id");
  CHECK(form.find("client_secret") == "client-SECRET");
  CHECK(request.authorization.empty());
  CHECK(request.head.find("\r\nAccept: application/json\r\n") != std::string::npos);  // else it sends a form
  const auto user = trip.there.requests("/user").at(0);
  CHECK(user.authorization == "Bearer gho-SECRET");
  CHECK(user.head.find("\r\nUser-Agent: ") != std::string::npos);  // else it answers 403
  CHECK(trip.there.requests("/user/emails").at(0).authorization == "Bearer gho-SECRET");
}

TEST_CASE("GitHub: an error comes with status 200") {
  GitHubTrip trip;
  trip.there.answer("/login/oauth/access_token",
                    R"({"error":"bad_verification_code","error_description":"The code code-SECRET is bad.",
                        "error_uri":"https://docs.example/"})");
  CHECK(trip.failure() == "token_refused: token endpoint: it answers bad_verification_code");
  trip.there.answer("/login/oauth/access_token", R"({"error":"incorrect_client_credentials"})");
  CHECK(trip.failure() == "token_refused: token endpoint: it answers incorrect_client_credentials");
}

TEST_CASE("GitHub: an address is verified by the list alone") {
  const auto identity = [](const Response& list) {
    GitHubTrip trip;
    trip.user["email_verified"] = true;
    trip.there.answer("/user/emails", list);
    return trip.arrive().identity;
  };
  auto found = identity({200, R"([{"email":"a@x.example","primary":true,"verified":false},
                                  {"email":"b@x.example","primary":false,"verified":true}])"});
  CHECK(found.email == "a@x.example");
  CHECK_FALSE(found.email_verified);
  for (const Response& none :
       {Response{200, "[]"}, Response{200, "[7,null]"}, Response{403, "{}"}, Response{404, "{}"},
        Response{200, R"([{"email":"b@x.example","verified":true}])"}}) {
    CAPTURE(none.body);
    found = identity(none);
    CHECK(found.email == "public@x.example");
    CHECK_FALSE(found.email_verified);
  }
  found = identity({200, R"([{"email":null,"primary":true,"verified":true}])"});
  CHECK(found.email == std::nullopt);
  CHECK_FALSE(found.email_verified);
}

TEST_CASE("GitHub: a list that is none is refused") {
  GitHubTrip trip;
  trip.there.answer("/user/emails", R"({"message":"SECRET"})");
  CHECK(trip.failure() == "bad_answer: list of e-mail addresses: it is no JSON array");
  trip.there.answer("/user/emails", Response{401, "{}"});
  CHECK(trip.failure() == "token_refused: list of e-mail addresses: it answers 401");
}

TEST_CASE("GitHub: who has no name and shows no address is somebody nevertheless") {
  GitHubTrip trip;
  trip.user["name"] = nullptr;
  trip.user["email"] = nullptr;
  trip.there.answer("/user/emails", "[]");
  const auto identity = trip.arrive().identity;
  CHECK(identity.subject == "583231");
  CHECK(identity.name == std::nullopt);
  CHECK(identity.email == std::nullopt);
}

TEST_CASE("ORCID: the iD stands in the token response, and there is no address") {
  OrcidTrip trip;
  const auto arrival = trip.arrive();
  CHECK(arrival.identity.subject == "0000-0001-2345-6789");
  CHECK(arrival.identity.name == "Sofia Garcia");
  CHECK(arrival.identity.username == std::nullopt);
  CHECK(arrival.identity.email == std::nullopt);
  CHECK(arrival.tokens.refresh_token == "refresh-SECRET");
  CHECK(arrival.tokens.expires_at == trip.now + 631138518);
  CHECK(trip.there.count() == 1);
  CHECK(trip.asked.find("scope") == "/authenticate");
  CHECK_FALSE(trip.asked.has("nonce"));
}

TEST_CASE("ORCID: what is no iD is nobody") {
  for (const Json& orcid :
       {Json(), Json(""), Json("0000-0001-2345-6780"), Json("0000-0001-2345-678"), Json("x"),
        Json("0000-0001-2345-67890"), Json("0000000123456789"), Json(Json::array())}) {
    CAPTURE(orcid.dump());
    OrcidTrip trip;
    trip.token_response["orcid"] = orcid;
    CHECK(trip.failure().starts_with("no_identity"));
  }
  OrcidTrip trip;
  trip.token_response["orcid"] = "0000-0002-1694-233X";
  CHECK(trip.arrive().identity.subject == "0000-0002-1694-233X");
}

TEST_CASE("the person who says no, and the provider that cannot, are told apart") {
  GitHubTrip trip;
  const auto outcome = [&](const char* error) {
    return trip.failure([&] {
      trip.finish(
          trip.granted().with("code", std::nullopt).with("error", error).with("error_description", "SECRET"));
    });
  };
  CHECK(outcome("access_denied").starts_with("denied"));
  CHECK(outcome("server_error") == "provider_down: the provider answers server_error");
  CHECK(outcome("temporarily_unavailable").starts_with("provider_down"));
  CHECK(outcome("redirect_uri_mismatch") == "bad_answer: the provider answers redirect_uri_mismatch");
  CHECK(outcome("SECRET\n") == "bad_answer: the provider answers an error with a strange code");
  const auto nothing = [&] { trip.finish(trip.granted().with("code", std::nullopt)); };
  CHECK(trip.failure(nothing) == "bad_answer: the answer has neither 'code' nor 'error'");
  CHECK(trip.there.count() == 0);
}

TEST_CASE("a token endpoint that refuses, fails or leads elsewhere is told apart") {
  GitHubTrip trip;
  const auto outcome = [&](const Response& response) {
    trip.there.answer("/login/oauth/access_token", response);
    return trip.failure();
  };
  const std::string whom = "token endpoint: it answers ";
  CHECK(outcome({400, R"({"error":"invalid_grant"})"}) == "token_refused: " + whom + "invalid_grant");
  CHECK(outcome({401, "not JSON, SECRET"}) == "token_refused: " + whom + "401");
  CHECK(outcome({400, R"({"error":{"code":"SECRET"}})"}) ==
        "token_refused: " + whom + "an error with a strange code");
  CHECK(outcome({404, "{}"}) == "bad_answer: " + whom + "404");
  CHECK(outcome({500, "{}"}) == "provider_down: " + whom + "500");
  CHECK(outcome({503, "{}"}) == "provider_down: " + whom + "503");
  CHECK(outcome({429, "{}"}) == "provider_down: " + whom + "429");
  const std::string elsewhere = "Location: " + trip.there.url("/elsewhere") + "\r\n";
  for (const int status : {302, 303, 307, 308}) {
    CHECK(outcome({status, "{}", "application/json", elsewhere}) ==
          "bad_answer: " + whom + std::to_string(status) + ", a redirect, which is not followed");
  }
  CHECK(trip.there.count("/elsewhere") == 0);
}

TEST_CASE("what is no token response is refused") {
  GitHubTrip trip;
  for (const char* body :
       {"", "{", "[]", "null", "access_token=SECRET&token_type=bearer", R"({"access_token":7})", "{}",
        R"({"access_token":"","token_type":"bearer"})",
        R"({"access_token":"SECRET\n","token_type":"bearer"})",
        R"({"access_token":"SECRET","token_type":"mac"})", "{\"access_token\":\"SECRET\xff\"}",
        R"({"access_token":"SECRET","refresh_token":"é SECRET"})"}) {
    CAPTURE(body);
    trip.there.answer("/login/oauth/access_token", body);
    CHECK(trip.failure().starts_with("bad_answer"));
  }
  CHECK(trip.there.count("/user") == 0);
}

TEST_CASE("a life that is none counts as unknown") {
  const auto expires_at = [](const Json& value) {
    OrcidTrip trip;
    trip.token_response["expires_in"] = value;
    const auto at = trip.arrive().tokens.expires_at;
    return at ? *at - trip.now : -1;
  };
  CHECK(expires_at(60) == 60);
  CHECK(expires_at("60") == 60);
  for (const Json& none : {Json(), Json(0), Json(-5), Json("x"), Json("6e1"), Json(1e300),
                           Json(std::uint64_t{18446744073709551615U}), Json(true)}) {
    CAPTURE(none.dump());
    CHECK(expires_at(none) == -1);
  }
}

TEST_CASE("JSON that is deep, long or has a member twice is refused, and costs little") {
  GitHubTrip trip;
  const auto outcome = [&](const std::string& body) {
    trip.there.answer("/user", body);
    return trip.failure();
  };
  const auto nested = [](int depth) {
    return R"({"id":1,"x":)" + std::string(depth, '[') + std::string(depth, ']') + "}";
  };
  CHECK(outcome(nested(20)) == "it went well");
  CHECK(outcome(nested(100)) == "bad_answer: userinfo endpoint: it answers no JSON object");
  CHECK(outcome(nested(400'000)) == "bad_answer: userinfo endpoint: it answers no JSON object");
  CHECK(outcome(R"({"id":1,"id":1})") == "bad_answer: userinfo endpoint: it answers no JSON object");
  CHECK(outcome(R"({"id":)" + std::string(400'000, '[')).starts_with("bad_answer"));
  CHECK(outcome(R"({"id":1,"x":")" + std::string(1'100'000, 'x') + "\"}")
            .starts_with("bad_answer: userinfo endpoint"));
}

TEST_CASE("a provider that says nothing costs no more than the time of one request") {
  GitHubTrip trip;
  trip.there.answer("/user", Response{200, "{}", "", "", true});
  trip.timeout = std::chrono::milliseconds(200);
  trip.patience = std::chrono::minutes(10);
  CHECK(trip.failure().starts_with("provider_down"));
}

TEST_CASE("all requests of one sign-in together have a time too") {
  GitHubTrip trip;
  trip.there.answer("/user", Response{200, "{}", "", "", true});
  trip.timeout = std::chrono::minutes(10);
  trip.patience = std::chrono::milliseconds(300);
  CHECK(trip.failure().starts_with("provider_down"));
  trip.patience = std::chrono::milliseconds(0);
  CHECK(trip.failure() == "provider_down: token endpoint: no time is left to ask it");
}

TEST_CASE("a provider that is gone is down") {
  GitHubTrip trip;
  trip.there.stop();
  CHECK(trip.failure().starts_with("provider_down: token endpoint"));
}

TEST_CASE("a provider that goes away within its answer is down too") {
  for (const char* path : {"/login/oauth/access_token", "/user", "/user/emails"}) {
    CAPTURE(path);
    GitHubTrip trip;
    trip.there.answer(path, Response{.body = "{}", .is_cut = true});
    CHECK(trip.failure().starts_with("provider_down"));
  }
}

TEST_CASE("values that nobody could mean are left out of a profile") {
  GitHubTrip trip;
  const auto email = [&](const char* value) {
    trip.there.answer("/user/emails",
                      Json::array({{{"email", value}, {"primary", true}, {"verified", true}}}).dump());
    const auto identity = trip.arrive().identity;
    CHECK(identity.email_verified == identity.email.has_value());
    return identity.email.value_or("");
  };
  CHECK(email(" a@x.example ") == "a@x.example");
  for (const char* none : {"", "x", "@x", "x@", "a@b@c", "a b@x", "a\n@x", "<a@x>", "a@x,b@x", "a@\u202Ex"}) {
    CAPTURE(none);
    CHECK(email(none).empty());
  }
  for (const Json& name : {Json("a\nb"), Json("  "), Json(""), Json(Json::array()), Json(true),
                           Json("\u202E"), Json(std::string(256, 'x'))}) {
    CAPTURE(name.dump());
    trip.user["name"] = name;
    trip.user["login"] = name;
    CHECK(trip.arrive().identity.name == std::nullopt);
    CHECK(trip.arrive().identity.username == std::nullopt);
  }
}

TEST_CASE("a userinfo document that does not say who is no identity") {
  GitHubTrip trip;
  for (const Json& id : {Json(), Json(""), Json(" "), Json(1.5), Json(true), Json(Json::array()),
                         Json("a\nb"), Json(std::string(256, 'x'))}) {
    CAPTURE(id.dump());
    trip.user["id"] = id;
    CHECK(trip.failure() == "no_identity: the provider does not say who signed in");
  }
  trip.user["id"] = std::uint64_t{18446744073709551615U};
  CHECK(trip.arrive().identity.subject == "18446744073709551615");
}
