#include "core/account/security.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "core/account/sign_in.h"
#include "core/admin/error.h"
#include "core/crypto/password.h"
#include "core/protocol/error.h"
#include "core/store/audit.h"
#include "tests/support.h"

using namespace oauth2;
using account::Browser;

namespace {

const std::string old_password = "correct horse battery staple";
const std::string new_password = "a much better sentence";

// Alice is u1, Bob is u2; both have the old password.
class Account {
 public:
  std::int64_t now = 1'000'000;
  Settings settings;

  template <class Action>
  auto write(Action&& action) {
    return database_->write(std::forward<Action>(action));
  }

  Account() {
    const std::string hash = crypto::hash_password(old_password);
    for (const char* id : {"u1", "u2"}) {
      store::User user;
      user.id = id;
      user.username = user.id == "u1" ? "alice" : "bob";
      user.password_hash = hash;
      write([&](db::Connection& connection) { store::insert_user(connection, user); });
    }
  }

  protocol::Context context() {
    return {*database_,    settings, limits_,    last_use_,   workers_,
            signing_keys_, now,      now * 1000, "192.0.2.1", "request"};
  }
  store::User user(const char* id) {
    return write([&](db::Connection& connection) { return *store::find_user(connection, id); });
  }
  Browser sign_in(const char* id, bool remember = false) {
    return *account::sign_in(context(), account::stranger(), user(id), {remember, "Browser/1"});
  }
  bool is_signed_in(const Browser& browser) {
    return account::recognise(context(), browser.secret).signed_in() != nullptr;
  }
  Browser change(const Browser& browser, const std::string& current, const std::string& wanted) {
    return account::change_password(context(), browser, user(browser.session->user_id->c_str()),
                                    {current, wanted, "Browser/1"});
  }
  bool has_password(const char* id, const std::string& password) {
    return crypto::verify_password(password, *user(id).password_hash);
  }
  // "ACTION by ACTOR" of all that was done to the object.
  std::vector<std::string> audit(const std::string& object) {
    std::vector<std::string> seen;
    write([&](db::Connection& connection) {
      connection.run("SELECT action, actor FROM audit_log WHERE object = $1 ORDER BY id", {object},
                     [&](const db::Row& row) { seen.push_back(row.text(0) + " by " + row.text(1)); });
    });
    return seen;
  }

 private:
  TestDatabase database_;
  protocol::RateLimits limits_{settings};
  protocol::LastUse last_use_;
  crypto::PasswordWorkers workers_{1};
  protocol::SigningKeys signing_keys_;
};

void check_wrong(Account& account, const Browser& browser, const std::string& current) {
  try {
    account.change(browser, current, new_password);
    FAIL("was taken");
  } catch (const protocol::Error& error) {
    CHECK(error.code.name == protocol::invalid_grant.name);
  }
}

}  // namespace

TEST_CASE("a new password ends the other sessions, and this browser goes on under a new secret") {
  Account account;
  const Browser here = account.sign_in("u1", true);
  const Browser there = account.sign_in("u1");
  const Browser bobs = account.sign_in("u2");
  const Browser after = account.change(here, old_password, new_password);
  CHECK(account.has_password("u1", new_password));
  CHECK(account.is_signed_in(after));
  CHECK(after.session->remember);
  CHECK(after.secret != here.secret);
  CHECK(after.session->id != here.session->id);
  CHECK_FALSE(account.is_signed_in(here));
  CHECK_FALSE(account.is_signed_in(there));
  CHECK(account.is_signed_in(bobs));
  CHECK(account.has_password("u2", old_password));
}

TEST_CASE("who changed the password is in the audit log") {
  Account account;
  account.change(account.sign_in("u1"), old_password, new_password);
  CHECK(account.audit("user:u1") == std::vector<std::string>{"user.change_password by user:u1"});
}

