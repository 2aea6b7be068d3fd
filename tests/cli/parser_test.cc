#include "cli/parser.h"

#include <doctest/doctest.h>

namespace cli = oauth2::cli;

namespace {

cli::CommandError refused(const std::vector<std::string>& arguments) {
  try {
    cli::parse(arguments);
  } catch (const cli::CommandError& error) {
    return error;
  }
  return {cli::Exit::done, "it was taken"};
}

}  // namespace

TEST_CASE("global flags stand before, between and after the words of a command") {
  for (const std::vector<std::string>& line : std::vector<std::vector<std::string>>{
           {"--db", "x.db", "-qo", "json", "client", "secret", "list", "ci"},
           {"client", "--db", "x.db", "secret", "-q", "list", "-o", "json", "ci"},
           {"client", "secret", "list", "ci", "--db=x.db", "--quiet", "--output=json"}}) {
    const auto invocation = cli::parse(line);
    CHECK(invocation->command->path == "client secret list");
    CHECK(invocation->globals.db == "x.db");
    CHECK(invocation->globals.quiet);
    CHECK(invocation->globals.output == "json");
  }
}

TEST_CASE("pat is token") {
  CHECK(cli::parse({"pat", "list"})->command->path == "token list");
  CHECK(refused({"client", "pat"}).exit == cli::Exit::usage);
}

TEST_CASE("a misspelt word or flag gets a did-you-mean") {
  CHECK(refused({"clinet", "list"}).hint == "did you mean 'oauth2ctl client'?");
  CHECK(refused({"token", "verfy"}).hint == "did you mean 'oauth2ctl token verify'?");
  CHECK(refused({"token", "verify", "--tokenfrom", "-"}).hint == "did you mean --token-from?");
  CHECK(refused({"client", "update", "ci", "--no-intrenal"}).hint == "did you mean --no-internal?");
  CHECK(refused({"xyzzy"}).hint == "oauth2ctl --help");
}

TEST_CASE("a malformed line is a usage error, whatever CLI11 calls it") {
  for (const std::vector<std::string>& line :
       std::vector<std::vector<std::string>>{{},
                                             {"client"},
                                             {"client", "show"},
                                             {"client", "show", "a", "b"},
                                             {"client", "create", "a", "--id"},
                                             {"client", "create", "a", "--id", "x", "--id", "y"},
                                             {"client", "list", "--yes=perhaps"},
                                             {"token", "create", "--user", "alice"},
                                             {"token", "extend", "t", "--expires-in", "0s"}}) {
    CHECK(refused(line).exit == cli::Exit::usage);
  }
}

TEST_CASE("what is not UTF-8 is refused and named") {
  const auto error = refused({"client", "create", "ci", "--description", "\xff"});
  CHECK(error.exit == cli::Exit::refused);
  CHECK(std::string(error.what()) == "--description is not valid UTF-8: \\xff");
}

TEST_CASE("an empty value after = is a value, and -- ends the flags") {
  CHECK(refused({"client", "create", "--description=", "ci"}).exit == cli::Exit::done);
  CHECK(refused({"scope", "show", "--", "-x"}).exit == cli::Exit::done);
  CHECK(refused({"scope", "show", "--", "-x", "-y"}).exit == cli::Exit::usage);
}

TEST_CASE("help is wanted for a command, a noun, or all") {
  CHECK(cli::parse({"--help"})->topic.empty());
  CHECK(cli::parse({"help", "client"})->topic == "client");
  CHECK(cli::parse({"client", "create", "-h"})->topic == "client create");
  CHECK(cli::parse({"client", "create", "-h"})->wants_help);
}

TEST_CASE("errors are JSON when the output is") {
  CHECK(cli::wants_json_errors({"-o", "json", "nonsense"}));
  CHECK(cli::wants_json_errors({"nonsense", "--output=jsonl"}));
  CHECK(cli::wants_json_errors({"-ojson"}));
  CHECK_FALSE(cli::wants_json_errors({"-o", "csv", "--", "-o", "json"}));
}
