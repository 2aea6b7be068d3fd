#include "tests/resource_server/served.h"

#include "core/account/browser.h"
#include "core/admin/maintenance.h"
#include "core/crypto/hash.h"
#include "core/crypto/token_string.h"
#include "core/protocol/token_document.h"
#include "core/resource_server/database/database_validator.h"
#include "core/store/clients.h"
#include "core/store/sessions.h"
#include "core/store/users.h"
#include "core/time.h"
#include "tests/support.h"

namespace rs = oauth2::resource_server;
using namespace oauth2;

namespace {

// A deployment with alice and her personal and access tokens.
class Deployment {
 public:
  Settings settings;
  const std::int64_t now = now_seconds();

  Deployment() {
    settings.db = database_.url();
    const std::string issuer = "https://as.example";
    admin::initialise(settings, now, "os:me", issuer, true, false);
    settings.issuer = issuer;
    database_->write([&](db::Connection& connection) {
      store::User user;
      user.id = "u1";
      user.username = "alice";
      user.password_hash = "hash";
      store::insert_user(connection, user);
    });
  }

  std::string make(crypto::TokenKind kind, const std::function<void(store::Token&)>& change = {}) {
    std::string text = crypto::make_token_string(kind);
    store::Token token = protocol::token_row(kind, text);
    token.user_id = "u1";
    token.name = "token" + std::to_string(++made_);
    token.scope = "read write";
    token.created_at = now;
    token.expires_at = now + 1000;
    if (change) change(token);
    database_->write([&](db::Connection& connection) { store::insert_token(connection, token); });
    return text;
  }

  std::string sign_in() {
    const account::Browser browser = account::stranger();
    store::Session session;
    session.id = "s" + std::to_string(++made_);
    session.session_hash = crypto::sha256_base64url(browser.secret);
    session.user_id = "u1";
    session.created_at = session.last_seen_at = now;
    session.expires_at = now + 1000;
    database_->write([&](db::Connection& connection) { store::insert_session(connection, session); });
    return browser.secret;
  }

  // As oauth2d's page /oauth/csrf answers it.
  std::string csrf_token(const std::string& secret) {
    protocol::RateLimits limits(settings);
    protocol::LastUse last_use;
    crypto::PasswordWorkers workers(0);
    protocol::SigningKeys signing_keys;
    const account::Context context{*database_, settings, limits, last_use, workers,
                                   signing_keys, now,      0,      "",       ""};
    return account::csrf_token(context, account::recognise(context, secret));
  }

  void disable_alice() {
    database_->write([&](db::Connection& connection) {
      auto user = *store::find_user(connection, "u1");
      user.disabled_at = now;
      store::update_user(connection, user);
    });
  }
  void revoke(const std::string& token) {
    database_->write([&](db::Connection& connection) {
      store::revoke_token(connection, protocol::token_key_of(token).id, now);
    });
  }

  std::unique_ptr<rs::Validator> validator(const std::string& resource = "", bool sessions = false) {
    rs::DatabaseOptions options;
    options.url = database_.url();
    options.config_file = "/dev/null";
    options.resource = resource;
    options.sessions = sessions;
    return rs::database(options);
  }

 private:
  TestDatabase database_;
  int made_ = 0;
};

}  // namespace

TEST_CASE("a token of the deployment is valid, with all that its row says") {
  Deployment deployment;
  const auto validator = deployment.validator();
  const std::string text = deployment.make(crypto::TokenKind::personal);
  CHECK(validator->claims(text));
  const auto token = validator->validate(text);
  REQUIRE(token);
  CHECK(token->user == "alice");
  CHECK(token->subject == "u1");
  CHECK(token->client.empty());
  CHECK(token->scopes == std::vector<std::string>{"read", "write"});
  CHECK(token->kind == "personal");
  CHECK(token->expires_at == deployment.now + 1000);
  CHECK(token->audience == std::vector<std::string>{"https://as.example"});
  CHECK(token->id == protocol::token_key_of(text).id);
  CHECK(validator->validate(deployment.make(crypto::TokenKind::access))->kind == "access");
}