TEST_CASE("without the current password nothing changes") {
  Account account;
  const Browser here = account.sign_in("u1");
  const Browser there = account.sign_in("u1");
  for (const std::string& current : {std::string(), std::string("wrong password"), new_password}) {
    check_wrong(account, here, current);
  }
  CHECK(account.has_password("u1", old_password));
  CHECK(account.is_signed_in(here));
  CHECK(account.is_signed_in(there));
  CHECK(account.audit("user:u1").empty());
}

TEST_CASE("a stolen session has no more guesses at the password than the sign-in page gives") {
  Account account;
  const Browser stolen = account.sign_in("u1");
  for (int i = 0; i < 5; ++i) check_wrong(account, stolen, "a guess");
  bool blocked = false;
  for (const std::string& current : {std::string("a guess"), old_password}) {
    try {
      account.change(stolen, current, new_password);
    } catch (const protocol::Error& error) {
      blocked = error.code.status == 429 && error.retry_after;
    }
  }
  CHECK(blocked);
  CHECK(account.has_password("u1", old_password));
}

TEST_CASE("a password that people may not have is refused before the current one is judged") {
  Account account;
  const Browser here = account.sign_in("u1");
  for (const std::string& wanted :
       {std::string("short"), std::string(129, 'x'), std::string("password123")}) {
    CAPTURE(wanted);
    for (int i = 0; i < 3; ++i) CHECK_THROWS_AS(account.change(here, "wrong", wanted), admin::Refused);
  }
  account.change(here, old_password, new_password);  // none of that counted as a guess
  CHECK(account.has_password("u1", new_password));
}

TEST_CASE("a session that has ended changes no password") {
  Account account;
  const Browser here = account.sign_in("u1");
  account.sign_in("u1");
  REQUIRE(account::revoke_session(account.context(), account.user("u1"), here.session->id));
  check_wrong(account, here, old_password);
  CHECK(account.has_password("u1", old_password));
}

TEST_CASE("the list has the user's own active sessions, this one first") {
  Account account;
  const Browser here = account.sign_in("u1", true);
  account.now += 1;
  const Browser there = account.sign_in("u1", true);
  const Browser ended = account.sign_in("u1", true);
  account.sign_in("u2", true);
  account::revoke_session(account.context(), account.user("u1"), ended.session->id);
  const auto sessions = account::list_sessions(account.context(), here);
  REQUIRE(sessions.size() == 2);
  CHECK(sessions[0].id == here.session->id);
  CHECK(sessions[1].id == there.session->id);
}

TEST_CASE("nobody ends another's session, and nothing tells that there is one") {
  Account account;
  const Browser alices = account.sign_in("u1");
  const Browser bobs = account.sign_in("u2");
  CHECK_FALSE(account::revoke_session(account.context(), account.user("u2"), alices.session->id));
  CHECK_FALSE(account::revoke_session(account.context(), account.user("u2"), "unknown"));
  CHECK_FALSE(
      account::revoke_session(account.context(), account.user("u1"), alices.session->id.substr(0, 8)));
  CHECK(account.is_signed_in(alices));
  CHECK(account.is_signed_in(bobs));
}

TEST_CASE("a session is ended once, by its user, who may press twice") {
  Account account;
  const Browser browser = account.sign_in("u1");
  const std::string object = "session:" + browser.session->id;
  for (int i = 0; i < 2; ++i) {
    CHECK(account::revoke_session(account.context(), account.user("u1"), browser.session->id));
  }
  CHECK_FALSE(account.is_signed_in(browser));
  CHECK(account.audit(object) ==
        std::vector<std::string>{"session.create by user:u1", "session.revoke by user:u1"});
}

TEST_CASE("all other sessions of the user end, each with its audit row, and this one stays") {
  Account account;
  const Browser here = account.sign_in("u1");
  const Browser there = account.sign_in("u1");
  const Browser bobs = account.sign_in("u2");
  account::revoke_other_sessions(account.context(), here);
  CHECK(account.is_signed_in(here));
  CHECK_FALSE(account.is_signed_in(there));
  CHECK(account.is_signed_in(bobs));
  CHECK(account.audit("session:" + there.session->id).back() == "session.revoke by user:u1");
}
