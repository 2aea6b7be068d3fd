#include "core/db/postgres/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <pqxx/except>
#include <string_view>

#include "core/db/error.h"
#include "core/text.h"

namespace oauth2::db {
namespace {

// PostgreSQL's appendix A, by code or by class.
Error::Kind kind_of(std::string_view sqlstate) {
  if (sqlstate.empty()) return Error::Kind::lost;  // libpq's own words: the server said nothing
  constexpr std::pair<std::string_view, Error::Kind> kinds[] = {
      {"40", Error::Kind::undone},        // serialization failure, deadlock
      {"08", Error::Kind::lost},          // connection exceptions
      {"57P", Error::Kind::lost},         // shut down, crashed, starting up
      {"26000", Error::Kind::lost},       // a prepared statement is gone: it is made anew on a new connection
      {"25P03", Error::Kind::lost},       // idle in a transaction for too long
      {"55P03", Error::Kind::busy},       // lock_timeout
      {"57014", Error::Kind::busy},       // statement_timeout
      {"25006", Error::Kind::read_only},  // a standby
      {"42501", Error::Kind::refused},    // no right
      {"28", Error::Kind::refused},       // authorization
      {"53100", Error::Kind::full},       // disk full
      {"53", Error::Kind::busy},          // out of connections or memory
      {"58", Error::Kind::unreachable},   // I/O
      {"XX001", Error::Kind::foreign},    // damaged
      {"XX002", Error::Kind::foreign},
  };
  for (const auto& [prefix, kind] : kinds) {
    if (sqlstate.starts_with(prefix)) return kind;
  }
  return Error::Kind::failed;
}

// The first line, without its severity. What follows (DETAIL, CONTEXT) quotes values.
std::string first_line(std::string_view message) {
  message = text::trim(message);
  message = message.substr(0, message.find('\n'));
  for (const std::string_view severity : {"ERROR:", "FATAL:", "PANIC:"}) {
    if (message.starts_with(severity)) message = text::trim(message.substr(severity.size()));
  }
  return std::string(message);
}

}  // namespace

void rethrow_postgres(const std::string& place, bool broken) {
  const auto fail = [&](Error::Kind kind, std::string_view message) {
    // 0A000, "must not change result type": another program has altered a table since it was prepared.
    if (message.find("cached plan") != std::string_view::npos) kind = Error::Kind::lost;
    if (broken && kind != Error::Kind::undone) kind = Error::Kind::lost;
    throw Error(kind, fmt::format("{}: {}", place, first_line(message)));
  };
  try {
    throw;
  } catch (const pqxx::unique_violation& error) {
    throw Conflict(first_line(error.what()));
  } catch (const pqxx::not_null_violation& error) {
    throw NoValue(first_line(error.what()));
  } catch (const pqxx::insufficient_privilege& error) {  // comes without its code
    fail(Error::Kind::refused, error.what());
  } catch (const pqxx::sql_error& error) {
    fail(kind_of(error.sqlstate()), error.what());
  } catch (const pqxx::transaction_rollback& error) {
    fail(Error::Kind::undone, error.what());
  } catch (const pqxx::broken_connection& error) {
    fail(Error::Kind::lost, error.what());
  } catch (const pqxx::pqxx_exception& error) {
    fail(Error::Kind::failed, error.base().what());
  }
  throw Error(Error::Kind::failed, fmt::format("{}: an unknown failure", place));
}

void rethrow_postgres_connect(const std::string& place) {
  try {
    throw;
  } catch (const pqxx::pqxx_exception& error) {
    // libpq tells every address that it tried on a line of its own; the last is as good as the first.
    std::string message = text::escape_controls(first_line(error.base().what()));
    const bool answered =
        message.find("FATAL:") != std::string::npos || message.find("SSL") != std::string::npos ||
        message.find("authentication") != std::string::npos || message.find("password") != std::string::npos;
    throw Error(answered ? Error::Kind::refused : Error::Kind::unreachable,
                fmt::format("cannot connect to {}: {}", place, message),
                answered ? "" : "is the database server running, and is its address right?");
  }
}

}  // namespace oauth2::db
