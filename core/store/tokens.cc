#include "core/store/tokens.h"

#include "core/crypto/token_string.h"
#include "core/store/columns.h"
#include "core/store/id_prefix.h"

namespace oauth2::store {
namespace {

const std::string from_tokens = " FROM tokens t " + std::string(columns::join_token_holders);
const std::string select_tokens = "SELECT " + std::string(columns::token) + from_tokens;

std::vector<Token> select(db::Connection& connection, std::string_view rest,
                          const db::Parameters& parameters) {
  std::vector<Token> tokens;
  connection.run(select_tokens + std::string(rest), parameters,
                 [&](const db::Row& row) { tokens.push_back(columns::token_from(row)); });
  return tokens;
}

constexpr std::string_view dead = "(expires_at < $1 OR revoked_at < $1)";

}  // namespace

Token columns::token_from(const db::Row& row, int first) {
  Token token;
  token.id = row.text(first);
  token.token_hash = row.text(first + 1);
  token.kind = row.text(first + 2);
  token.client_id = row.optional_text(first + 3);
  token.user_id = row.optional_text(first + 4);
  token.name = row.optional_text(first + 5);
  token.scope = row.text(first + 6);
  token.audience = row.optional_text(first + 7);
  token.internal = row.flag(first + 8);
  token.family_id = row.optional_text(first + 9);
  token.created_at = row.integer(first + 10);
  token.expires_at = row.optional_integer(first + 11);
  token.last_used_at = row.optional_integer(first + 12);
  token.revoked_at = row.optional_integer(first + 13);
  token.rotated_at = row.optional_integer(first + 14);
  token.username = row.optional_text(first + 15);
  token.client_name = row.optional_text(first + 16);
  token.holder_disabled = !row.is_null(first + 17);
  token.lifetime = row.optional_integer(first + 18);
  token.successor_sealed = row.optional_text(first + 19);
  return token;
}

namespace {

constexpr std::string_view insert_columns =
    "INSERT INTO tokens (id, token_hash, kind, client_id, user_id, name, scope, audience, internal,"
    " family_id, created_at, expires_at, lifetime, signing_kid, issued_ms) ";

db::Parameters parameters_of(const Token& token) {
  return {token.id,        token.token_hash,  token.kind,
          token.client_id, token.user_id,     token.name,
          token.scope,     token.audience,    std::int64_t{token.internal},
          token.family_id, token.created_at,  token.expires_at,
          token.lifetime,  token.signing_kid, crypto::issued_ms_of(token.id)};
}

}  // namespace

void insert_token(db::Connection& connection, const Token& token) {
  static const std::string sql = std::string(insert_columns) +
                                 "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
  connection.run(sql, parameters_of(token));
}

bool insert_token_of_live_client(db::Connection& connection, const Token& token,
                                 std::string_view secret_hash) {
  static const std::string sql =
      std::string(insert_columns) + "VALUES ($1, (SELECT CAST($2 AS TEXT)" +
      std::string(columns::from_clients) +
      "WHERE c.id = $4 AND c.disabled_at IS NULL AND o.disabled_at IS NULL"
      " AND ((CAST($16 AS TEXT) = '' AND c.token_endpoint_auth_method = 'none') OR EXISTS"
      "  (SELECT 1 FROM client_secrets s WHERE s.client_id = c.id AND s.secret_hash = $16"
      "   AND (s.expires_at IS NULL OR s.expires_at > $11)))"
      " AND (CAST($14 AS TEXT) IS NULL OR EXISTS"
      "  (SELECT 1 FROM signing_keys k WHERE k.kid = $14 AND (k.expires_at IS NULL"
      "   OR (k.expires_at > $11 AND k.expires_at > k.retired_at))))),"
      " $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
  db::Parameters parameters = parameters_of(token);
  parameters.emplace_back(secret_hash);
  try {
    return connection.run(sql, parameters) > 0;
  } catch (const db::NoValue&) {
    return false;
  }
}

void update_token(db::Connection& connection, const Token& token) {
  connection.run(
      "UPDATE tokens SET name = $2, scope = $3, expires_at = $4, rotated_at = $5, lifetime = $6"
      " WHERE issued_ms = $7 AND id = $1",
      {token.id, token.name, token.scope, token.expires_at, token.rotated_at, token.lifetime,
       crypto::issued_ms_of(token.id)});
}

std::optional<Token> find_token(db::Connection& connection, std::string_view id) {
  static const std::string sql = select_tokens + "WHERE t.issued_ms = $2 AND t.id = $1";
  std::optional<Token> token;
  connection.run(sql, {id, crypto::issued_ms_of(id)},
                 [&](const db::Row& row) { token = columns::token_from(row); });
  return token;
}

std::optional<Token> find_personal_token(db::Connection& connection, std::string_view user_id,
                                         std::string_view name) {
  auto tokens = select(connection,
                       "WHERE t.user_id = $1 AND t.name = $2 AND t.kind = 'personal' AND t.revoked_at IS NULL"
                       " AND t.rotated_at IS NULL",
                       {user_id, name});
  return tokens.empty() ? std::nullopt : std::optional(std::move(tokens.front()));
}

std::vector<Token> list_tokens_by_name(db::Connection& connection, std::string_view name) {
  return select(connection,
                "WHERE t.name = $1 AND t.kind = 'personal' AND t.revoked_at IS NULL AND t.rotated_at IS NULL"
                " ORDER BY t.id",
                {name});
}

std::vector<Token> list_tokens_by_id_prefix(db::Connection& connection, std::string_view prefix) {
  // Reads all of the key's index, which is small beside the rows; see delete_dead_tokens for the order.
  return select(connection,
                "WHERE (t.id, t.issued_ms) IN (SELECT id, issued_ms FROM tokens WHERE id >= $1 AND id < $2)"
                " ORDER BY t.id",
                {prefix, after_prefix(prefix)});
}

namespace {

constexpr std::string_view fits_filter =
    "WHERE (CAST($1 AS TEXT) IS NULL OR t.user_id = $1)"
    " AND (CAST($2 AS TEXT) IS NULL OR t.client_id = $2)"
    " AND (CAST($3 AS TEXT) IS NULL OR t.kind = $3)"
    " AND (CAST($4 AS TEXT) IS NULL"
    "      OR replace(' ' || t.scope || ' ', ' ' || $4 || ' ', ' ') <> ' ' || t.scope || ' ')"
    " AND (CAST($5 AS BIGINT) IS NULL OR t.expires_at < $5)"
    " AND (CAST($6 AS BIGINT) IS NULL OR COALESCE(t.last_used_at, t.created_at) < $6)"
    " AND (CAST($7 AS BIGINT) IS NULL OR t.created_at < $7)"
    " AND (CAST($8 AS BIGINT) IS NULL"
    "      OR (t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > $8)"
    "          AND (t.rotated_at IS NULL OR t.kind <> 'refresh')"
    "          AND tu.disabled_at IS NULL AND tc.disabled_at IS NULL AND tw.disabled_at IS NULL))"
    " AND (CAST($9 AS BIGINT) IS NULL"
    "      OR (t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > $9)))";

db::Parameters parameters_of(const TokenFilter& filter) {
  return {filter.user_id,        filter.client_id,      filter.kind,
          filter.scope,          filter.expires_before, filter.unused_since,
          filter.created_before, filter.active_at,      filter.revocable_at};
}

}  // namespace

std::vector<Token> list_tokens(db::Connection& connection, const TokenFilter& filter) {
  return select(connection, std::string(fits_filter) + " ORDER BY t.created_at DESC, t.id",
                parameters_of(filter));
}

std::int64_t count_tokens(db::Connection& connection, const TokenFilter& filter) {
  return connection.number("SELECT count(*) " + from_tokens + std::string(fits_filter),
                           parameters_of(filter));
}

namespace {

// $1: the user, $2: now. A filter that may be absent would keep the index out.
constexpr std::string_view on_own_pages =
    "WHERE t.user_id = $1 AND t.kind = 'personal' AND t.internal = 0 AND t.revoked_at IS NULL"
    " AND (t.rotated_at IS NULL OR t.expires_at > $2)";

}  // namespace

std::vector<Token> list_personal_tokens(db::Connection& connection, std::string_view user_id,
                                        std::int64_t now, const Page& page) {
  return select(connection,
                std::string(on_own_pages) + " ORDER BY t.created_at DESC, t.id LIMIT $3 OFFSET $4",
                {user_id, now, page.limit, page.offset});
}

std::int64_t count_personal_tokens(db::Connection& connection, std::string_view user_id, std::int64_t now) {
  static const std::string sql = "SELECT count(*) FROM tokens t " + std::string(on_own_pages);
  return connection.number(sql, {user_id, now});
}

std::int64_t count_revocable_client_tokens(db::Connection& connection, std::string_view client_id,
                                           std::int64_t now) {
  return connection.number(
      "SELECT count(*) FROM tokens WHERE client_id = $1 AND revoked_at IS NULL"
      " AND (rotated_at IS NULL OR kind <> 'refresh') AND (expires_at IS NULL OR expires_at > $2)",
      {client_id, now});
}

bool rotate_refresh_token(db::Connection& connection, std::string_view id, std::int64_t now,
                          std::string_view successor_sealed) {
  return connection.run(
             "UPDATE tokens SET rotated_at = $2, successor_sealed = $3"
             " WHERE issued_ms = $4 AND id = $1 AND kind = 'refresh'"
             " AND rotated_at IS NULL AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)"
             " AND NOT EXISTS"
             "  (SELECT 1 FROM users u WHERE u.id = tokens.user_id AND u.disabled_at IS NOT NULL)",
             {id, now, successor_sealed, crypto::issued_ms_of(id)}) > 0;
}

std::int64_t revoke_token(db::Connection& connection, std::string_view id, std::int64_t now) {
  return connection.run(
      "UPDATE tokens SET revoked_at = $2 WHERE issued_ms = $3 AND id = $1 AND revoked_at IS NULL",
      {id, now, crypto::issued_ms_of(id)});
}

std::int64_t revoke_token_family(db::Connection& connection, std::string_view family_id, std::int64_t now) {
  return connection.run("UPDATE tokens SET revoked_at = $2 WHERE family_id = $1 AND revoked_at IS NULL",
                        {family_id, now});
}

std::int64_t revoke_token_with_family(db::Connection& connection, const Token& token, std::int64_t now) {
  std::int64_t revoked = revoke_token(connection, token.id, now);
  if (token.kind == "refresh" && token.family_id)
    revoked += revoke_token_family(connection, *token.family_id, now);
  return revoked;
}

// COALESCE keeps the client's index out: a client may have millions of tokens, a user has few.
std::int64_t revoke_tokens_of_grant(db::Connection& connection, std::string_view user_id,
                                    std::string_view client_id, std::int64_t now) {
  return connection.run(
      "UPDATE tokens SET revoked_at = $3 WHERE user_id = $1 AND COALESCE(client_id, '') = $2"
      " AND kind IN ('access', 'refresh') AND revoked_at IS NULL",
      {user_id, client_id, now});
}

std::int64_t revoke_user_refresh_tokens(db::Connection& connection, std::string_view user_id,
                                        std::int64_t now) {
  return connection.run(
      "UPDATE tokens SET revoked_at = $2 WHERE user_id = $1 AND kind = 'refresh' AND revoked_at IS NULL",
      {user_id, now});
}

std::int64_t count_signed_tokens(db::Connection& connection, std::string_view kid, std::int64_t now) {
  return connection.number(
      "SELECT count(*) FROM tokens WHERE signing_kid = $1 AND revoked_at IS NULL AND expires_at > $2",
      {kid, now});
}

std::optional<std::int64_t> last_signed_expiry(db::Connection& connection, std::string_view kid) {
  std::optional<std::int64_t> last;
  connection.run("SELECT MAX(expires_at) FROM tokens WHERE signing_kid = $1 AND revoked_at IS NULL", {kid},
                 [&](const db::Row& row) { last = row.optional_integer(0); });
  return last;
}

void revoke_signed_tokens(db::Connection& connection, std::string_view kid, std::int64_t now) {
  connection.run("UPDATE tokens SET revoked_at = $2 WHERE signing_kid = $1 AND revoked_at IS NULL",
                 {kid, now});
}

void touch_token(db::Connection& connection, std::string_view id, std::int64_t now, std::int64_t seconds) {
  connection.run(
      "UPDATE tokens SET last_used_at = $2 WHERE issued_ms = $4 AND id = $1 AND (last_used_at IS NULL"
      " OR last_used_at <= CAST($2 AS BIGINT) - CAST($3 AS BIGINT))",
      {id, now, seconds, crypto::issued_ms_of(id)});
}

// In this order SQLite looks each of them up by both columns; by (issued_ms, id) it reads all rows of the
// same issued_ms, and that of personal and older tokens is 0.
std::int64_t delete_dead_tokens(db::Connection& connection, std::int64_t before, std::int64_t most) {
  return connection.run(
      "DELETE FROM tokens WHERE (id, issued_ms) IN (SELECT id, issued_ms FROM tokens WHERE " +
          std::string(dead) + " LIMIT $2)",
      {before, most});
}

std::int64_t count_dead_tokens(db::Connection& connection, std::int64_t before) {
  return connection.number("SELECT count(*) FROM tokens WHERE " + std::string(dead), {before});
}

}  // namespace oauth2::store
