#include "core/protocol/throttle.h"

#include <doctest/doctest.h>

#include "tests/protocol/grant_fixture.h"

using namespace oauth2;
using protocol::Subjects;

namespace {

struct Guesses : GrantFixture {
  // Seconds that the failure blocks; 0: it costs nothing.
  std::int64_t fail(const Subjects& subjects) {
    return write([&](db::Connection& connection) {
      return protocol::count_failure(connection, context(), subjects).value_or(0);
    });
  }
  // Seconds to wait; 0: not blocked.
  std::int64_t wait(const Subjects& subjects) {
    return write([&](db::Connection& connection) -> std::int64_t {
      try {
        protocol::require_not_blocked(connection, context(), subjects, "blocked");
        return 0;
      } catch (const protocol::Error& error) {
        CHECK(error.code.status == 429);
        return error.retry_after.value_or(-1);
      }
    });
  }
  std::string place(const std::string& from) {
    address = from;
    const Subjects subjects = protocol::with_address(context(), "who");
    return subjects.size() == 2 ? subjects[1] : "";
  }
};

}  // namespace

TEST_CASE("a subject is blocked by its sixth failure for a second, and by the next one for two") {
  Guesses guesses;
  const Subjects subject = {protocol::throttle_subject("device", "session")};
  for (int i = 0; i < 5; ++i) CHECK(guesses.fail(subject) == 0);
  CHECK(guesses.wait(subject) == 0);
  CHECK(guesses.fail(subject) == 1);
  CHECK(guesses.wait(subject) == 1);
  guesses.now += 1;
  CHECK(guesses.wait(subject) == 0);
  CHECK(guesses.fail(subject) == 2);
  CHECK(guesses.wait(subject) == 2);
  CHECK(guesses.wait({protocol::throttle_subject("device", "another")}) == 0);
  CHECK(guesses.wait({protocol::throttle_subject("account", "session")}) == 0);
}

TEST_CASE("of several subjects each is counted, and the longest block counts") {
  Guesses guesses;
  for (int i = 0; i < 5; ++i) guesses.fail({"a"});
  CHECK(guesses.fail({"a", "b"}) == 1);
  CHECK(guesses.wait({"b"}) == 0);
  CHECK(guesses.wait({"b", "a"}) == 1);
  for (int i = 0; i < 4; ++i) guesses.fail({"b"});
  CHECK(guesses.fail({"b"}) == 1);
}

TEST_CASE("a subject that is forgiven has five more failures") {
  Guesses guesses;
  for (int i = 0; i < 6; ++i) guesses.fail({"a"});
  protocol::forget_failures(guesses.context(), "a");
  CHECK(guesses.wait({"a"}) == 0);
  for (int i = 0; i < 5; ++i) CHECK(guesses.fail({"a"}) == 0);
  CHECK(guesses.fail({"a"}) == 1);
}

TEST_CASE(
    "an address counts as the /64 of an IPv6 one, as the IPv4 one it carries, and not at all when empty") {
  Guesses guesses;
  CHECK(guesses.place("2001:db8:1:2::1") == guesses.place("2001:db8:1:2:ffff:ffff:ffff:ffff"));
  CHECK(guesses.place("2001:db8:1:2::1") != guesses.place("2001:db8:1:3::1"));
  CHECK(guesses.place("::ffff:192.0.2.1") == guesses.place("192.0.2.1"));
  CHECK(guesses.place("192.0.2.1") != guesses.place("192.0.2.2"));
  CHECK(guesses.place("") == "");
}
