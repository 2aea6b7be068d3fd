#pragma once

#include <string>
#include <string_view>

namespace oauth2::cli {

// A closed 0, 1 or 2 is filled with something that fails, so that no file opened later takes its number.
void hold_standard_streams();

// Writes all of `text` and throws CommandError(Exit::failed) if that cannot be; a reader that went away is
// quiet: the process then ends by SIGPIPE as other filters do.
void write_all(int fd, std::string_view text);

// As write_all, where a failure changes nothing.
void write_error(std::string_view text);

// All that can be read, up to `most` bytes; CommandError beyond that or when reading fails.
std::string read_all(int fd, std::string_view name, std::size_t most);

// One line typed on the terminal, shown or not. CommandError(Exit::usage) when the input ends. The terminal
// is put right again also when the program is interrupted.
std::string read_typed_line(const std::string& prompt, bool shown);

// Columns that `text` takes on a terminal.
std::size_t display_width(std::string_view text);

}  // namespace oauth2::cli
