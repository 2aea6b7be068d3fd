#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "core/db/database.h"

namespace oauth2::admin {

// The right to do a chore that one instance does for all, once in an interval. It is kept in the database
// for a short time and renewed while the work goes on, so that the turn of an instance that died is soon
// another's.
class Turn {
 public:
  // Nullopt while another has it, or had it less than an interval ago. Times in seconds.
  static std::optional<Turn> take(db::Database& db, const std::string& chore, std::int64_t now,
                                  std::int64_t interval);

  // Before each step of the work: false when it is no longer ours (we were away for too long).
  bool keep(std::int64_t now);
  void finish(std::int64_t now);  // the next turn is an interval later
  void give_up();                 // unfinished: anybody may go on at once

 private:
  Turn(db::Database& db, std::string chore, std::int64_t interval);
  std::string value_until(std::int64_t until) const;
  bool change(const std::string& value);

  db::Database* db_;
  std::string name_;
  std::int64_t interval_;
  std::string owner_;
  std::string held_;  // the value as we wrote it
  std::int64_t until_ = 0;
};

}  // namespace oauth2::admin
