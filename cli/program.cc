#include "cli/program.h"

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>

#include "cli/console.h"
#include "cli/exit_code.h"
#include "cli/help.h"
#include "cli/parser.h"
#include "cli/streams.h"

namespace oauth2::cli {
namespace {

Exit run(const std::vector<std::string>& arguments) {
  const auto invocation = parse(arguments);
  if (invocation->wants_help) {
    write_all(STDOUT_FILENO, help_text(invocation->topic));
    return Exit::done;
  }
  const auto shape = invocation->command->shape ? std::optional(invocation->command->shape()) : std::nullopt;
  Console console(invocation->globals, shape);
  const Exit exit = invocation->action(console);
  console.flush();
  return exit;
}

}  // namespace

int run_program(int argc, const char* const* argv) {
  hold_standard_streams();
  ::signal(SIGXFSZ, SIG_IGN);  // a full quota is an error to report, not an end
  ::umask(077);
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is an error to report, not an end
  const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
  try {
    return static_cast<int>(run(arguments));
  } catch (...) {
    const Failure failure = current_failure();
    write_error(failure_text(failure, wants_json_errors(arguments)));
    return static_cast<int>(failure.exit);
  }
}

}  // namespace oauth2::cli
