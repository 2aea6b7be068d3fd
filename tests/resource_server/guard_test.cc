#include "tests/resource_server/served.h"

#include <map>

#include "core/resource_server/resource_server.h"

namespace rs = oauth2::resource_server;
using rs::Guard;
using rs::Token;

namespace {

// Knows tokens by name; what starts with its prefix is its own to judge.
class Known : public rs::Validator {
 public:
  Known(std::string kind, std::string prefix, std::map<std::string, std::string> scopes)
      : kind_(std::move(kind)), prefix_(std::move(prefix)), scopes_(std::move(scopes)) {}
  std::string kind() const override { return kind_; }
  bool claims(std::string_view token) const override { return token.starts_with(prefix_); }
  bool claims_everything() const override { return prefix_.empty(); }
  std::optional<Token> validate(std::string_view token) const override {
    if (token == prefix_ + "down") throw rs::Unavailable("secret-free reason", std::chrono::seconds(7));
    if (token == prefix_ + "broken") throw std::runtime_error("something else");
    const auto found = scopes_.find(std::string(token));
    if (found == scopes_.end()) return std::nullopt;
    Token known;
    known.subject = "u1";
    known.user = "alice";
    known.kind = kind_;
    if (!found->second.empty()) known.scopes = {found->second};
    return known;
  }
  std::optional<rs::Session> find_session(const std::vector<std::string>& cookies) const override {
    if (cookies != std::vector<std::string>{"session=alive"}) return std::nullopt;
    Token person;
    person.subject = "u1";
    person.kind = "session";
    return rs::Session{person, [](std::string_view token) { return token == "csrf"; }};
  }

 private:
  std::string kind_;
  std::string prefix_;
  std::map<std::string, std::string> scopes_;
};

std::unique_ptr<rs::Validator> known(const std::string& kind, const std::string& prefix,
                                     std::map<std::string, std::string> scopes) {
  return std::make_unique<Known>(kind, prefix, std::move(scopes));
}

Guard usual_guard() {
  Guard guard("records");
  guard.add(known("first", "a-", {{"a-profile", "profile"}, {"a-bare", ""}}));
  guard.add(known("second", "", {{"b-email", "email"}, {"a-email", "email"}}));
  return guard;
}

// What the pages say: the token's kind, or "nobody".
void set_up(httplib::Server& server, const Guard& guard) {
  const auto tell = [](const httplib::Request&, httplib::Response& response, const Token& token) {
    response.set_content(token.kind + " " + token.user, "text/plain");
  };
  const auto tell_perhaps = [](const httplib::Request&, httplib::Response& response, const Token* token) {
    response.set_content(token ? token->kind : "nobody", "text/plain");
  };
  server.Get("/any", guard.require({}, tell));
  server.Post("/any", guard.require({}, tell));
  server.Get("/profile", guard.require({"profile"}, tell));
  server.Get("/either", guard.require({"profile email", "email user"}, tell));
  server.Get("/optional", guard.optional(tell_perhaps));
  server.Get("/optional-profile", guard.optional({"profile"}, tell_perhaps));
  server.Get("/plain", guard.require({"profile"}, [](const httplib::Request&, httplib::Response& response) {
    response.set_content("plain", "text/plain");
  }));
  server.Get("/inside", [guard](const httplib::Request& request, httplib::Response& response) {
    const auto access = guard.acquire(request, {"profile"});
    if (!access) return access.refuse(response);
    response.set_content(access->user, "text/plain");
  });
}

struct Site {
  Guard guard = usual_guard();
  Served served{[this](httplib::Server& server) { set_up(server, guard); }};

