#include "core/admin/keys.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/admin/error.h"
#include "core/admin/reference.h"
#include "core/crypto/signing.h"
#include "core/protocol/key_seal.h"
#include "core/server_key.h"
#include "core/store/clients.h"
#include "core/store/tokens.h"
#include "core/text.h"

namespace oauth2::admin {
namespace {

constexpr std::int64_t clock_slack = 60;  // seconds that a resource server's clock may be behind

std::string object_of(const store::SigningKey& key) { return "key:" + key.kid; }

store::SigningKey require_key(db::Connection& connection, std::string_view ref) {
  if (auto key = store::find_signing_key(connection, ref)) return *key;
  return only_one(ref.size() < shortest_id_prefix ? std::vector<store::SigningKey>()
                                                  : store::list_signing_keys_by_kid_prefix(connection, ref),
                  "key", ref, &store::SigningKey::kid);
}

crypto::SigningAlgorithm require_algorithm(std::string_view name) {
  const auto algorithm = crypto::find_signing_algorithm(name);
  if (!algorithm) {
    throw Refused(fmt::format("'{}' is no algorithm to sign with", text::escape_controls(name)),
                  "EdDSA, ES256 or RS256");
  }
  return *algorithm;
}

crypto::PrivateKey open_key(const store::SigningKey& key, const std::optional<std::string>& sealing_key) {
  try {
    return protocol::open_private_key(key, sealing_key);
  } catch (const protocol::CannotOpen& error) {
    throw Refused(
        error.what(),
        "'oauth2ctl key rewrap --old-key-from SOURCE' with the server's key of that time; without it, "
        "'oauth2ctl key retire' and a new key");
  }
}

bool opens(const store::SigningKey& key, const std::optional<std::string>& sealing_key) {
  try {
    protocol::open_private_key(key, sealing_key);
    return true;
  } catch (const protocol::CannotOpen&) {
    return false;
  }
}

// Until when a key that stops signing now is needed: for what it signed, and for what is being signed.
std::int64_t last_needed(db::Connection& connection, const Context& context, std::string_view kid) {
  const std::int64_t longest =
      std::max(context.settings.access_token_ttl, store::longest_access_token_ttl(connection));
  return clock_slack +
         std::max(context.now + longest, store::last_signed_expiry(connection, kid).value_or(0));
}

// With a fresh seal when it was none of the present key's; nullopt when it was.
std::optional<std::string> rewrapped(const store::SigningKey& key, const std::string& sealing_key,
                                     const std::optional<std::string>& old_sealing_key) {
  if (protocol::is_sealed(key) && opens(key, sealing_key)) return std::nullopt;
  return protocol::seal_private_key(open_key(key, old_sealing_key ? old_sealing_key : sealing_key), key.kid,
                                    sealing_key);
}

}  // namespace

std::vector<ListedKey> list_keys(const Context& context) {
  return context.db.read([](db::Connection& connection) {
    const auto current = store::find_current_signing_key(connection, std::nullopt);
    std::vector<ListedKey> list;
    for (store::SigningKey& key : store::list_signing_keys(connection)) {
      const bool is_default = key.kid == current.kid;
      list.push_back({std::move(key), is_default});
    }
    return list;
  });
}

store::SigningKey require_key(const Context& context, std::string_view ref) {
  return context.db.read([&](db::Connection& connection) { return require_key(connection, ref); });
}

store::SigningKey require_current_key(const Context& context, const std::optional<std::string>& algorithm) {
  return context.db.read([&](db::Connection& connection) {
    const auto current = store::find_current_signing_key(connection, algorithm);
    if (!current.kid) {
      throw NotFound(fmt::format("there is no key for {} yet", current.algorithm),
                     "the server makes one when it starts; 'oauth2ctl key rotate' does too");
    }
    return require_key(connection, *current.kid);
  });
}

std::string_view key_status(const store::SigningKey& key, std::int64_t now) {
  if (!key.retired_at) return "active";
  return key.is_published(now) ? "retiring" : "retired";
}

RotatedKey rotate_key(const Context& context, const std::optional<std::string>& algorithm,
                      const std::optional<std::int64_t>& overlap) {
  const auto which =
      require_algorithm(algorithm ? *algorithm : context.db.read([](db::Connection& connection) {
        return store::find_signing_algorithm(connection);
      }));
  const auto sealing_key = protocol::find_sealing_key(context.settings, context.db);
  const auto key = protocol::signing_key_row(protocol::make_private_key(which), sealing_key, context.now);
  return context.db.write([&](db::Connection& connection) {
    RotatedKey result{key, {}, {}};
    for (store::SigningKey& old : store::list_signing_keys(connection)) {
      if (old.retired_at) continue;
      if (!sealing_key) open_key(old, sealing_key);  // where one is sealed, no other comes to lie unsealed
      if (!opens(old, sealing_key)) result.closed.push_back(old.kid);
      if (old.algorithm != key.algorithm) continue;
      old.retired_at = context.now;
      old.expires_at = overlap ? context.now + *overlap : last_needed(connection, context, old.kid);
      store::retire_signing_key(connection, old.kid, context.now, *old.expires_at);
      result.old.push_back(old);
    }
    store::insert_signing_key(connection, key);
    if (algorithm) store::put_signing_algorithm(connection, key.algorithm);
    record(connection, context, "key.rotate", object_of(key));
    return result;
  });
}

RetiredKey retire_key(const Context& context, std::string_view ref) {
  return context.db.write([&](db::Connection& connection) {
    RetiredKey result{require_key(connection, ref)};
    result.revoked_tokens = store::count_signed_tokens(connection, result.key.kid, context.now);
    result.changed = result.key.is_published(context.now) || result.revoked_tokens > 0;
    if (!result.changed) return result;
    result.key.retired_at = result.key.expires_at = context.now;
    store::retire_signing_key(connection, result.key.kid, context.now, context.now);
    store::revoke_signed_tokens(connection, result.key.kid, context.now);
    record(connection, context, "key.retire", object_of(result.key));
    return result;
  });
}

std::int64_t count_signed_tokens(const Context& context, std::string_view kid) {
  return context.db.read(
      [&](db::Connection& connection) { return store::count_signed_tokens(connection, kid, context.now); });
}

std::string export_private_key(const Context& context, std::string_view ref) {
  const auto key = require_key(context, ref);
  const auto opened =
      open_key(key, protocol::is_sealed(key) ? protocol::find_sealing_key(context.settings, context.db)
                                             : std::nullopt);
  context.db.write(
      [&](db::Connection& connection) { record(connection, context, "key.export", object_of(key)); });
  return opened.pkcs8_pem();
}

std::vector<store::SigningKey> rewrap_keys(const Context& context,
                                           const std::optional<std::string>& old_server_key,
                                           const std::function<void(db::Connection&)>& beside) {
  const auto sealing_key = protocol::find_sealing_key(context.settings, context.db);
  if (!sealing_key) throw Refused("there is no server's key to seal under", "set server_key");
  const auto old_sealing_key =
      old_server_key ? std::optional(protocol::derive_sealing_key(*old_server_key)) : std::nullopt;
  return context.db.write([&](db::Connection& connection) {
    std::vector<store::SigningKey> changed;
    for (store::SigningKey& key : store::list_signing_keys(connection)) {
      if (!key.is_published(context.now)) continue;  // nobody will open it again
      const auto sealed = rewrapped(key, *sealing_key, old_sealing_key);
      if (!sealed) continue;
      key.private_sealed = *sealed;
      store::update_private_sealed(connection, key.kid, *sealed);
      record(connection, context, "key.rewrap", object_of(key));
      changed.push_back(key);
    }
    if (beside) beside(connection);
    return changed;
  });
}

}  // namespace oauth2::admin
