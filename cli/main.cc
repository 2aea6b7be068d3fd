#include "cli/program.h"

int main(int argc, char** argv) { return oauth2::cli::run_program(argc, argv); }
