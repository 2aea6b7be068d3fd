#include "core/store/signing_keys.h"

#include "core/store/deployment.h"
#include "core/store/expired.h"
#include "core/store/id_prefix.h"

namespace oauth2::store {
namespace {

constexpr std::string_view signing_algorithm = "signing_alg";  // in the table of the deployment
constexpr std::string_view usual_algorithm = "EdDSA";

std::vector<SigningKey> select(db::Connection& connection, std::string_view rest,
                               const db::Parameters& parameters) {
  std::vector<SigningKey> keys;
  connection.run(std::string("SELECT kid, algorithm, public_jwk, private_sealed, created_at, retired_at,"
                             " expires_at FROM signing_keys ")
                     .append(rest),
                 parameters, [&](const db::Row& row) {
                   keys.push_back({row.text(0), row.text(1), row.text(2), row.text(3), row.integer(4),
                                   row.optional_integer(5), row.optional_integer(6)});
                 });
  return keys;
}

}  // namespace

void insert_signing_key(db::Connection& connection, const SigningKey& key) {
  connection.run(
      "INSERT INTO signing_keys (kid, algorithm, public_jwk, private_sealed, created_at)"
      " VALUES ($1, $2, $3, $4, $5)",
      {key.kid, key.algorithm, key.public_jwk, key.private_sealed, key.created_at});
}

std::optional<SigningKey> find_signing_key(db::Connection& connection, std::string_view kid) {
  auto keys = select(connection, "WHERE kid = $1", {kid});
  return keys.empty() ? std::nullopt : std::optional(std::move(keys.front()));
}

std::vector<SigningKey> list_signing_keys(db::Connection& connection) {
  return select(connection, "ORDER BY created_at DESC, kid", {});
}

std::vector<SigningKey> list_signing_keys_by_kid_prefix(db::Connection& connection, std::string_view prefix) {
  return select(connection, "WHERE kid >= $1 AND kid < $2 ORDER BY kid", {prefix, after_prefix(prefix)});
}

std::vector<std::string> list_public_jwks(db::Connection& connection, std::int64_t now) {
  std::vector<std::string> jwks;
  connection.run(
      "SELECT public_jwk FROM signing_keys WHERE expires_at IS NULL"
      " OR (expires_at > $1 AND (retired_at IS NULL OR expires_at > retired_at)) ORDER BY created_at DESC, "
      "kid",
      {now}, [&](const db::Row& row) { jwks.push_back(row.text(0)); });
  return jwks;
}

std::string find_signing_algorithm(db::Connection& connection) {
  return find_deployment_value(connection, signing_algorithm).value_or(std::string(usual_algorithm));
}

void put_signing_algorithm(db::Connection& connection, std::string_view algorithm) {
  put_deployment_value(connection, signing_algorithm, algorithm);
}

CurrentSigningKey find_current_signing_key(db::Connection& connection,
                                           const std::optional<std::string>& algorithm) {
  CurrentSigningKey current;
  connection.run(
      "SELECT a.algorithm, (SELECT k.kid FROM signing_keys k WHERE k.algorithm = a.algorithm"
      " AND k.retired_at IS NULL ORDER BY k.created_at DESC, k.kid LIMIT 1)"
      " FROM (SELECT COALESCE(CAST($1 AS TEXT), (SELECT value FROM deployment WHERE name = $2), $3)"
      " AS algorithm) a",
      {algorithm, signing_algorithm, usual_algorithm}, [&](const db::Row& row) {
        current = {row.text(0), row.optional_text(1)};
      });
  return current;
}

void retire_signing_key(db::Connection& connection, std::string_view kid, std::int64_t now,
                        std::int64_t expires_at) {
  connection.run("UPDATE signing_keys SET retired_at = $2, expires_at = $3 WHERE kid = $1",
                 {kid, now, expires_at});
}

void update_private_sealed(db::Connection& connection, std::string_view kid,
                           std::string_view private_sealed) {
  connection.run("UPDATE signing_keys SET private_sealed = $2 WHERE kid = $1", {kid, private_sealed});
}

std::int64_t delete_expired_signing_keys(db::Connection& connection, std::int64_t before, std::int64_t most) {
  return delete_expired(connection, "signing_keys", "kid", before, most);
}

std::int64_t count_expired_signing_keys(db::Connection& connection, std::int64_t before) {
  return count_expired(connection, "signing_keys", before);
}

}  // namespace oauth2::store
