#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/admin/context.h"
#include "core/store/audit.h"

namespace oauth2::admin {

// oauth2ctl init: makes database, key file and the scope user:email, and stores the issuer when one is given.
// Where the server's key lies unless a setting says otherwise: beside the database's file. Nullopt for a
// database that is no file of ours.
std::optional<std::string> default_server_key(const std::string& url);

struct InitResult {
  std::string db;
  std::optional<std::string> server_key;  // where the key lies: file:PATH …; absent: nowhere yet
  std::optional<std::string> issuer;
  bool changed = false;
};
// AlreadyExists when the database is initialised and not `if_not_exists`.
InitResult initialise(const Settings& settings, std::int64_t now, const std::string& actor,
                      const std::optional<std::string>& issuer, bool if_not_exists, bool dry_run);

// The issuer that init stored takes the default's place; one that was set by flag, environment or file stays.
// Answers a warning where that one differs from the stored one.
std::optional<std::string> apply_stored_issuer(LoadedSettings& loaded, db::Database& db);

// Deletes, in small batches, what expired or was revoked more than `older` seconds ago, for as long as
// `go_on` says so. Answers rows per table; in a dry run those that it would delete.
using Counts = std::vector<std::pair<std::string, std::int64_t>>;
Counts prune(
    const Context& context, std::int64_t older, const std::function<bool()>& go_on = [] { return true; });

struct SchemaStatus {
  std::int64_t version = 0;
  std::int64_t newest = 0;
  std::vector<std::string> pending;  // names of migrations
};
SchemaStatus schema_status(db::Database& db);
std::size_t migrate(const Context& context);

std::vector<store::AuditEntry> list_audit(const Context& context, const store::AuditFilter& filter);

}  // namespace oauth2::admin
