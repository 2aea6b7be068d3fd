#include "cli/generated_files.h"

#include <doctest/doctest.h>

TEST_CASE("manual pages and completions are what the tables say: else run oauth2-docs --write .") {
  for (const std::string& path : oauth2::cli::stale_files(OAUTH2_SOURCE_DIR)) FAIL_CHECK(path << " is stale");
}

TEST_CASE("a missing file counts as stale") {
  CHECK(oauth2::cli::stale_files("/no/such/place").size() == oauth2::cli::generated_files().size());
}
