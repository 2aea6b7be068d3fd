#include "core/protocol/check.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "core/protocol/scope.h"
#include "tests/protocol/grant_fixture.h"

using namespace oauth2;
using protocol::BearerClaim;
using protocol::CheckRequest;

namespace {

// "STATUS ERROR REASON" of the refusal, "" where it is read.
std::string refusal_of(const std::string& query) {
  try {
    protocol::read_check_request(query);
    return "";
  } catch (const protocol::Error& error) {
    return std::to_string(error.code.status) + " " + std::string(error.code.name) + " " + error.what();
  }
}

class Checking : public GrantFixture {
 public:
  std::string token(const std::string& scope, const std::optional<std::string>& audience = std::nullopt,
                    crypto::TokenKind kind = crypto::TokenKind::access) {
    const std::string secret = crypto::make_token_string(kind);
    store::Token row = protocol::token_row(kind, secret);
    row.client_id = "spa";
    row.user_id = "u1";
    row.scope = scope;
    row.audience = audience;
    row.created_at = now;
    row.expires_at = now + 60;
    write([&](db::Connection& connection) { store::insert_token(connection, row); });
    return secret;
  }

  // Who passes as USER CLIENT SCOPE, or "STATUS ERROR SCOPE".
  std::string check(const std::string& query, const std::optional<std::string>& authorization) {
    BearerClaim claim;
    claim.authorization = authorization;
    return check(query, claim);
  }
  std::string check(const std::string& query, const BearerClaim& claim) {
    try {
      const auto passed = protocol::check(context(), claim, protocol::read_check_request(query));
      if (!passed.token_id) return "nobody";
      return *passed.username + " " + *passed.client_id + " " + *passed.scope;
    } catch (const protocol::Error& error) {
      std::string shown = std::to_string(error.code.status) + " " + std::string(error.code.name);
      return error.scope.empty() ? shown : shown + " " + error.scope;
    }
  }
};

}  // namespace

TEST_CASE("the query of a check names scopes, a resource and two flags") {
  CHECK(refusal_of("") == "");
  CHECK(refusal_of("&&") == "");
  const CheckRequest request = protocol::read_check_request(
      "scope=read%20write&scope=admin&optional=1&session=1&resource=https://api.example/x&access_token=x");
  CHECK(request.requirement.scopes == std::vector<std::string>{"read write", "admin"});
  CHECK(request.requirement.resource == "https://api.example/x");
  CHECK(request.optional);
  CHECK(request.session);
  const CheckRequest plain = protocol::read_check_request("scope=a++b+a&optional=0&session=0");
  CHECK(plain.requirement.scopes == std::vector<std::string>{"a b"});
  CHECK_FALSE(plain.optional);
  CHECK_FALSE(plain.session);
}

TEST_CASE("a slip in the query of a check is refused and opens nothing") {
  for (const char* query : {"scope",
                            "scope=",
                            "scope=%20",
                            "scope=read&scope=",
                            "scope=a%22b",
                            "scope=a%5Cb",
                            "scope=%C3%A9",
                            "scope=a%0Ab",
                            "scope=%zz",
                            "scope=%00",
                            "scope=%ff",
                            "optional",
                            "optional=",
                            "optional=true",
                            "optional=2",
                            "optional=1&optional=1",
                            "session=yes",
                            "session=0&session=1",
                            "resource=",
                            "resource",
                            "resource=a&resource=b",
                            "scpoe=read",
                            "Scope=read",
                            "=",
                            "x",
                            "%73cope2=read",
                            "%zz=1"}) {
    CAPTURE(query);
    CHECK(refusal_of(query).starts_with("403 invalid_request "));
  }
}

TEST_CASE("words of one item are all needed, and one item of several is enough") {
  Checking site;
  const std::string all = "Bearer " + site.token("read write");
  const std::string read = "Bearer " + site.token("read");
  const std::string none = "Bearer " + site.token("");
  for (const auto& [query, with_all, with_read, with_none] :
       std::vector<std::tuple<std::string, std::string, std::string, std::string>>{
           {"", "alice spa read write", "alice spa read", "alice spa "},
           {"scope=read", "alice spa read write", "alice spa read", "403 insufficient_scope read"},
           {"scope=read+write", "alice spa read write", "403 insufficient_scope read write",
            "403 insufficient_scope read write"},
           {"scope=write+read", "alice spa read write", "403 insufficient_scope write read",
            "403 insufficient_scope write read"},
           {"scope=admin&scope=read", "alice spa read write", "alice spa read",
            "403 insufficient_scope admin"},
           {"scope=admin+x&scope=write+read", "alice spa read write", "403 insufficient_scope write read",
            "403 insufficient_scope admin x"},
           {"scope=READ", "403 insufficient_scope READ", "403 insufficient_scope READ",
            "403 insufficient_scope READ"},
           {"scope=rea", "403 insufficient_scope rea", "403 insufficient_scope rea",
            "403 insufficient_scope rea"},
       }) {
    CAPTURE(query);
    CHECK(site.check(query, all) == with_all);
    CHECK(site.check(query, read) == with_read);
    CHECK(site.check(query, none) == with_none);
  }
}

