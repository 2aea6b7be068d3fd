#pragma once

#include <filesystem>
#include <fstream>
#include <string>

#include "core/admin/keys.h"
#include "core/protocol/context.h"
#include "tests/admin/fixture.h"

// A deployment with a server's key, seen by an administrator and by a server.
struct KeyFixture {
  KeyFixture() {
    write_server_key("0123456789abcdefghijklmnopqrstuvwxyz");
    settings.server_key = "file:" + key_path();
  }

  TestDatabase database{oauth2::db::Options::Mode::server};
  oauth2::Settings settings;
  std::int64_t now = 1000;

  std::string key_path() const { return database.folder().path("key"); }
  void write_server_key(const std::string& key) const {
    std::ofstream(key_path()) << key << "\n";
    std::filesystem::permissions(key_path(), std::filesystem::perms(0600));
  }

  oauth2::admin::Context admin() { return {*database, settings, now, "os:me", {}, {}, {}}; }
  oauth2::protocol::Context server(oauth2::protocol::SigningKeys& keys) {
    return {*database, settings, limits_, last_use_, workers_, keys, now, 0, "", "", nullptr};
  }
  oauth2::protocol::Context server() { return server(signing_keys); }
  oauth2::protocol::SigningKeys signing_keys;

  template <class Action>
  auto write(Action&& action) {
    return database->write(std::forward<Action>(action));
  }

  std::string kid_for(std::optional<std::string_view> algorithm) {
    return oauth2::protocol::require_signing_key(server(), algorithm).kid;
  }
  std::string jwks() { return oauth2::protocol::jwks(server()).body; }
  bool is_published(const std::string& kid) {
    return jwks().find("\"kid\":\"" + kid + "\"") != std::string::npos;
  }
  std::vector<oauth2::store::SigningKey> rows() {
    return write([](oauth2::db::Connection& c) { return oauth2::store::list_signing_keys(c); });
  }

 private:
  oauth2::protocol::RateLimits limits_{settings};
  oauth2::protocol::LastUse last_use_;
  oauth2::crypto::PasswordWorkers workers_{1};
};
