#pragma once

#include <doctest/doctest.h>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/account/form.h"
#include "core/account/sign_in.h"
#include "core/admin/maintenance.h"
#include "core/admin/users.h"
#include "core/federation/accounts.h"
#include "core/federation/remote_tokens.h"
#include "core/federation/who.h"
#include "core/store/signups.h"
#include "tests/support.h"

using namespace oauth2;
using namespace oauth2::federation;

// A deployment with the provider `there`, and what comes of arrivals from it, on a real database.
class WhoFixture {
  TestDatabase database_{db::Options::Mode::server};

 public:
  std::int64_t now = 1'900'000'000;
  Settings settings;
  const ServerKey key = derive_server_key("a server's key SECRET, long enough");
  store::Provider provider = add_provider("there");

  federation::Context context() {
    return {{*database_, settings, limits_, last_use_, workers_, signing_keys_, now, now * 1000, "192.0.2.1",
             "request"},
            {key, cache_}};
  }
  admin::Context admin() { return {*database_, settings, now, "os:me", {}, {}, {}}; }

  template <class Action>
  auto read(Action&& action) {
    return database_->read(std::forward<Action>(action));
  }
  template <class Action>
  auto write(Action&& action) {
    return database_->write(std::forward<Action>(action));
  }

  store::Provider add_provider(const std::string& name) {
    store::Provider made;
    made.name = name;
    made.preset = "oidc";
    made.client_id = "our-id";
    made.secret_sealed = seal_provider_secret(key, name, "client-SECRET");
    write([&](db::Connection& connection) { store::insert_provider(connection, made); });
    return made;
  }
  void change_provider(const store::Provider& changed) {
    write([&](db::Connection& connection) { store::update_provider(connection, changed); });
  }

  // Answers the id.
  std::string add_user(const std::string& username, const std::optional<std::string>& email = {}) {
    admin::UserFields fields;
    fields.username = username;
    fields.email = email;
    return admin::create_user(admin(), fields, admin::IfExists::refuse).user.id;
  }
  void disable(const std::string& user_id) { admin::disable_user(admin(), user_id); }
  store::User user(const std::string& id) {
    return read([&](db::Connection& connection) { return store::find_user(connection, id).value(); });
  }
  account::Browser signed_in(const std::string& user_id) {
    const auto browser = account::sign_in(context(), account::stranger(), user(user_id), {});
    return browser.value();
  }
  bool is_signed_in(const account::Browser& browser) {
    return account::recognise(context(), browser.secret).session.has_value();
  }

  Arrival arrival(const std::string& subject, const std::optional<std::string>& email = {},
                  bool is_verified = false) {
    Arrival made;
    made.identity = {subject, subject, std::nullopt, email, is_verified};
    made.tokens.access_token = "access-SECRET";
    made.tokens.refresh_token = "refresh-SECRET";
    made.state.next = "/device";
    return made;
  }
  Arrival link_arrival(const std::string& subject) {
    Arrival made = arrival(subject);
    made.state.purpose = Purpose::link;
    return made;
  }

  Welcome come(const Arrival& arrival, const account::Browser& browser = account::stranger()) {
    return welcome(context(), browser, provider, arrival, "Firefox");
  }
  // The id of the user who is signed in then.
  std::string come_as(const Arrival& arrival) {
    return *std::get<SignedIn>(come(arrival)).browser.session->user_id;
  }
  std::string asked(const Arrival& arrival, const account::Browser& browser) {
    return std::get<Asked>(come(arrival, browser)).secret;
  }
  // Whose the account there is; "" for nobody's.
  std::string owner(const std::string& subject, const std::string& name = "there") {
    return read([&](db::Connection& connection) -> std::string {
      const auto found = store::find_remote_account_by_subject(connection, name, subject);
      return found ? found->user_id : "";
    });
  }
  store::RemoteAccount account(const std::string& subject) {
    return read([&](db::Connection& connection) {
      return store::find_remote_account_by_subject(connection, "there", subject).value();
    });
  }
  RemoteTokens tokens(const std::string& subject) {
    const auto found = account(subject);
    return open_tokens(key, "there", subject, found.tokens_sealed.value(), found.expires_at);
  }
  std::size_t users() { return admin::list_users(admin()).size(); }
  std::size_t links() { return list_accounts(admin(), {}).size(); }

  // "actor action object" of what nobody at the terminal did; with names for ids that are known.
  std::vector<std::string> audit(const std::map<std::string, std::string>& names) {
    std::vector<std::string> lines;
    for (const auto& entry : admin::list_audit(admin(), {})) {
      if (entry.actor == "os:me") continue;
      CHECK(entry.address == "192.0.2.1");
      std::string line = entry.actor + " " + entry.action + " " + entry.object;
      for (const auto& [id, name] : names) {
        for (auto at = line.find(id); at != line.npos; at = line.find(id)) line.replace(at, id.size(), name);
      }
      lines.push_back(line);
    }
    return lines;
  }

 private:
  RemoteCache cache_;
  protocol::RateLimits limits_{settings};
  protocol::LastUse last_use_;
  crypto::PasswordWorkers workers_{1};
  protocol::SigningKeys signing_keys_;
};

// The kind of the failure; nullopt when it went well.
template <class Action>
std::optional<FailureKind> failure_of(Action&& action) {
  try {
    action();
  } catch (const Failure& failure) {
    CHECK(std::string(failure.what()).find("SECRET") == std::string::npos);
    CHECK(std::string(failure.what()).find('@') == std::string::npos);
    return failure.kind;
  }
  return std::nullopt;
}
