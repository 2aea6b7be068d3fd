#include "cli/exit_code.h"

#include <doctest/doctest.h>

#include "core/admin/error.h"
#include "core/db/error.h"
#include "core/json_document.h"
#include "core/settings.h"

namespace cli = oauth2::cli;
namespace admin = oauth2::admin;
namespace db = oauth2::db;

namespace {

template <class Error>
int exit_of(const Error& error) {
  try {
    throw error;
  } catch (...) {
    return static_cast<int>(cli::current_failure().exit);
  }
}

int exit_of(db::Error::Kind kind) { return exit_of(db::Error(kind, "m")); }

}  // namespace

TEST_CASE("every exception has its exit code") {
  CHECK(exit_of(std::runtime_error("m")) == 1);
  CHECK(exit_of(admin::UserError("m")) == 1);
  CHECK(exit_of(oauth2::WrongMember("m", "is missing")) == 1);
  CHECK(exit_of(cli::UsageError("m")) == 2);
  CHECK(exit_of(admin::Ambiguous("m")) == 2);
  CHECK(exit_of(admin::NotFound("m")) == 3);
  CHECK(exit_of(admin::AlreadyExists("m")) == 4);
  CHECK(exit_of(db::Conflict("m")) == 4);
  CHECK(exit_of(admin::Refused("m")) == 5);
  CHECK(exit_of(oauth2::SettingError("m")) == 5);
}

TEST_CASE("what is wrong with the database decides between 1, 8 and 9") {
  using Kind = db::Error::Kind;
  for (const Kind kind :
       {Kind::busy, Kind::unreachable, Kind::not_initialised, Kind::foreign, Kind::newer, Kind::older}) {
    CHECK(exit_of(kind) == 8);
  }
  for (const Kind kind : {Kind::not_permitted, Kind::read_only}) CHECK(exit_of(kind) == 9);
  for (const Kind kind : {Kind::full, Kind::failed}) CHECK(exit_of(kind) == 1);
}

TEST_CASE("an error is a line and a hint, or one JSON object, and control characters are escaped in both") {
  const cli::Failure failure = {cli::Exit::not_found, "there is no client '\x1b'", "oauth2ctl client list"};
  CHECK(cli::failure_text(failure, false) ==
        "oauth2ctl: there is no client '\\x1b'\n  hint: oauth2ctl client list\n");
  CHECK(cli::failure_text(failure, true) ==
        "{\"error\":{\"code\":\"not_found\",\"message\":\"there is no client '\\u001b'\","
        "\"hint\":\"oauth2ctl client list\",\"exit\":3}}\n");
  CHECK(cli::failure_text({cli::Exit::failed, "m", {}}, false) == "oauth2ctl: m\n");
}
