#include "core/admin/password_resets.h"

#include "core/admin/users.h"
#include "core/crypto/hash.h"
#include "core/crypto/random.h"
#include "core/store/password_resets.h"

namespace oauth2::admin {
namespace {

constexpr std::size_t token_length = 43;  // 256 bits

}  // namespace

ResetLink create_reset_link(const Context& context, std::string_view user_ref, std::int64_t expires_in) {
  const std::string token = crypto::random_base62(token_length);
  return context.db.write([&](db::Connection& connection) -> ResetLink {
    const store::User user = require_user(connection, user_ref);
    const std::int64_t expires_at = context.now + expires_in;
    store::delete_unused_password_resets(connection, user.id);
    store::insert_password_reset(
        connection, {crypto::sha256_base64url(token), user.id, context.now, expires_at, std::nullopt});
    record(connection, context, "user.reset_link", "user:" + user.id);
    return {context.settings.issuer + "/reset?token=" + token, expires_at, user};
  });
}

std::optional<store::User> find_reset(db::Connection& connection, const Context& context,
                                      std::string_view token) {
  const auto reset = store::find_password_reset(connection, crypto::sha256_base64url(token));
  if (!reset || reset->used_at || reset->expires_at <= context.now) return std::nullopt;
  auto user = store::find_user(connection, reset->user_id);
  if (!user || user->disabled_at) return std::nullopt;
  return user;
}

std::optional<store::User> find_reset(const Context& context, std::string_view token) {
  return context.db.read([&](db::Connection& connection) { return find_reset(connection, context, token); });
}

std::optional<store::User> use_reset_link(const Context& context, std::string_view token,
                                          const std::function<std::string()>& password_hash_of) {
  if (!find_reset(context, token)) return std::nullopt;  // junk costs no hash
  const std::string password_hash = password_hash_of();
  return context.db.write([&](db::Connection& connection) -> std::optional<store::User> {
    const auto user = find_reset(connection, context, token);
    if (!user || !store::use_password_reset(connection, crypto::sha256_base64url(token), context.now))
      return std::nullopt;
    Context as_user = context;
    as_user.actor = "user:" + user->id;
    return store_password(connection, as_user, *user, password_hash, "user.reset_password").user;
  });
}

}  // namespace oauth2::admin