TEST_CASE("what is revoked, expired, of a disabled user, a refresh token or nobody's is not valid") {
  Deployment deployment;
  const auto validator = deployment.validator();
  const std::string revoked = deployment.make(crypto::TokenKind::access);
  REQUIRE(validator->validate(revoked));
  deployment.revoke(revoked);
  CHECK_FALSE(validator->validate(revoked));
  const auto expired = [&](store::Token& token) { token.expires_at = deployment.now - 1; };
  CHECK_FALSE(validator->validate(deployment.make(crypto::TokenKind::access, expired)));
  CHECK_FALSE(validator->validate(deployment.make(crypto::TokenKind::refresh)));
  CHECK_FALSE(validator->validate(crypto::make_token_string(crypto::TokenKind::access)));
  const std::string live = deployment.make(crypto::TokenKind::personal);
  REQUIRE(validator->validate(live));
  deployment.disable_alice();
  CHECK_FALSE(validator->validate(live));
}

TEST_CASE("a token for another resource is not valid, one for several is valid at each of them") {
  Deployment deployment;
  const auto at_issuer = deployment.validator();
  const auto at_api = deployment.validator("https://api.example");
  const auto for_audience = [&](const std::string& audience) {
    return deployment.make(crypto::TokenKind::access,
                           [&](store::Token& token) { token.audience = audience; });
  };
  const std::string unbound = deployment.make(crypto::TokenKind::access);
  const std::string other = for_audience("https://api.example");
  const std::string several = for_audience("https://x.example https://api.example");
  CHECK(at_issuer->validate(unbound));
  CHECK_FALSE(at_issuer->validate(other));
  CHECK_FALSE(at_issuer->validate(several));
  CHECK_FALSE(at_api->validate(unbound));
  CHECK(at_api->validate(other));
  CHECK(at_api->validate(several));
  CHECK_FALSE(at_api->validate(for_audience("https://api.example/")));
}

TEST_CASE("what cannot be a token of the deployment is not claimed") {
  Deployment deployment;
  const auto validator = deployment.validator();
  const std::string token = deployment.make(crypto::TokenKind::access);
  for (const std::string& other : {token.substr(0, token.size() - 1), token + "A", std::string("opaque"),
                                   crypto::make_token_string(crypto::TokenKind::client_secret)})
    CHECK_FALSE(validator->claims(other));
}

TEST_CASE("a browser's session counts only when sessions are on, with the CSRF token that is its own") {
  Deployment deployment;
  const std::string secret = deployment.sign_in();
  const std::string cookie = "a=b; __Host-oauth2d_session=" + secret;
  CHECK_FALSE(deployment.validator()->find_session({cookie}));
  const auto validator = deployment.validator("", true);
  const auto session = validator->find_session({cookie});
  REQUIRE(session);
  CHECK(session->token.user == "alice");
  CHECK(session->token.kind == "session");
  CHECK(session->accepts(deployment.csrf_token(secret)));
  CHECK_FALSE(session->accepts(deployment.csrf_token(deployment.sign_in())));
  CHECK_FALSE(session->accepts(""));
  for (const std::string& other :
       {std::string("__Host-oauth2d_session=" + secret + "; __Host-oauth2d_session=x"),
        "oauth2d_session=" + secret, "__Host-oauth2d_session=" + secret + "A",
        "__Host-oauth2d_session=" + account::stranger().secret})
    CHECK_FALSE(validator->find_session({other}));
  deployment.disable_alice();
  CHECK_FALSE(validator->find_session({cookie}));
}

TEST_CASE("the guard in front of the database: live, revoked and session, through a real server") {
  Deployment deployment;
  rs::Guard guard;
  guard.add(deployment.validator("", true));
  const auto tell = [](const httplib::Request&, httplib::Response& response, const rs::Token& token) {
    response.set_content(token.user + " " + token.kind, "text/plain");
  };
  Served served([&](httplib::Server& server) {
    server.Get("/", guard.require({"read"}, tell));
    server.Post("/", guard.require({"read"}, tell));
  });
  const std::string token = deployment.make(crypto::TokenKind::access);
  CHECK(ask(served, "/", bearer(token)).body == "alice access");
  deployment.revoke(token);
  CHECK(ask(served, "/", bearer(token)).status == 401);
  const std::string secret = deployment.sign_in();
  httplib::Headers fields = {{"Cookie", "__Host-oauth2d_session=" + secret}};
  CHECK(ask(served, "/", fields).body == "alice session");
  CHECK(ask(served, "/", fields, "POST").status == 400);
  fields.emplace("X-CSRF-Token", deployment.csrf_token(secret));
  CHECK(ask(served, "/", fields, "POST").body == "alice session");
}

TEST_CASE("a database that is not there is refused when the validator is made, and says what to do") {
  rs::DatabaseOptions options;
  options.url = "/nowhere/oauth2.db";
  options.config_file = "/dev/null";
  CHECK_THROWS_AS(rs::database(options), std::runtime_error);
}
