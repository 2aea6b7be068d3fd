#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace oauth2::crypto {

// Argon2id (RFC 9106) with a fresh salt as a PHC string: m=19456 KiB, t=2, p=1.
std::string hash_password(std::string_view password);

bool verify_password(std::string_view password, const std::string& phc);

// A hash of the same cost that no password has: to verify against where there is nobody, in the same time.
std::string nobodys_password_hash();

// False for what no password can be: not UTF-8, or longer than 128 characters.
bool is_possible_password(std::string_view password);

// One of those that are guessed first.
bool is_common_password(std::string_view password);

// Why people may not choose this password, or nullopt: 8 to 128 characters, not one of the common ones, and
// none that a browser's field drops, such as a line break.
std::optional<std::string> password_problem(std::string_view password);

}  // namespace oauth2::crypto
