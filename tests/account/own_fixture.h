#pragma once

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "core/account/form.h"
#include "core/admin/maintenance.h"
#include "core/admin/scopes.h"
#include "core/admin/users.h"
#include "tests/support.h"

// Alice and Bob with what is theirs, on a real database; the administrator is os:me.
class OwnFixture {
  TestDatabase database_;

 public:
  std::int64_t now = 1'000'000;
  oauth2::Settings settings;
  std::string alice = make_user("alice");
  std::string bob = make_user("bob");

  OwnFixture() {
    make_scope("read", "Data", false);
    make_scope("write", "Data", false);
    make_scope("user:email", {}, false);
    make_scope("secret", "Data", true);
  }

  oauth2::account::Context context() {
    return {*database_,    settings, limits_,    last_use_,   workers_,
            signing_keys_, now,      now * 1000, "192.0.2.1", "request"};
  }
  oauth2::admin::Context admin() { return {*database_, settings, now, "os:me", {}, {}, {}}; }

  template <class Action>
  auto write(Action&& action) {
    return database_->write(std::forward<Action>(action));
  }
  template <class Action>
  auto read(Action&& action) {
    return database_->read(std::forward<Action>(action));
  }

  // "actor action object", of all since the fixture was made.
  std::vector<std::string> audit() {
    std::vector<std::string> lines;
    for (const auto& entry : oauth2::admin::list_audit(admin(), {})) {
      if (entry.actor == "os:me") continue;
      CHECK(entry.address == "192.0.2.1");
      CHECK(entry.request_id == "request");
      lines.push_back(entry.actor + " " + entry.action + " " + entry.object);
    }
    return lines;
  }

  void make_scope(const std::string& name, const std::optional<std::string>& group, bool internal) {
    oauth2::admin::ScopeFields fields;
    fields.group = group;
    fields.internal = internal;
    oauth2::admin::create_scope(admin(), name, fields, oauth2::admin::IfExists::refuse);
  }

 private:
  std::string make_user(const std::string& name) {
    oauth2::admin::UserFields fields;
    fields.username = name;
    return oauth2::admin::create_user(admin(), fields, oauth2::admin::IfExists::refuse).user.id;
  }

  oauth2::protocol::RateLimits limits_{settings};
  oauth2::protocol::LastUse last_use_;
  oauth2::crypto::PasswordWorkers workers_{1};
  oauth2::protocol::SigningKeys signing_keys_;
};

// "FIELD TEXT VALUE LINE" of the refusal, as far as it has them; "" where there is none, "not found" where
// nothing is there.
template <class Action>
std::string refusal_of(Action&& action) {
  try {
    action();
  } catch (const oauth2::account::FormError& error) {
    std::string shown = error.field + " " + error.text;
    for (const std::string& more : {error.value, error.line}) {
      if (!more.empty()) shown += " " + more;
    }
    const auto& texts = oauth2::account::form_texts();
    CHECK(std::find(texts.begin(), texts.end(), error.text) != texts.end());
    return shown;
  } catch (const oauth2::admin::NotFound&) {
    return "not found";
  }
  return "";
}

inline std::string emoji(std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += "\U0001F600";
  return text;
}
