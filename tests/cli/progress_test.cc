#include "cli/progress.h"

#include <doctest/doctest.h>

using oauth2::cli::progress_line;

TEST_CASE("a progress line says what, how far, and how much in all") {
  CHECK(progress_line("tokens", 500, 2000, 80) ==
        "tokens                 [#####               ]  25%  500/2000");
  CHECK(progress_line("tokens", 1999, 2000, 80).find(" 99%  1999/2000") != std::string::npos);
  CHECK(progress_line("tokens", 2000, 2000, 80).find("[####################] 100%") != std::string::npos);
  CHECK(progress_line("tokens", 0, 0, 80).find("100%  0/0") != std::string::npos);
}

TEST_CASE("a progress line is never wider than the terminal") {
  CHECK(progress_line("authorization_requests", 1'000'000'000'000, 2'000'000'000'000, 40).size() == 40);
  CHECK(progress_line("tokens", 1, 2, 0).empty());
}
