#include "core/protocol/signing_keys.h"

#include <fmt/format.h>

#include <stdexcept>

#include "core/db/error.h"
#include "core/protocol/context.h"
#include "core/protocol/key_seal.h"
#include "core/store/signing_keys.h"
#include "core/text.h"

namespace oauth2::protocol {
namespace {

store::CurrentSigningKey find_current(const Context& context, std::optional<std::string_view> algorithm) {
  const auto name = algorithm ? std::optional(std::string(*algorithm)) : std::nullopt;
  return context.db.read_latest(
      [&](db::Connection& connection) { return store::find_current_signing_key(connection, name); });
}

// Answers the kid of the key that signs from now on: this one, or that of another who was faster.
std::string store_first(const Context& context, const store::SigningKey& row) {
  return context.db.write([&](db::Connection& connection) {
    const auto current = store::find_current_signing_key(connection, row.algorithm);
    if (current.kid) return *current.kid;
    store::insert_signing_key(connection, row);
    record(connection, context, "server", "key.create", "key:" + row.kid);
    return row.kid;
  });
}

SigningKey open(const Context& context, std::string_view kid) {
  const auto row = context.db.read_latest(
      [&](db::Connection& connection) { return store::find_signing_key(connection, kid); });
  if (!row) throw std::runtime_error(fmt::format("the signing key {} is gone", kid));
  const auto sealing_key = is_sealed(*row) ? find_sealing_key(context.settings, context.db) : std::nullopt;
  const SigningKey key{row->kid, open_private_key(*row, sealing_key)};
  context.signing_keys.put(key);
  return key;
}

SigningKey make(const Context& context, crypto::SigningAlgorithm algorithm) {
  const std::lock_guard lock(context.signing_keys.making);
  auto kid = find_current(context, crypto::name(algorithm)).kid;  // who waited finds what was made meanwhile
  if (!kid) {
    // Before the key: without a place to keep it, none is made. RSA would cost every request a while.
    if (context.db.read_only()) throw db::Error(db::Error::Kind::read_only, "no key can be made: read only");
    const auto sealing_key = find_sealing_key(context.settings, context.db);
    const auto row = signing_key_row(make_private_key(algorithm), sealing_key, context.now);
    kid = store_first(context, row);
  }
  return open(context, *kid);
}

}  // namespace

std::optional<SigningKey> SigningKeys::find(crypto::SigningAlgorithm algorithm, std::string_view kid) const {
  const std::lock_guard lock(mutex_);
  const auto& key = keys_.at(static_cast<std::size_t>(algorithm));
  return key && key->kid == kid ? key : std::nullopt;
}

void SigningKeys::put(const SigningKey& key) {
  const std::lock_guard lock(mutex_);
  keys_.at(static_cast<std::size_t>(key.key.algorithm())) = key;
}

SigningKey require_signing_key(const Context& context, std::optional<std::string_view> algorithm) {
  const auto current = find_current(context, algorithm);
  const auto known = crypto::find_signing_algorithm(current.algorithm);
  if (!known) {
    throw std::runtime_error(fmt::format("'{}' is no algorithm that this server signs with",
                                         text::escape_controls(current.algorithm)));
  }
  if (!current.kid) return make(context, *known);
  if (auto key = context.signing_keys.find(*known, *current.kid)) return std::move(*key);
  return open(context, *current.kid);
}

void prepare_signing_keys(const Context& context) {
  require_signing_key(context, std::nullopt);
  require_signing_key(context, "RS256");
}

Answer jwks(const Context& context) {
  const auto keys = context.db.read_latest(
      [&](db::Connection& connection) { return store::list_public_jwks(connection, context.now); });
  return {fmt::format(R"({{"keys":[{}]}})", text::join(keys, ","))};
}

}  // namespace oauth2::protocol
