#include "core/store/audit.h"

#include <fmt/format.h>

#include "core/crypto/hash.h"

namespace oauth2::store {
namespace {

// Lengths before texts, and "-" for an absent one: no two entries have one form.
std::string canonical(const AuditEntry& entry, std::string_view previous_hash) {
  std::string out = fmt::format("{}\n{}\n{}\n", previous_hash, entry.id, entry.created_at);
  for (const std::optional<std::string>& field :
       {std::optional(entry.actor), std::optional(entry.action), std::optional(entry.object), entry.reason,
        entry.address, entry.request_id}) {
    out += field ? fmt::format("{}:{}\n", field->size(), *field) : "-\n";
  }
  return out;
}

}  // namespace

void append_audit(db::Connection& connection, const AuditEntry& given) {
  AuditEntry entry = given;
  entry.id = 1;
  std::string previous_hash;
  connection.run("SELECT id, chain_hash FROM audit_log ORDER BY id DESC LIMIT 1", {},
                 [&](const db::Row& row) {
                   entry.id = row.integer(0) + 1;
                   previous_hash = row.text(1);
                 });
  connection.run(
      "INSERT INTO audit_log (id, created_at, actor, action, object, reason, address, request_id, chain_hash)"
      " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
      {entry.id, entry.created_at, entry.actor, entry.action, entry.object, entry.reason, entry.address,
       entry.request_id, crypto::sha256_base64url(canonical(entry, previous_hash))});
}

bool has_audit(db::Connection& connection, std::string_view action, std::string_view object) {
  bool found = false;
  connection.run("SELECT id FROM audit_log WHERE object = $2 AND action = $1 LIMIT 1", {action, object},
                 [&](const db::Row&) { found = true; });
  return found;
}

std::vector<AuditEntry> list_audit(db::Connection& connection, const AuditFilter& filter) {
  std::vector<AuditEntry> entries;
  connection.run(
      "SELECT id, created_at, actor, action, object, reason, address, request_id FROM audit_log"
      " WHERE id > $1 AND (CAST($2 AS BIGINT) IS NULL OR created_at >= $2)"
      " AND (CAST($3 AS TEXT) IS NULL OR actor = $3 OR actor IN ('os:' || $3, 'client:' || $3, 'user:' || "
      "$3))"
      " AND (CAST($4 AS TEXT) IS NULL OR object = $4"
      "      OR object IN ('client:' || $4, 'user:' || $4, 'token:' || $4, 'scope:' || $4,"
      "       'grant:' || $4, 'session:' || $4))"
      " ORDER BY id",
      {filter.after_id, filter.since, filter.actor, filter.object}, [&](const db::Row& row) {
        entries.push_back({row.integer(0), row.integer(1), row.text(2), row.text(3), row.text(4),
                           row.optional_text(5), row.optional_text(6), row.optional_text(7)});
      });
  return entries;
}

}  // namespace oauth2::store
