#include "core/protocol/user_auth.h"

#include <doctest/doctest.h>

#include "core/crypto/password.h"
#include "tests/protocol/grant_fixture.h"

using namespace oauth2;

namespace {

constexpr const char* right = "correct horse battery";

struct Door : GrantFixture {
  Door() {
    static const std::string hash = crypto::hash_password(right);  // hashing is slow
    change_user([&](store::User& user) { user.password_hash = hash; });
  }

  // The id of who came in, else the error's status.
  std::string knock(const std::string& name, const std::string& password) {
    try {
      return protocol::authenticate_user(context(), name, password).id;
    } catch (const protocol::Error& error) {
      last_wait = error.retry_after;
      return std::to_string(error.code.status);
    }
  }
  void fail(int times, const std::string& name = "alice") {
    for (int i = 0; i < times; ++i) CHECK(knock(name, "wrong") == "400");
  }

  std::optional<std::int64_t> last_wait;
};

}  // namespace

TEST_CASE("a user is proved by username or e-mail, in any case, and the password as it is") {
  Door door;
  CHECK(door.knock("alice", right) == "u1");
  CHECK(door.knock("ALICE", right) == "u1");
  CHECK(door.knock("Alice@Example.org", right) == "u1");
  CHECK(door.knock("alice", "Correct horse battery") == "400");
  CHECK(door.knock("alice", std::string(right) + " ") == "400");
}

TEST_CASE("an unknown name, a user without a password and a disabled one fail as a wrong password does") {
  Door door;
  CHECK(door.knock("nobody", right) == "400");
  CHECK(door.knock(std::string("alice\0", 6), right) == "400");
  CHECK(door.knock("\xFF", right) == "400");
  CHECK(door.knock(std::string(70'000, 'a'), right) == "400");
  Door disabled;
  disabled.change_user([&](store::User& user) { user.disabled_at = 1; });
  CHECK(disabled.knock("alice", right) == "400");
  Door without;
  without.change_user([&](store::User& user) { user.password_hash.reset(); });
  CHECK(without.knock("alice", right) == "400");
  CHECK(without.knock("alice", "") == "400");
}

TEST_CASE("what no password can be is wrong, even where it was hashed") {
  Door door;
  const std::string endless(129, 'x');
  door.change_user([&](store::User& user) { user.password_hash = crypto::hash_password(endless); });
  CHECK(door.knock("alice", endless) == "400");
  CHECK(door.knock("alice", "\xFF\xFE") == "400");
  const std::string longest = std::string(127, 'x') + "é";
  door.change_user([&](store::User& user) { user.password_hash = crypto::hash_password(longest); });
  CHECK(door.knock("alice", longest) == "u1");
}

TEST_CASE("the sixth failure makes the next attempt wait, be its password right or wrong") {
  Door door;
  door.fail(5);
  CHECK(!door.last_wait);
  door.fail(1);
  CHECK(door.last_wait == 1);
  CHECK(door.knock("alice", right) == "429");
  door.now += 1;
  CHECK(door.knock("alice", right) == "u1");
}

TEST_CASE("the first five failures cost nothing, and success clears the account") {
  Door door;
  for (int round = 0; round < 3; ++round) {
    door.fail(5);
    CHECK(door.knock("alice", right) == "u1");
  }
}

TEST_CASE("username and e-mail are one account, wherever the guesses come from") {
  Door door;
  for (int i = 0; i < 6; ++i) {
    door.address = "192.0.2." + std::to_string(i);
    door.knock(i % 2 == 0 ? "alice" : "ALICE@example.org", "wrong");
  }
  door.address = "192.0.2.99";
  CHECK(door.knock("alice", right) == "429");
  CHECK(door.knock("alice@example.org", right) == "429");
}

TEST_CASE("a name that is nobody's is throttled just as a user is") {
  Door door;
  door.fail(5, "nobody");
  CHECK(!door.last_wait);
  door.fail(1, "Nobody");
  CHECK(door.last_wait == 1);
  CHECK(door.knock("nobody", right) == "429");
  CHECK(door.knock("somebody", "wrong") == "400");
}

TEST_CASE("an address is throttled whatever names it tries, and success does not clear it") {
  Door door;
  door.address = "192.0.2.1";
  for (int i = 0; i < 5; ++i) door.fail(1, "name" + std::to_string(i));
  CHECK(door.knock("alice", right) == "u1");
  door.fail(1, "name5");
  CHECK(door.knock("alice", right) == "429");
  door.address = "192.0.2.2";
  CHECK(door.knock("alice", right) == "u1");
}

TEST_CASE("a failed sign-in on a unix socket counts for the account alone") {
  Door door;
  for (int i = 0; i < 10; ++i) door.fail(1, "name" + std::to_string(i));
}
