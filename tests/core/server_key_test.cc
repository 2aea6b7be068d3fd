#include "core/server_key.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/support.h"

using namespace oauth2;

namespace {

const std::string secret = "0123456789abcdefghijklmnopqrstuvwxyz";

void write_file(const std::string& path, const std::string& text, int mode) {
  std::ofstream(path) << text;
  std::filesystem::permissions(path, std::filesystem::perms(mode));
}

// "" when the source is taken; else what is said, with its hint.
std::string problem(const std::string& source) {
  try {
    read_server_key(source);
    return "";
  } catch (const ServerKeyError& error) {
    return std::string(error.what()) + (error.hint.empty() ? "" : " [" + error.hint + "]");
  }
}

bool says(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("the server's key is where the setting says, else beside the database's file, else nowhere") {
  Settings settings;
  CHECK(server_key_source(settings, "/var/lib/x.db") == "file:/var/lib/x.db.key");
  CHECK_FALSE(server_key_source(settings, std::nullopt));
  settings.server_key = "env:KEY";
  CHECK(server_key_source(settings, "/var/lib/x.db") == "env:KEY");
  CHECK(server_key_source(settings, std::nullopt) == "env:KEY");
}

TEST_CASE("a key is read from a file, a variable or a credential, without white space at its ends") {
  TemporaryFolder folder;
  const std::string path = folder.path("key");
  write_file(path, " " + secret + "\n", 0600);
  CHECK(read_server_key("file:" + path) == secret);
  write_file(path, secret, 0400);
  CHECK(read_server_key("file:" + path) == secret);
  ::setenv("SERVER_KEY_TEST", secret.c_str(), 1);
  CHECK(read_server_key("env:SERVER_KEY_TEST") == secret);
  ::unsetenv("SERVER_KEY_TEST");
  CHECK(says(problem("env:SERVER_KEY_TEST"), "SERVER_KEY_TEST is not set"));
  ::unsetenv("CREDENTIALS_DIRECTORY");
  CHECK(says(problem("credential:key"), "CREDENTIALS_DIRECTORY is not set"));
  ::setenv("CREDENTIALS_DIRECTORY", folder.path("").c_str(), 1);
  write_file(path, secret, 0440);  // as systemd makes it
  CHECK(read_server_key("credential:key") == secret);
  CHECK(says(problem("credential:../key"), "no /"));
  ::unsetenv("CREDENTIALS_DIRECTORY");
}

TEST_CASE("a key file that others can read is refused with the command that helps") {
  TemporaryFolder folder;
  const std::string path = folder.path("key");
  for (const int mode : {0640, 0604, 0620, 0666, 0644, 0601}) {
    CAPTURE(mode);
    write_file(path, secret, mode);
    CHECK(says(problem("file:" + path), "can be read by others"));
    CHECK(says(problem("file:" + path), "[chmod 600 " + path));
  }
}

TEST_CASE("what is missing, short, long or no file is refused, and no message holds what is there") {
  TemporaryFolder folder;
  const std::string path = folder.path("key");
  CHECK(says(problem("file:" + path), "No such file"));
  CHECK(says(problem("file:" + path), "init --if-not-exists"));
  CHECK(says(problem("file:" + folder.path("")), "is no file"));
  for (const std::string& text :
       {std::string(), std::string("\n"), secret.substr(0, 31), std::string(5000, 'x')}) {
    write_file(path, text, 0600);
    CHECK(problem("file:" + path) != "");
    if (text.size() > 1) CHECK_FALSE(says(problem("file:" + path), text));
  }
  write_file(path, secret.substr(0, 31) + "  \n", 0600);
  CHECK(says(problem("file:" + path), "shorter than 32"));
  write_file(path, secret.substr(0, 32), 0600);
  CHECK(problem("file:" + path) == "");
  for (const char* source :
       {"", "hunter2hunter2hunter2hunter2hunter2", "file:", "env:", "credential:", "http:x"}) {
    CAPTURE(source);
    CHECK(says(problem(source), "is not file:PATH, env:NAME or credential:NAME"));
    CHECK_FALSE(says(problem(source), "hunter2"));
  }
}
