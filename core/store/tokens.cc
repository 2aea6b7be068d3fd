#include "core/store/tokens.h"

#include "core/store/id_prefix.h"

namespace oauth2::store {
namespace {

constexpr std::string_view from_tokens =
    "FROM tokens t LEFT JOIN users u ON u.id = t.user_id LEFT JOIN clients c ON c.id = t.client_id"
    " LEFT JOIN users o ON o.id = c.owner_id ";

const std::string select_tokens =
    "SELECT t.id, t.token_hash, t.kind, t.client_id, t.user_id, t.name, t.scope, t.audience, t.internal, "
    "t.family_id,"
    " t.created_at, t.expires_at, t.last_used_at, t.revoked_at, t.rotated_at, u.username, c.name,"
    " COALESCE(u.disabled_at, c.disabled_at, o.disabled_at), t.lifetime, t.successor_sealed " +
    std::string(from_tokens);

Token token_from(const db::Row& row) {
  Token token;
  token.id = row.text(0);
  token.token_hash = row.text(1);
  token.kind = row.text(2);
  token.client_id = row.optional_text(3);
  token.user_id = row.optional_text(4);
  token.name = row.optional_text(5);
  token.scope = row.text(6);
  token.audience = row.optional_text(7);
  token.internal = row.flag(8);
  token.family_id = row.optional_text(9);
  token.created_at = row.integer(10);
  token.expires_at = row.optional_integer(11);
  token.last_used_at = row.optional_integer(12);
  token.revoked_at = row.optional_integer(13);
  token.rotated_at = row.optional_integer(14);
  token.username = row.optional_text(15);
  token.client_name = row.optional_text(16);
  token.holder_disabled = !row.is_null(17);
  token.lifetime = row.optional_integer(18);
  token.successor_sealed = row.optional_text(19);
  return token;
}

std::vector<Token> select(db::Connection& connection, std::string_view rest,
                          const db::Parameters& parameters) {
  std::vector<Token> tokens;
  connection.run(select_tokens + std::string(rest), parameters,
                 [&](const db::Row& row) { tokens.push_back(token_from(row)); });
  return tokens;
}

constexpr std::string_view dead = "(expires_at < $1 OR revoked_at < $1)";

}  // namespace

void insert_token(db::Connection& connection, const Token& token) {
  connection.run(
      "INSERT INTO tokens (id, token_hash, kind, client_id, user_id, name, scope, audience, internal, "
      "family_id,"
      " created_at, expires_at, lifetime) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
      {token.id, token.token_hash, token.kind, token.client_id, token.user_id, token.name, token.scope,
       token.audience, std::int64_t{token.internal}, token.family_id, token.created_at, token.expires_at,
       token.lifetime});
}

void update_token(db::Connection& connection, const Token& token) {
  connection.run(
      "UPDATE tokens SET name = $2, scope = $3, expires_at = $4, rotated_at = $5, lifetime = $6 WHERE id = "
      "$1",
      {token.id, token.name, token.scope, token.expires_at, token.rotated_at, token.lifetime});
}

std::optional<Token> find_token(db::Connection& connection, std::string_view id) {
  static const std::string sql = select_tokens + "WHERE t.id = $1";
  std::optional<Token> token;
  connection.run(sql, {id}, [&](const db::Row& row) { token = token_from(row); });
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
  return select(connection, "WHERE t.id >= $1 AND t.id < $2 ORDER BY t.id", {prefix, after_prefix(prefix)});
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
    "          AND u.disabled_at IS NULL AND c.disabled_at IS NULL AND o.disabled_at IS NULL))"
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
  std::int64_t count = 0;
  connection.run("SELECT count(*) " + std::string(from_tokens) + std::string(fits_filter),
                 parameters_of(filter), [&](const db::Row& row) { count = row.integer(0); });
  return count;
}

bool rotate_refresh_token(db::Connection& connection, std::string_view id, std::int64_t now,
                          std::string_view successor_sealed) {
  return connection.run(
             "UPDATE tokens SET rotated_at = $2, successor_sealed = $3"
             " WHERE id = $1 AND kind = 'refresh' AND rotated_at IS NULL AND revoked_at IS NULL",
             {id, now, successor_sealed}) > 0;
}

std::int64_t revoke_token(db::Connection& connection, std::string_view id, std::int64_t now) {
  return connection.run("UPDATE tokens SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL", {id, now});
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

void touch_token(db::Connection& connection, std::string_view id, std::int64_t now, std::int64_t seconds) {
  connection.run(
      "UPDATE tokens SET last_used_at = $2 WHERE id = $1 AND (last_used_at IS NULL OR last_used_at <= $2 - "
      "$3)",
      {id, now, seconds});
}

std::int64_t delete_dead_tokens(db::Connection& connection, std::int64_t before, std::int64_t most) {
  return connection.run(
      "DELETE FROM tokens WHERE id IN (SELECT id FROM tokens WHERE " + std::string(dead) + " LIMIT $2)",
      {before, most});
}

std::int64_t count_dead_tokens(db::Connection& connection, std::int64_t before) {
  std::int64_t count = 0;
  connection.run("SELECT count(*) FROM tokens WHERE " + std::string(dead), {before},
                 [&](const db::Row& row) { count = row.integer(0); });
  return count;
}

}  // namespace oauth2::store
