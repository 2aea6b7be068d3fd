#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/crypto/hash.h"
#include "core/crypto/token_string.h"
#include "core/protocol/error.h"
#include "core/protocol/token.h"
#include "core/protocol/token_document.h"
#include "core/store/audit.h"
#include "core/store/clients.h"
#include "core/store/codes.h"
#include "core/store/scopes.h"
#include "core/store/users.h"
#include "tests/support.h"

// The token endpoint without HTTP, on a real database and with a clock of its own. The public client `spa`
// may redeem and refresh for the user u1.
class GrantFixture {
 public:
  static constexpr const char* verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
  static constexpr const char* challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

  std::int64_t now = 1'000'000;
  oauth2::Settings settings;
  std::string address;  // where requests come from

  template <class Action>
  auto write(Action&& action) {
    return database_->write(std::forward<Action>(action));
  }

  GrantFixture() {
    write([&](oauth2::db::Connection& connection) {
      for (const char* name : {"read", "write", "user:email"}) {
        oauth2::store::insert_scope(connection, {name, name, {}, false, false, now});
      }
      oauth2::store::User user;
      user.id = "u1";
      user.username = "alice";
      user.email = "alice@example.org";
      oauth2::store::insert_user(connection, user);
      for (const char* id : {"spa", "other"}) {
        oauth2::store::Client client;
        client.id = client.name = id;
        client.token_endpoint_auth_method = "none";
        client.grant_types = {"authorization_code", "refresh_token"};
        client.scope = {"read", "write", "user:email"};
        oauth2::store::insert_client(connection, client);
      }
    });
  }

  // A new code's string; `change` may make it another code than the usual one.
  template <class Change>
  std::string code(Change&& change) {
    const std::string secret =
        oauth2::crypto::make_token_string(oauth2::crypto::TokenKind::authorization_code);
    oauth2::store::AuthorizationCode code;
    code.code_hash = oauth2::crypto::sha256_base64url(secret);
    code.client_id = "spa";
    code.user_id = "u1";
    code.redirect_uri = "https://spa.example/cb";
    code.scope = "read write";
    code.code_challenge = challenge;
    code.family_id = "family-" + std::to_string(++codes_);
    code.created_at = now;
    code.expires_at = now + 60;
    change(code);
    write([&](oauth2::db::Connection& connection) {
      oauth2::store::insert_authorization_code(connection, code);
    });
    return secret;
  }
  std::string code() {
    return code([](oauth2::store::AuthorizationCode&) {});
  }

  oauth2::protocol::Context context() {
    return {*database_, settings,   limits_, last_use_, workers_, signing_keys_,
            now,        now * 1000, address, "request", nullptr};
  }

  // What an endpoint answers: its document, or {"error": …}.
  using Endpoint = oauth2::protocol::Answer (*)(const oauth2::protocol::Context&,
                                                const oauth2::protocol::Params&,
                                                const std::optional<std::string>&);
  nlohmann::json ask(const std::string& form, Endpoint endpoint = oauth2::protocol::token) {
    try {
      const auto params = oauth2::protocol::Params::parse(form);
      return nlohmann::json::parse(endpoint(context(), params, std::nullopt).body);
    } catch (const oauth2::protocol::Error& error) {
      nlohmann::json refusal = {{"error", error.code.name}, {"reason", error.what()}};
      if (error.retry_after) refusal["retry_after"] = *error.retry_after;
      return refusal;
    }
  }

  // Changes the user u1, or a client.
  template <class Change>
  void change_user(Change&& change) {
    write([&](oauth2::db::Connection& connection) {
      oauth2::store::User user = *oauth2::store::find_user(connection, "u1");
      change(user);
      oauth2::store::update_user(connection, user);
    });
  }
  template <class Change>
  void change_client(const std::string& id, Change&& change) {
    write([&](oauth2::db::Connection& connection) {
      oauth2::store::Client client = *oauth2::store::find_client(connection, id);
      change(client);
      oauth2::store::update_client(connection, client);
    });
  }

  nlohmann::json redeem(const std::string& code, const std::string& rest = own_request) {
    return ask("grant_type=authorization_code&code=" + code + "&" + rest);
  }
  nlohmann::json refresh(const std::string& token, const std::string& rest = "client_id=spa") {
    return ask("grant_type=refresh_token&refresh_token=" + token + "&" + rest);
  }
  // The first refresh token of a new family.
  std::string first() { return redeem(code()).at("refresh_token"); }

  bool active(const nlohmann::json& token) {
    return write([&](oauth2::db::Connection& connection) {
      const auto found = oauth2::protocol::find_token(connection, token.get<std::string>());
      return found && found->is_active(now);
    });
  }

  // The actions in the audit log, oldest first.
  std::vector<std::string> audit() {
    std::vector<std::string> actions;
    for (const auto& entry : write(
             [](oauth2::db::Connection& connection) { return oauth2::store::list_audit(connection, {}); })) {
      actions.push_back(entry.action + " " + entry.actor);
    }
    return actions;
  }

  static inline const std::string own_request =
      std::string("client_id=spa&redirect_uri=https://spa.example/cb&code_verifier=") + verifier;

 private:
  TestDatabase database_;
  oauth2::protocol::RateLimits limits_{settings};
  oauth2::protocol::LastUse last_use_;
  oauth2::crypto::PasswordWorkers workers_{1};
  oauth2::protocol::SigningKeys signing_keys_;
  int codes_ = 0;
};
