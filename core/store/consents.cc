#include "core/store/consents.h"

#include <algorithm>

#include "core/store/id_prefix.h"
#include "core/text.h"

namespace oauth2::store {
namespace {

const std::string columns =
    "SELECT k.id, k.user_id, k.client_id, k.scope, k.created_at, k.updated_at, u.username, c.name";
constexpr std::string_view joined =
    "JOIN users u ON u.id = k.user_id JOIN clients c ON c.id = k.client_id"
    " LEFT JOIN users o ON o.id = c.owner_id ";
const std::string from = " FROM consents k " + std::string(joined);
const std::string select_consents = columns + from;

// Of live tokens `t`, as Token::is_active has it.
constexpr std::string_view live_sums =
    ", t.scope, count(t.id) AS tokens, max(COALESCE(t.last_used_at, t.created_at)) AS used_at";

// `now`: its parameter.
std::string is_live(const std::string& now) {
  return " t.kind IN ('access', 'refresh') AND t.revoked_at IS NULL"
         " AND (t.rotated_at IS NULL OR t.kind <> 'refresh')"
         " AND (t.expires_at IS NULL OR t.expires_at > " +
         now + ")";
}

constexpr std::string_view nobody_disabled =
    " AND u.disabled_at IS NULL AND c.disabled_at IS NULL AND o.disabled_at IS NULL ";

// One row for each consent and scope of its live tokens, or one without a scope. COALESCE keeps the client's
// index out: a client may have millions of tokens, a user has few, and SQLite cannot tell.
// `order`: ends with k.id.
std::string select_with_tokens(const std::string& now, const std::string& where, const std::string& order) {
  return columns + std::string(live_sums) + from +
         "LEFT JOIN tokens t ON t.user_id = k.user_id AND COALESCE(t.client_id, '') = k.client_id AND" +
         is_live(now) + std::string(nobody_disabled) + where +
         " GROUP BY k.created_at, k.id, u.id, c.id, t.scope ORDER BY " + order + ", t.scope";
}

Consent consent_from(const db::Row& row) {
  Consent consent;
  consent.id = row.text(0);
  consent.user_id = row.text(1);
  consent.client_id = row.text(2);
  consent.scope = row.text(3);
  consent.created_at = row.integer(4);
  consent.updated_at = row.integer(5);
  consent.username = row.text(6);
  consent.client_name = row.text(7);
  return consent;
}

std::string with_words(std::string scope, std::string_view more) {
  auto words = text::words(scope);
  for (std::string& word : text::words(more)) {
    if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(std::move(word));
  }
  return text::join(words);
}

// Rows of one consent follow each other.
std::vector<Consent> select_counted(db::Connection& connection, const std::string& sql,
                                    const db::Parameters& parameters) {
  std::vector<Consent> consents;
  connection.run(sql, parameters, [&](const db::Row& row) {
    if (consents.empty() || consents.back().id != row.text(0)) {
      consents.push_back(consent_from(row));
      consents.back().allowed_scope = consents.back().scope;
    }
    if (row.is_null(8)) return;  // no live token
    Consent& consent = consents.back();
    consent.allowed_scope = with_words(std::move(consent.allowed_scope), row.text(8));
    consent.live_tokens += row.integer(9);
    consent.last_used_at = std::max(consent.last_used_at, row.optional_integer(10));
  });
  return consents;
}

// $1 and $2; one text for each choice: with an OR, no index is used.
std::string where_fits(const ConsentFilter& filter) {
  return std::string(filter.user_id ? "WHERE k.user_id = $1" : "WHERE CAST($1 AS TEXT) IS NULL") +
         (filter.client_id ? " AND k.client_id = $2" : " AND CAST($2 AS TEXT) IS NULL");
}

}  // namespace

Consent insert_or_widen_consent(db::Connection& connection, const Consent& consent) {
  const auto there = find_consent_of(connection, consent.user_id, consent.client_id);
  if (!there) {
    connection.run(
        "INSERT INTO consents (id, user_id, client_id, scope, created_at, updated_at)"
        " VALUES ($1, $2, $3, $4, $5, $6)",
        {consent.id, consent.user_id, consent.client_id, consent.scope, consent.created_at,
         consent.updated_at});
    return *find_consent_of(connection, consent.user_id, consent.client_id);
  }
  Consent widened = *there;
  widened.scope = with_words(there->scope, consent.scope);
  if (widened.scope == there->scope) return widened;
  widened.updated_at = consent.updated_at;
  connection.run("UPDATE consents SET scope = $2, updated_at = $3 WHERE id = $1",
                 {widened.id, widened.scope, widened.updated_at});
  return widened;
}

std::optional<Consent> find_consent_of(db::Connection& connection, std::string_view user_id,
                                       std::string_view client_id) {
  static const std::string sql = select_consents + "WHERE k.user_id = $1 AND k.client_id = $2";
  std::optional<Consent> consent;
  connection.run(sql, {user_id, client_id}, [&](const db::Row& row) { consent = consent_from(row); });
  return consent;
}

std::optional<Consent> find_consent(db::Connection& connection, std::string_view id, std::int64_t now) {
  auto consents = select_counted(connection, select_with_tokens("$2", "WHERE k.id = $1", "k.id"), {id, now});
  return consents.empty() ? std::nullopt : std::optional(std::move(consents.front()));
}

std::vector<Consent> list_consents_by_id_prefix(db::Connection& connection, std::string_view prefix,
                                                std::int64_t now) {
  return select_counted(connection, select_with_tokens("$3", "WHERE k.id >= $1 AND k.id < $2", "k.id"),
                        {prefix, after_prefix(prefix), now});
}

std::vector<Consent> list_consents(db::Connection& connection, const ConsentFilter& filter,
                                   std::int64_t now) {
  return select_counted(connection, select_with_tokens("$3", where_fits(filter), "k.created_at DESC, k.id"),
                        {filter.user_id, filter.client_id, now});
}

std::int64_t count_consents(db::Connection& connection, const ConsentFilter& filter) {
  return connection.number("SELECT count(*) FROM consents k " + where_fits(filter),
                           {filter.user_id, filter.client_id});
}

namespace {

// $1: the user, $2: now. The user's live tokens are read in one pass, however many consents there are.
// `some`: which of the user's consents.
std::vector<Consent> select_used(db::Connection& connection, std::string_view some,
                                 const db::Parameters& parameters) {
  static const std::string sql =
      columns + ", live.scope, live.tokens, live.used_at FROM (SELECT * FROM consents WHERE user_id = $1 ";
  static const std::string rest =
      std::string(") k ") + std::string(joined) + "LEFT JOIN (SELECT t.client_id" + std::string(live_sums) +
      " FROM tokens t WHERE t.user_id = $1 AND" + is_live("$2") +
      " GROUP BY t.client_id, t.scope) live ON live.client_id = k.client_id" + std::string(nobody_disabled) +
      "ORDER BY k.created_at DESC, k.id, live.scope";
  return select_counted(connection, sql + std::string(some) + rest, parameters);
}

}  // namespace

std::vector<Consent> list_consents_of_user(db::Connection& connection, std::string_view user_id,
                                           std::int64_t now, const Page& page) {
  return select_used(connection, "ORDER BY created_at DESC, id LIMIT $3 OFFSET $4",
                     {user_id, now, page.limit, page.offset});
}

std::optional<Consent> find_consent_of_user(db::Connection& connection, std::string_view user_id,
                                            std::string_view id, std::int64_t now) {
  auto consents = select_used(connection, "AND id = $3", {user_id, now, id});
  return consents.empty() ? std::nullopt : std::optional(std::move(consents.front()));
}

void remove_scope_from_consents(db::Connection& connection, std::string_view scope) {
  connection.run(
      "UPDATE consents SET scope = trim(replace(' ' || scope || ' ', ' ' || $1 || ' ', ' '))"
      " WHERE replace(' ' || scope || ' ', ' ' || $1 || ' ', ' ') <> ' ' || scope || ' '",
      {scope});
}

bool delete_consent(db::Connection& connection, std::string_view id) {
  return connection.run("DELETE FROM consents WHERE id = $1", {id}) > 0;
}

}  // namespace oauth2::store