TEST_CASE("what is asked for is the item that lacks the fewest words, the first of equals") {
  using protocol::nearest_item;
  CHECK(nearest_item({}, {}) == "");
  CHECK(nearest_item({}, {"a b", "c", "d"}) == "c");
  CHECK(nearest_item({"a"}, {"c d", "a b", "e"}) == "a b");
  CHECK(nearest_item({"a", "b"}, {"x y", "a b c d", "a b c"}) == "a b c");
}

TEST_CASE("where it is optional an absent token passes and a bad one never does") {
  Checking site;
  CHECK(site.check("optional=1", std::nullopt) == "nobody");
  CHECK(site.check("optional=1&scope=read", std::nullopt) == "nobody");
  CHECK(site.check("optional=1", "Basic eDp5") == "nobody");
  CHECK(site.check("optional=1", "Bearer x") == "401 invalid_token");
  CHECK(site.check("optional=1", "Bearer") == "401 invalid_token");
  CHECK(site.check("optional=1&scope=read", "Bearer " + site.token("write")) ==
        "403 insufficient_scope read");
  CHECK(site.check("optional=1", "Bearer " + site.token("read")) == "alice spa read");
  CHECK(site.check("", std::nullopt) == "401 ");
  CHECK(site.check("optional=0", std::nullopt) == "401 ");
}

TEST_CASE("a token is checked for the audience that is asked for, the issuer unless it is said") {
  Checking site;
  site.settings.issuer = "https://issuer.example";
  const std::string plain = "Bearer " + site.token("read");
  const std::string two = "Bearer " + site.token("read", "https://a.example https://b.example/x");
  const std::string issuer = "Bearer " + site.token("read", "https://a.example https://issuer.example");
  const std::string passes = "alice spa read";
  const std::string refused = "401 invalid_token";
  for (const auto& [query, with_plain, with_two, with_issuer] :
       std::vector<std::tuple<std::string, std::string, std::string, std::string>>{
           {"", passes, refused, passes},
           {"resource=https://issuer.example", passes, refused, passes},
           {"resource=https://a.example", refused, passes, passes},
           {"resource=https://b.example/x", refused, passes, refused},
           {"resource=https://b.example", refused, refused, refused},
           {"resource=https://a.example+https://b.example/x", refused, refused, refused},
           {"resource=https://A.example", refused, refused, refused},
       }) {
    CAPTURE(query);
    CHECK(site.check(query, plain) == with_plain);
    CHECK(site.check(query, two) == with_two);
    CHECK(site.check(query, issuer) == with_issuer);
  }
}

TEST_CASE("a token counts no longer than it is active, and a refresh token never") {
  Checking site;
  const std::string token = "Bearer " + site.token("read");
  const std::string refresh = "Bearer " + site.token("read", {}, crypto::TokenKind::refresh);
  CHECK(site.check("", refresh) == "401 invalid_token");
  CHECK(site.check("", token) == "alice spa read");
  site.change_user([](store::User& user) { user.disabled_at = 1; });
  CHECK(site.check("", token) == "401 invalid_token");
  site.change_user([](store::User& user) { user.disabled_at.reset(); });
  site.change_client("spa", [](store::Client& client) { client.disabled_at = 1; });
  CHECK(site.check("", token) == "401 invalid_token");
  site.change_client("spa", [](store::Client& client) { client.disabled_at.reset(); });
  CHECK(site.check("", token) == "alice spa read");
  site.now += 60;
  CHECK(site.check("", token) == "401 invalid_token");
}

TEST_CASE("two tokens at once are an invalid request, the same one twice too") {
  Checking site;
  const std::string token = site.token("read");
  BearerClaim claim;
  claim.authorization = "Bearer " + token;
  claim.query_token = token;
  CHECK(site.check("", claim) == "alice spa read");  // a query counts only where it is allowed
  site.settings.allow_query_tokens = true;
  CHECK(site.check("", claim) == "400 invalid_request");
  CHECK(site.check("optional=1", claim) == "400 invalid_request");
  claim.authorization.reset();
  CHECK(site.check("", claim) == "alice spa read");
}
