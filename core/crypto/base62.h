#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace oauth2::crypto {

inline constexpr std::string_view base62_alphabet =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

__extension__ typedef unsigned __int128 Uint128;

// `value` in exactly `length` digits, the highest first; what does not fit is cut off at the left.
std::string base62(Uint128 value, std::size_t length);

bool is_base62(std::string_view text);

}  // namespace oauth2::crypto
