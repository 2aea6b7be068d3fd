#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace oauth2::text {

// Bytes of the well-formed UTF-8 sequence at the start of `text`, which is not empty; 0 when there is none.
std::size_t sequence_length(std::string_view text);

// True for well-formed UTF-8 (RFC 3629: no surrogates, nothing overlong, nothing above U+10FFFF).
bool is_utf8(std::string_view text);

// How many bytes at its start are printable ASCII other than `"` and a backslash: nearly always all, and they
// stand in a log line and in JSON as they are.
std::size_t plain_length(std::string_view text);

// How many Unicode characters the UTF-8 `text` has.
std::size_t character_count(std::string_view text);

// True when a C0 or C1 control character or DEL is in the UTF-8 `text`.
bool has_control(std::string_view text);

// True when a mark is in the UTF-8 `text` that nobody sees, that breaks the line or that turns the direction
// of what follows (U+200B, U+2028, U+202E, U+3164 and the like): a name with one can look like another.
// U+200C and U+200D are none: words and emoji are written with them.
bool has_hidden_mark(std::string_view text);

// True when nothing can be seen in the UTF-8 `text`: blanks of any width, joiners, variation selectors.
bool is_blank(std::string_view text);

// The character at the start of the UTF-8 `text`, which is not empty.
char32_t first_character(std::string_view text);

// For a log line or a terminal: control characters and bytes that are not UTF-8 become \xNN, a backslash
// is doubled, so that nothing in `text` can start a new line or reach the terminal as a command.
std::string escape_controls(std::string_view text);

// As escape_controls, and every character beyond ASCII becomes \u{200B}, so that none can hide, or be taken
// for another.
std::string escape_non_ascii(std::string_view text);

// The whole characters among the first `most` bytes of the UTF-8 `text`, and an ellipsis where more follow.
std::string shortened(std::string_view text, std::size_t most);

// ASCII letters only: what names of people and headers are compared by.
std::string lower(std::string_view text);

// A database's URL as people may see it: `***` stands for the password. What can have none comes back as it
// is.
std::string without_password(std::string_view url);

// Text for a POSIX shell, quoted only where it must be.
std::string shell_quoted(std::string_view text);

// Without white space at both ends.
std::string_view trim(std::string_view text);

// The words between single or repeated spaces.
std::vector<std::string> words(std::string_view text);

// The pieces between separators; empty ones too.
std::vector<std::string_view> split(std::string_view text, char separator);

std::string join(const std::vector<std::string>& parts, std::string_view separator = " ");

// The candidate that a misspelt `word` most likely means, or "" when none is near.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace oauth2::text