  httplib::Response get(const std::string& path, const httplib::Headers& fields = {}) {
    return ask(served, path, fields);
  }
  httplib::Response get(const std::string& path, const std::string& token) {
    return get(path, bearer(token));
  }
};

// Status, WWW-Authenticate, Cache-Control and body of a refusal, all of it.
void check_refusal(const httplib::Response& response, int status, const std::string& challenge,
                   const std::string& error) {
  CHECK(response.status == status);
  CHECK(response.get_header_value("WWW-Authenticate") == challenge);
  CHECK(response.get_header_value_count("WWW-Authenticate") == 1);
  CHECK(response.get_header_value("Cache-Control") == "no-store");
  CHECK(response.get_header_value("Content-Type") == "application/json");
  const std::string start =
      error.empty() ? R"({"error_description":")" : R"({"error":")" + error + R"(","error_description":")";
  CHECK(response.body.starts_with(start));
  CHECK(response.body.ends_with("\"}"));
  CHECK_FALSE(response.has_header("EXCEPTION_WHAT"));
}

constexpr const char* invalid = R"(Bearer realm="records", error="invalid_token")";
constexpr const char* malformed = R"(Bearer realm="records", error="invalid_request")";
constexpr const char* nothing = R"(Bearer realm="records")";

}  // namespace

TEST_CASE("a valid token with the scope reaches the handler, which sees it") {
  Site site;
  CHECK(site.get("/profile", "a-profile").body == "first alice");
  CHECK(site.get("/any", "a-bare").body == "first alice");
  CHECK(site.get("/inside", "a-profile").body == "alice");
  CHECK(site.get("/plain", "a-profile").body == "plain");
  CHECK(site.get("/profile", httplib::Headers{{"authorization", "bEaReR   a-profile"}}).status == 200);
}

TEST_CASE("without any credentials the answer is 401 and names no error") {
  Site site;
  for (const char* path : {"/any", "/profile", "/plain", "/inside"})
    check_refusal(site.get(path), 401, nothing, "");
  check_refusal(site.get("/any?access_token=a-profile"), 401, nothing, "");
}

TEST_CASE("another scheme is no token, and no token is no error; but optional takes no other scheme") {
  Site site;
  const httplib::Headers basic = {{"Authorization", "Basic YTpi"}};
  check_refusal(site.get("/any", basic), 401, nothing, "");
  check_refusal(site.get("/optional", basic), 401, nothing, "");
}

TEST_CASE("an unknown token is invalid_token everywhere, optional pages included") {
  Site site;
  for (const char* path : {"/any", "/profile", "/plain", "/inside", "/optional", "/optional-profile"})
    check_refusal(site.get(path, "a-unknown"), 401, invalid, "invalid_token");
  check_refusal(site.get("/any", std::string(9000, 'x').substr(0, 8150)), 401, invalid, "invalid_token");
}

TEST_CASE("a token without the scope is insufficient_scope with the scope that was needed") {
  Site site;
  const std::string needs_profile = R"(Bearer realm="records", error="insufficient_scope", scope="profile")";
  check_refusal(site.get("/profile", "b-email"), 403, needs_profile, "insufficient_scope");
  check_refusal(site.get("/inside", "b-email"), 403, needs_profile, "insufficient_scope");
  check_refusal(site.get("/optional-profile", "b-email"), 403, needs_profile, "insufficient_scope");
  check_refusal(site.get("/profile", "a-bare"), 403, needs_profile, "insufficient_scope");
  check_refusal(site.get("/either", "b-email"), 403,
                R"(Bearer realm="records", error="insufficient_scope", scope="profile email")",
                "insufficient_scope");
}

TEST_CASE("two tokens at once and what is no token are invalid_request") {
  Site site;
  const httplib::Headers twice = {{"Authorization", "Bearer a-profile"},
                                  {"Authorization", "Bearer a-profile"}};
  check_refusal(site.get("/profile", twice), 400, malformed, "invalid_request");
  for (const char* field :
       {"Bearer", "Bearer a-profile a-profile", "Bearer a-profile, Bearer b", "Bearer =", "Bearer a=b",
        "Bearer \"a-profile\"", "Bearer a\tb", "Bearer a-profile;", "Bearer caf\xC3\xA9"}) {
    CAPTURE(field);
    check_refusal(site.get("/profile", {{"Authorization", field}}), 400, malformed, "invalid_request");
    check_refusal(site.get("/optional", {{"Authorization", field}}), 400, malformed, "invalid_request");
  }
}

TEST_CASE("optional lets in whom it knows and those who bring nothing") {
  Site site;
  CHECK(site.get("/optional").body == "nobody");
  CHECK(site.get("/optional-profile").body == "nobody");
  CHECK(site.get("/optional", "b-email").body == "second");
}

TEST_CASE("the first validator that claims a token decides, whatever the others know of it") {
  Site site;
  CHECK(site.get("/any", "b-email").body == "second alice");
  check_refusal(site.get("/any", "a-email"), 401, invalid, "invalid_token");
}

TEST_CASE("a token that no validator claims is invalid_token, and without validators all are") {
  Guard guard("records");
  rs::Credentials credentials{"GET", {"Bearer b-email"}, {}, {}};
  CHECK(guard.judge(credentials, {}).refusal().error == "invalid_token");
  guard.add(known("first", "a-", {}));
  CHECK(guard.judge(credentials, {}).refusal().error == "invalid_token");
}

TEST_CASE("a second validator of one kind, and one that would never be asked, are errors") {
  Guard guard;
  CHECK_THROWS_AS(guard.add(nullptr), std::logic_error);
  guard.add(known("first", "a-", {}));
  CHECK_THROWS_AS(guard.add(known("first", "b-", {})), std::logic_error);
  guard.add(known("last", "", {}));
  CHECK_THROWS_AS(guard.add(known("too late", "c-", {})), std::logic_error);
}

TEST_CASE("while a token cannot be checked nobody gets in, and the operator hears why") {
  Site site;
  std::vector<std::string> told;
  site.guard.on_unavailable([&](const std::string& reason) { told.push_back(reason); });
  for (const char* path : {"/any", "/inside", "/optional"}) {
    const auto response = site.get(path, "a-down");
    CHECK(response.status == 503);
    CHECK(response.get_header_value("Retry-After") == "7");
    CHECK(response.get_header_value("Cache-Control") == "no-store");
    CHECK(response.body.starts_with(R"({"error":"temporarily_unavailable","error_description":")"));
    CHECK(response.body.find("reason") == std::string::npos);
  }
  CHECK(site.get("/any", "a-broken").status == 503);
  CHECK_FALSE(site.get("/any", "a-broken").has_header("EXCEPTION_WHAT"));
  CHECK(told.front() == "secret-free reason");
  CHECK(told.back() == "something else");
}

TEST_CASE("no answer repeats anything of a token") {
  Site site;
  for (const char* token : {"a-unknown-and-secret", "b-email", "a-down"}) {
    const auto response = site.get("/profile", token);
    CHECK(response.body.find(token) == std::string::npos);
    CHECK(response.get_header_value("WWW-Authenticate").find(token) == std::string::npos);
  }
}

TEST_CASE("a browser's session counts where no token came, and unsafe methods need its CSRF token") {
  Site site;
  const httplib::Headers session = {{"Cookie", "session=alive"}};
  const auto with = [&](const std::string& name, const std::string& value) {
    httplib::Headers fields = session;
    fields.emplace(name, value);
    return fields;
  };
  CHECK(site.get("/any", session).body == "session ");
  CHECK(site.get("/profile", session).status == 200);
  CHECK(site.get("/optional", session).body == "session");
  check_refusal(site.get("/any", httplib::Headers{{"Cookie", "session=dead"}}), 401, nothing, "");
  check_refusal(ask(site.served, "/any", session, "POST"), 400, malformed, "invalid_request");
  check_refusal(ask(site.served, "/any", with("X-CSRF-Token", "other"), "POST"), 403,
                R"(Bearer realm="records", error="access_denied")", "access_denied");
  CHECK(ask(site.served, "/any", with("X-CSRF-Token", "csrf"), "POST").body == "session ");
  // Neither a good token nor a bad one is helped or harmed by the cookie.
  check_refusal(site.get("/any", with("Authorization", "Bearer a-unknown")), 401, invalid, "invalid_token");
  CHECK(ask(site.served, "/any", with("Authorization", "Bearer a-profile"), "POST").body == "first alice");
}

TEST_CASE("what was refused has no token, and what was not has no refusal") {
  const Guard guard = usual_guard();
  const auto refused = guard.judge({"GET", {}, {}, {}}, {});
  CHECK_FALSE(refused);
  CHECK(refused.token() == nullptr);
  CHECK_THROWS_AS(*refused, std::logic_error);
  const auto nobody = guard.judge({"GET", {}, {}, {}}, {}, Guard::Absence::allowed);
  CHECK(nobody);
  CHECK(nobody.token() == nullptr);
  CHECK_THROWS_AS(nobody.refusal(), std::logic_error);
  CHECK_THROWS_AS(Guard("a\"b"), std::invalid_argument);
  CHECK_THROWS_AS(Guard("a\r\nb"), std::invalid_argument);
}
