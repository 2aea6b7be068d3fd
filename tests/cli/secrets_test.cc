#include "cli/secrets.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>

#include "cli/exit_code.h"
#include "tests/support.h"

namespace cli = oauth2::cli;

TEST_CASE("a secret comes from a file or the environment, and loses one newline") {
  const TemporaryFolder folder;
  std::ofstream(folder.path("s")) << "secret \n\n";
  CHECK(cli::read_secret("--secret-from", "file:" + folder.path("s")) == "secret \n");
  ::setenv("CLI_TEST_SECRET", "from the environment", 1);
  CHECK(cli::read_secret("--secret-from", "env:CLI_TEST_SECRET") == "from the environment");
}

TEST_CASE("a source that is none is refused without repeating what may be a secret") {
  for (const char* source : {"hunter2", "file:", "env:", "", "http://x"}) {
    try {
      cli::read_secret("--secret-from", source);
      FAIL_CHECK("taken: " << source);
    } catch (const cli::UsageError& error) {
      CHECK(std::string(error.what()).find("hunter2") == std::string::npos);
    }
  }
}

TEST_CASE("a secret file is new, of mode 0600, and holds the secret and a newline") {
  const TemporaryFolder folder;
  const std::string path = folder.path("s");
  {
    cli::SecretFile file;
    file.open("file:" + path, false);
    file.write("o2s_secret");
  }
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0600);
  CHECK(cli::read_secret("--secret-from", "file:" + path) == "o2s_secret");
  cli::SecretFile again;
  CHECK_THROWS_AS(again.open("file:" + path, false), cli::CommandError);
}

TEST_CASE("a secret file in which no secret was written is taken away, and a dry run makes none") {
  const TemporaryFolder folder;
  const std::string path = folder.path("s");
  struct stat status {};
  {
    cli::SecretFile file;
    file.open("file:" + path, false);
    CHECK(::stat(path.c_str(), &status) == 0);
  }
  CHECK(::stat(path.c_str(), &status) != 0);
  cli::SecretFile file;
  file.open("file:" + path, true);
  CHECK_FALSE(file.is_open());
  CHECK(::stat(path.c_str(), &status) != 0);
}
