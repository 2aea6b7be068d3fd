#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace oauth2::crypto {

// What is made at the same time stands together: values that begin at random are written all over an index,
// those that begin with the time at its end, and a commit writes few pages instead of one for each row.
inline constexpr std::size_t time_code_length = 7;

// The milliseconds since 1970 in seven base62 digits, which sort as the time does: until the year 2081, when
// they begin again. Nothing but speed hangs on them.
std::string time_code();

// The milliseconds that a code stands for.
std::int64_t time_of_code(std::string_view code);

// A public name for something new, 16 random base62 characters (95 bits) after its time: names sort in the
// order in which they are made.
std::string ordered_id();

}  // namespace oauth2::crypto
