#include "cli/record.h"

#include <doctest/doctest.h>

#include "cli/json.h"
#include "cli/shape.h"

namespace cli = oauth2::cli;
namespace store = oauth2::store;

namespace {

std::vector<std::string> keys_of(const cli::Record& record) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : record) keys.push_back(key);
  return keys;
}

}  // namespace

TEST_CASE("a record has exactly the keys that its shape promises") {
  CHECK(keys_of(cli::record_of(store::Client())) == cli::client_shape().keys());
  CHECK(keys_of(cli::record_of(store::ClientSecret())) == cli::client_secret_shape().keys());
  CHECK(keys_of(cli::record_of(store::Scope())) == cli::scope_shape().keys());
  CHECK(keys_of(cli::record_of(store::User())) == cli::user_shape().keys());
  CHECK(keys_of(cli::record_of(store::Token())) == cli::token_shape().keys());
  CHECK(keys_of(cli::record_of(store::AuditEntry())) == cli::audit_shape().keys());
  CHECK(keys_of(cli::record_of(store::RemoteAccount())) == cli::account_shape().keys());
  store::Provider provider;
  provider.preset = "github";
  CHECK(keys_of(cli::with(cli::record_of(provider), "redirect_uri", {})) == cli::provider_shape().keys());
  const auto made = cli::with_client_secret(cli::record_of(store::Client()), "secret", std::nullopt);
  CHECK(keys_of(cli::with_changed(made, true)) == cli::new_client_shape().keys());
}

TEST_CASE("what is absent is null, and no hash is in a record") {
  store::User user;
  user.username = "alice";
  user.password_hash = "$argon2id$hash";
  const std::string json = cli::to_json_line(cli::record_of(user));
  CHECK(json == R"({"id":"","username":"alice","name":null,"email":null,"email_verified":false,)"
                R"("disabled_at":null,"created_at":0})");
}

TEST_CASE("a client is written as RFC 7591 does: lists are arrays, scope is one text") {
  store::Client client;
  client.scope = {"read", "write"};
  client.grant_types = {"client_credentials"};
  const std::string json = cli::to_json_line(cli::record_of(client));
  CHECK(json.find(R"("scope":"read write")") != std::string::npos);
  CHECK(json.find(R"("grant_types":["client_credentials"])") != std::string::npos);
  CHECK(json.find(R"("redirect_uris":[])") != std::string::npos);
}

TEST_CASE("a secret that never ends has client_secret_expires_at 0, and none has null") {
  CHECK(cli::to_json_line(cli::with_client_secret({}, "s", std::nullopt)) ==
        R"({"client_secret":"s","client_secret_expires_at":0})");
  CHECK(cli::to_json_line(cli::with_client_secret({}, std::nullopt, 5)) ==
        R"({"client_secret":null,"client_secret_expires_at":null})");
}

TEST_CASE("writing JSON never fails, and reading takes objects only") {
  CHECK(cli::to_json_line({{"a", std::string("\xff")}}) == "{\"a\":\"\xef\xbf\xbd\"}");
  CHECK(keys_of(cli::read_json_object(R"({"active":true,"aud":["a","b"],"exp":5})")) ==
        std::vector<std::string>{"active", "aud", "exp"});
  CHECK_THROWS(cli::read_json_object("[]"));
  CHECK_THROWS(cli::read_json_object("{"));
}
