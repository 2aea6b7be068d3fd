#include "cli/man.h"

#include <fmt/format.h>

#include <cctype>

#include "cli/command.h"
#include "cli/globals.h"
#include "cli/help.h"
#include "cli/roff.h"
#include "core/text.h"
#include "core/version.h"

namespace oauth2::cli {
namespace {

void flag_items(Roff& roff, const Options& options) {
  for (const Flag& flag : options.flags()) {
    const std::string more = flag.required ? " (needed)" : flag.repeats ? "; may repeat" : "";
    roff.item(flag_form(flag), flag.help + more);
  }
}

void command_section(Roff& roff, const Command& command) {
  Options options;
  command.bind(options);
  roff.subsection(fmt::format("oauth2ctl {}", command.path));
  roff.synopsis(usage_line(command, options));
  std::string summary(command.summary);
  summary[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(summary[0])));
  roff.text(summary + ".");
  if (!command.details.empty()) roff.text(command.details);
  for (const Positional& positional : options.positionals()) roff.item(positional.name, positional.help);
  flag_items(roff, options);
  if (command.shape) roff.paragraph("Fields: " + text::join(command.shape().keys(), ", ") + ".");
  std::string lines;
  for (const Example& example : command.examples)
    lines += (lines.empty() ? "" : "\n") + std::string(example.line);
  roff.code(lines);
}

void output_section(Roff& roff) {
  roff.section("OUTPUT");
  roff.text(
      "Results go to standard output, everything else to standard error. Keys follow RFC 7591 where it names "
      "them; times are seconds since 1970; what is absent is null, never a missing key; every mutation adds "
      "\"changed\".");
  roff.item("table", "For people: aligned columns, relative times, control characters escaped. The default.");
  roff.item("json", "One document: an object for one thing, an array with all rows for a list.");
  roff.item("jsonl", "One object a line.");
  roff.item("csv", "RFC 4180, with a header.");
  roff.item("env",
            "KEY=value lines for a shell or an environment file: OAUTH2_CLIENT_ID, OAUTH2_CLIENT_SECRET, "
            "OAUTH2_TOKEN.");
  roff.item("github", "For GitHub Actions: masks the secret in the log and appends to $GITHUB_OUTPUT.");
  roff.item("value=FIELD", "The bare value of one field, a line for each row.");
  roff.paragraph(
      "With --quiet only the one thing that a script wants is printed: the client_id, the user's id, the new "
      "secret or token, or the ids of a list.");
}

void secrets_section(Roff& roff) {
  roff.section("SECRETS");
  roff.text(
      "A secret is never given on the command line, where others could see it. --secret-from, "
      "--password-from and --token-from take");
  roff.item("-", "standard input; one newline at its end is dropped");
  roff.item("env:NAME", "an environment variable");
  roff.item("file:PATH", "a file; one newline at its end is dropped");
  roff.paragraph(
      "On a terminal, with none given, the program asks without echo, and twice for a new password. A new "
      "secret is printed once, or written by --secret-out file:PATH to a fresh file of mode 0600 that must "
      "not exist before.");
}

void scripts_section(Roff& roff) {
  roff.section("SCRIPTS");
  roff.text(
      "Every create takes --if-not-exists, which leaves one that is there as it is, and --upsert, which "
      "makes it as asked; a second identical run changes nothing and exits with 0. What is destructive asks "
      "before: every delete, token revoke by filter, client rotate-secret without --overlap, and db prune. "
      "--yes says yes; without it and without a terminal they exit with 2. --dry-run shows what would "
      "change.");
}

void environment_section(Roff& roff) {
  roff.section("ENVIRONMENT");
  Options options;
  Globals globals;
  globals.declare(options);
  for (const Flag& flag : options.flags()) roff.item(environment_twin(flag), "As " + flag.name + ".");
  roff.item("OAUTH2CTL_...", "Every setting has a variable; they are in oauth2ctl.toml(5).");
  roff.item("NO_COLOR", "When it is not empty there are no colours unless --color always is given.");
  roff.item("GITHUB_OUTPUT", "Where --output github appends to.");
}

void exit_section(Roff& roff) {
  roff.section("EXIT STATUS");
  for (int i = 0; i < 10; ++i) {
    roff.item(fmt::format("{}", i), meaning_of(static_cast<Exit>(i)).meaning);
  }
  roff.paragraph(
      "Errors are on standard error as \"oauth2ctl: WHAT\", with a hint where there is one; with --output "
      "json as {\"error\":{\"code\",\"message\",\"hint\",\"exit\"}}, where code is one of");
  std::string codes;
  for (int i = 1; i < 10; ++i)
    codes += fmt::format("{}{}", i > 1 ? ", " : "", meaning_of(static_cast<Exit>(i)).code);
  roff.text(codes + ".");
}

}  // namespace

std::string oauth2ctl_man() {
  Roff roff("OAUTH2CTL", 1, std::string("oauth2ctl ") + version);
  roff.section("NAME");
  roff.text("oauth2ctl - administer an OAuth 2.0 authorization server");
  roff.section("SYNOPSIS");
  roff.text("oauth2ctl [GLOBAL FLAGS] NOUN VERB [NAME|ID] [FLAGS]");
  roff.section("DESCRIPTION");
  roff.text(
      "oauth2ctl works on the database directly, with or without oauth2d(8) running; what it changes the "
      "server obeys on its next request. Wherever an ID is wanted it is the exact id, else the exact name, "
      "else the first 6 characters of an id or more. Durations are written 90s, 15m, 12h, 30d or 1y; times "
      "as in RFC 3339 or as a duration ago.");
  roff.section("GLOBAL FLAGS");
  roff.text("They may stand before or after the verb.");
  Options options;
  Globals globals;
  globals.declare(options);
  flag_items(roff, options);
  roff.section("COMMANDS");
  roff.text("pat is short for token.");
  for (const Command* command : all_commands()) command_section(roff, *command);
  output_section(roff);
  secrets_section(roff);
  scripts_section(roff);
  environment_section(roff);
  exit_section(roff);
  roff.section("FILES");
  roff.item("/etc/oauth2ctl/oauth2ctl.toml", "Settings, read when it is there. See oauth2ctl.toml(5).");
  roff.item("/var/lib/oauth2ctl/oauth2.db", "The database, for root.");
  roff.item("$XDG_DATA_HOME/oauth2ctl/oauth2.db",
            "The database, for others; ~/.local/share without the variable.");
  roff.item("DATABASE.key", "The server's key.");
  roff.section("EXAMPLES");
  roff.code(
      "oauth2ctl init --issuer https://auth.example.org\n"
      "oauth2ctl scope create read --description \"See your data\"\n"
      "eval \"$(oauth2ctl client create ci --grant client_credentials --scope read -o env)\"\n"
      "oauth2ctl token create --user alice --name laptop --scope read --expires-in 30d -q\n"
      "oauth2ctl token verify --token-from env:TOKEN --scope read && echo good");
  roff.section("SEE ALSO");
  roff.text("oauth2ctl.toml(5), oauth2d(8)");
  return roff.take();
}

}  // namespace oauth2::cli
