#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/db/copy.h"
#include "core/settings.h"

namespace oauth2::admin {

struct CopyRequest {
  std::string from;
  std::string to;
  std::int64_t now = 0;
  std::string actor;
  std::optional<std::string> reason;
  bool dry_run = false;
};

struct CopyResult {
  std::vector<db::TableRows> tables;
  bool only_counted = false;              // a dry run, and the target has no tables that could be tried
  std::optional<std::string> server_key;  // the file beside the source, which stays where it is
};

// Moves a deployment to another database in one transaction, which ends with its audit row. The target is
// made and migrated where it must be. AlreadyExists when it has a row; db::Error where it cannot be; in any
// case the target is then as empty as it was.
CopyResult copy_database(const Settings& settings, const CopyRequest& request,
                         const db::CopyCallback& progress);

}  // namespace oauth2::admin
