#pragma once

namespace oauth2::cli {

// oauth2ctl: understands the line, runs the command, and answers with its exit code.
int run_program(int argc, const char* const* argv);

}  // namespace oauth2::cli
