#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/db/connection.h"

namespace oauth2::store {

struct AuditEntry {
  std::int64_t id = 0;
  std::int64_t created_at = 0;
  std::string actor;   // os:root, client:ID, user:ID, server
  std::string action;  // client.create, token.revoke …
  std::string object;  // client:ID, token:ID …
  std::optional<std::string> reason;
  std::optional<std::string> address;
  std::optional<std::string> request_id;
};

// Appends the entry with the next id and a hash over itself and the entry before, so that a gap or a change
// shows. Must run in the transaction of the act that it records.
void append_audit(db::Connection& connection, const AuditEntry& entry);

// Whether the act was done to the object: tells what a revocation deleted from what never was.
bool has_audit(db::Connection& connection, std::string_view action, std::string_view object);

struct AuditFilter {
  std::optional<std::int64_t> since;
  std::optional<std::string> actor;  // exact, or the part after its colon
  std::optional<std::string> object;
  std::int64_t after_id = 0;
};
std::vector<AuditEntry> list_audit(db::Connection& connection, const AuditFilter& filter);  // oldest first

}  // namespace oauth2::store
