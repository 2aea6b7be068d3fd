#include "core/admin/users.h"

#include <fmt/format.h>

#include "core/admin/name.h"
#include "core/admin/reference.h"
#include "core/crypto/password.h"
#include "core/crypto/random.h"
#include "core/protocol/throttle.h"
#include "core/store/clients.h"
#include "core/store/codes.h"
#include "core/store/device_codes.h"
#include "core/store/failed_attempts.h"
#include "core/store/password_resets.h"
#include "core/store/sessions.h"
#include "core/store/tokens.h"

namespace oauth2::admin {
namespace {

std::string object_of(const store::User& user) { return "user:" + user.id; }

void require_username(std::string_view username) {
  require_name("the username", username, 64, "username");
  if (username.find_first_of(" @:/\\\"'<>,;") != std::string_view::npos) {
    throw Refused("the username has a blank or one of @ : / \\ \" ' < > , ; in it", {},
                  {"username", "malformed", {}});
  }
}

void require_email(std::string_view email) {
  require_name("the e-mail", email, 254, "email");
  const auto at = email.find('@');
  if (at == 0 || at == std::string_view::npos || at + 1 == email.size() ||
      email.find('@', at + 1) != email.npos || email.find_first_of(" <>\",;") != email.npos) {
    throw Refused("the e-mail is not an address", {}, {"email", "malformed", {}});
  }
}

// `user` with what `fields` names; the password apart, since hashing it is slow and is done outside the
// transaction.
store::User with_fields(store::User user, const UserFields& fields,
                        const std::optional<std::string>& password_hash, std::int64_t now) {
  const auto set = [](std::optional<std::string>& to, const std::optional<std::string>& from) {
    if (from) to = from->empty() ? std::nullopt : from;
  };
  if (fields.username) user.username = *fields.username;
  set(user.name, fields.name);
  if (fields.email && fields.email->empty() ? user.email.has_value()
                                            : fields.email && fields.email != user.email) {
    user.email_verified_at.reset();  // another address is another proof
  }
  set(user.email, fields.email);
  if (fields.email_verified) {
    if (*fields.email_verified && !user.email) throw Refused("there is no e-mail to be verified");
    if (*fields.email_verified != user.email_verified_at.has_value()) {
      user.email_verified_at = *fields.email_verified ? std::optional(now) : std::nullopt;
    }
  }
  if (password_hash) user.password_hash = password_hash;
  return user;
}

bool same(const store::User& a, const store::User& b) {
  return a.username == b.username && a.name == b.name && a.email == b.email &&
         a.email_verified_at == b.email_verified_at && a.password_hash == b.password_hash &&
         a.disabled_at == b.disabled_at;
}

std::optional<std::string> judge(const UserFields& fields) {
  judge_profile(fields);
  return fields.password ? std::optional(hash_of_password(*fields.password)) : std::nullopt;
}

[[noreturn]] void refuse_conflict(const store::User& user) {
  throw AlreadyExists(fmt::format("the username {} or its e-mail is taken", user.username),
                      "oauth2ctl user list");
}

// Whoever came in by the old password is out; access tokens run out by themselves, and personal ones were
// made to be used without it.
void end_what_password_opened(db::Connection& connection, const Context& context, const std::string& user_id,
                              const std::optional<std::string>& keep_session_id) {
  store::revoke_user_sessions(connection, user_id, context.now, keep_session_id);
  store::revoke_user_refresh_tokens(connection, user_id, context.now);
  store::delete_unredeemed_authorization_codes(connection, user_id);
  store::delete_unredeemed_device_codes(connection, user_id);
  store::delete_unused_password_resets(connection, user_id);
}

UserResult store_changes(db::Connection& connection, const Context& context, const store::User& before,
                         store::User after, std::string_view action,
                         const std::optional<std::string>& keep_session_id = std::nullopt) {
  if (same(before, after)) return {before, false};
  after.updated_at = context.now;
  try {
    store::update_user(connection, after);
  } catch (const db::Conflict&) {
    refuse_conflict(after);
  }
  if (before.password_hash != after.password_hash)
    end_what_password_opened(connection, context, after.id, keep_session_id);
  record(connection, context, action, object_of(after));
  return {after, true};
}

UserResult set_enabled(const Context& context, std::string_view ref, bool enabled) {
  return context.db.write([&](db::Connection& connection) {
    const store::User before = require_user(connection, ref);
    store::User after = before;
    if (enabled) after.disabled_at.reset();
    if (!enabled && !before.disabled_at) after.disabled_at = context.now;
    const auto result =
        store_changes(connection, context, before, after, enabled ? "user.enable" : "user.disable");
    // Sessions end and do not come back. On enabling too: a sign-in that was under way when the user was
    // disabled may have made one since.
    if (result.changed) store::revoke_user_sessions(connection, before.id, context.now);
    return result;
  });
}

store::User insert(db::Connection& connection, const Context& context, const UserFields& fields,
                   const std::optional<std::string>& password_hash) {
  store::User user;
  user.id = crypto::random_base62(22);
  user.created_at = user.updated_at = context.now;
  user = with_fields(user, fields, password_hash, context.now);
  try {
    store::insert_user(connection, user);
  } catch (const db::Conflict&) {
    refuse_conflict(user);
  }
  record(connection, context, "user.create", object_of(user));
  return user;
}

// The stored hash when it is already of the password that is asked for: then it is not set again, and a
// second identical run changes nothing. Apart from the transaction, since verifying is as slow as hashing.
std::optional<std::string> known_password_hash(const Context& context, const UserFields& fields) {
  if (!fields.password) return std::nullopt;
  const auto there = context.db.read(
      [&](db::Connection& connection) { return store::find_user_by_username(connection, *fields.username); });
  const bool known =
      there && there->password_hash && crypto::verify_password(*fields.password, *there->password_hash);
  return known ? there->password_hash : std::nullopt;
}

}  // namespace

UserResult create_user(const Context& context, const UserFields& fields, IfExists if_exists) {
  if (!fields.username) throw Refused("a username is needed");
  const auto password_hash = judge(fields);
  const auto known_hash = known_password_hash(context, fields);
  return context.db.write([&](db::Connection& connection) -> UserResult {
    if (const auto there = store::find_user_by_username(connection, *fields.username)) {
      if (if_exists == IfExists::keep) return {*there, false};
      if (if_exists == IfExists::refuse) {
        throw AlreadyExists(fmt::format("there is a user {} already", there->username),
                            "--if-not-exists keeps it, --upsert updates it");
      }
      const auto new_hash = known_hash && there->password_hash == known_hash ? std::nullopt : password_hash;
      return store_changes(connection, context, *there, with_fields(*there, fields, new_hash, context.now),
                           "user.update");
    }
    return {insert(connection, context, fields, password_hash), true};
  });
}

store::User insert_user(db::Connection& connection, const Context& context, const UserFields& fields) {
  judge_profile(fields);
  return insert(connection, context, fields, std::nullopt);
}

void judge_profile(const UserFields& fields) {
  if (fields.username) require_username(*fields.username);
  if (fields.name && !fields.name->empty()) require_name("the name", *fields.name, 200, "name");
  if (fields.email && !fields.email->empty()) require_email(*fields.email);
}

UserResult update_user(const Context& context, std::string_view ref, const UserFields& fields) {
  const auto password_hash = judge(fields);
  return context.db.write([&](db::Connection& connection) {
    const store::User before = require_user(connection, ref);
    return store_changes(connection, context, before, with_fields(before, fields, password_hash, context.now),
                         "user.update");
  });
}

UserResult set_password(const Context& context, std::string_view ref, std::string_view password,
                        const std::optional<std::string>& keep_session_id) {
  const std::string password_hash = hash_of_password(password);
  return context.db.write([&](db::Connection& connection) {
    return store_password(connection, context, require_user(connection, ref), password_hash,
                          "user.set_password", keep_session_id);
  });
}

std::string hash_of_password(std::string_view password) {
  if (const auto problem = crypto::password_problem(password)) throw Refused(*problem);
  return crypto::hash_password(password);
}

UserResult store_password(db::Connection& connection, const Context& context, const store::User& user,
                          const std::string& password_hash, std::string_view action,
                          const std::optional<std::string>& keep_session_id) {
  store::User after = user;
  after.password_hash = password_hash;
  // Who may set it need not wait for what others guessed at.
  store::delete_failed_attempts(connection, protocol::throttle_subject("account", user.id));
  return store_changes(connection, context, user, std::move(after), action, keep_session_id);
}

UserResult enable_user(const Context& context, std::string_view ref) {
  return set_enabled(context, ref, true);
}

UserResult disable_user(const Context& context, std::string_view ref) {
  return set_enabled(context, ref, false);
}

UserResult delete_user(const Context& context, std::string_view ref) {
  return context.db.write([&](db::Connection& connection) -> UserResult {
    const store::User user = require_user(connection, ref);
    store::ClientFilter owned;
    owned.owner_id = user.id;
    for (const store::Client& client : store::list_clients(connection, owned)) {
      record(connection, context, "client.delete", "client:" + client.id);  // it goes along
    }
    store::delete_user(connection, user.id);
    record(connection, context, "user.delete", object_of(user));
    return {user, true};
  });
}

store::User require_user(db::Connection& connection, std::string_view ref, bool is_id) {
  if (auto user = store::find_user(connection, ref)) return *user;
  if (is_id) refuse_unknown("user", ref);
  if (auto user = store::find_user_by_username(connection, ref)) return *user;
  if (auto user = store::find_user_by_email(connection, ref)) return *user;
  return only_one(ref.size() < shortest_id_prefix ? std::vector<store::User>()
                                                  : store::list_users_by_id_prefix(connection, ref),
                  "user", ref);
}

store::User require_user(const Context& context, std::string_view ref) {
  return context.db.read([&](db::Connection& connection) { return require_user(connection, ref); });
}

std::vector<store::User> list_users(const Context& context) {
  return context.db.read([](db::Connection& connection) { return store::list_users(connection); });
}

store::UserBelongings count_user_belongings(const Context& context, std::string_view ref) {
  return context.db.read([&](db::Connection& connection) {
    return store::count_user_belongings(connection, require_user(connection, ref).id);
  });
}

}  // namespace oauth2::admin
