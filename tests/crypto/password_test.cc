#include <doctest/doctest.h>

#include <string>

#include "core/crypto/password.h"

using namespace oauth2::crypto;

TEST_CASE("a password is kept as an Argon2id PHC string with m=19456, t=2, p=1 and a salt of its own") {
  const std::string first = hash_password("correct horse battery");
  const std::string second = hash_password("correct horse battery");
  CHECK(first.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
  CHECK(first != second);
  CHECK(verify_password("correct horse battery", first));
  CHECK_FALSE(verify_password("Correct horse battery", first));
  CHECK_FALSE(verify_password("correct horse battery ", first));
}

TEST_CASE("a password that no browser's field can hold is refused, and one that was set before still works") {
  using namespace std::string_literals;
  for (const std::string& password :
       {"violet\nharbour"s, "violet harbour\n"s, "violet\r\nharbour"s, "a\0bcdefghij"s, "violet\tharbour"s,
        "violet\x7fharbour"s, "violet\u0085harbour"s}) {
    CAPTURE(password.size());
    const auto problem = password_problem(password);
    REQUIRE(problem);
    CHECK(problem->find("control character") != std::string::npos);
    CHECK(verify_password(password, hash_password(password)));
  }
  CHECK_FALSE(password_problem("violet harbour\u00a0\u2003 under snow"));
}

TEST_CASE("passwords have 8 to 128 characters, counted as people count them, and are not the common ones") {
  CHECK(password_problem("short77"));
  CHECK(password_problem("éééé"));  // 8 bytes, 4 characters
  CHECK_FALSE(password_problem("éééèèèàà"));
  CHECK_FALSE(password_problem(std::string(127, 'x') + "y"));
  CHECK(password_problem(std::string(128, 'x') + "y"));
  CHECK(password_problem("Password1"));
  CHECK(password_problem("aaaaaaaaaaaa"));
  CHECK(password_problem("\xff\xfe\xfd\xfc\xfb\xfa\xf9\xf8"));
  CHECK_FALSE(password_problem("correct horse battery"));
}
