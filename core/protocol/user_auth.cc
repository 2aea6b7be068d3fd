#include "core/protocol/user_auth.h"

#include <optional>

#include "core/crypto/password.h"
#include "core/crypto/password_workers.h"
#include "core/protocol/error.h"
#include "core/protocol/throttle.h"
#include "core/text.h"

namespace oauth2::protocol {
namespace {

// What a user may be called: no database is asked for anything else.
bool is_possible_name(std::string_view name) {
  return name.size() <= 254 && text::is_utf8(name) && !text::has_control(name);
}

std::optional<store::User> find_named(db::Connection& connection, std::string_view name) {
  if (!is_possible_name(name)) return std::nullopt;
  if (auto user = store::find_user_by_username(connection, name)) return user;
  return store::find_user_by_email(connection, name);
}

// A user's username and e-mail are one account; a name that is nobody's is throttled like one.
std::string account_subject(const std::optional<store::User>& user, std::string_view name) {
  return user ? throttle_subject("account", user->id) : throttle_subject("name", text::lower(name));
}

// Why the user may not come in; nullptr when they may. Always verifies once, so that time tells nothing.
const char* judge(const Context& context, const std::optional<store::User>& user, std::string_view password) {
  const bool has_password = user && user->password_hash;
  const bool possible = crypto::is_possible_password(password);
  const bool right = context.password_workers.compute(
      [given = std::string(possible ? password : ""),
       phc = has_password ? *user->password_hash : crypto::nobodys_password_hash()] {
        return crypto::verify_password(given, phc);
      });
  if (!user) return "the user is unknown";
  if (!has_password) return "the user has no password";
  if (!possible || !right) return "the password is wrong";
  if (user->disabled_at) return "the user is disabled";
  return nullptr;
}

struct Guess {
  std::optional<store::User> user;
  std::string account;
};

Guess look_up(const Context& context, std::string_view name) {
  return context.db.read_latest([&](db::Connection& connection) {
    auto user = find_named(connection, name);
    const std::string account = account_subject(user, name);
    require_not_blocked(connection, context, with_address(context, account), "too many failed sign-ins");
    return Guess{std::move(user), account};
  });
}

// In one turn from the look at the blocks to the count of the failure, so that of many guesses at once only
// as many as there are turns pass before the first of them counts.
store::User authenticate_in_turn(const Context& context, std::string_view name, std::string_view password) {
  const Guess guess = look_up(context, name);
  if (const char* failure = judge(context, guess.user, password)) {
    const auto seconds = context.db.write([&](db::Connection& connection) {
      return count_failure(connection, context, with_address(context, guess.account));
    });
    throw Error(invalid_grant, failure, seconds);
  }
  forget_failures(context, guess.account);
  return *guess.user;
}

}  // namespace

store::User authenticate_user(const Context& context, std::string_view name, std::string_view password) {
  look_up(context, name);  // who is blocked takes nobody's place in the queue
  try {
    const auto turn = context.password_workers.wait_for_turn();
    return authenticate_in_turn(context, name, password);
  } catch (const crypto::TooManyWaiting& error) {
    throw Error(temporarily_unavailable, error.what(), error.retry_after);
  }
}

}  // namespace oauth2::protocol
