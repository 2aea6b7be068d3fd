#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace oauth2::crypto {

// A secret that this server makes: PREFIX_ + 43 base62 characters (256 bits) + 6 base62 characters of the
// CRC-32 over all before them. A scanner finds it by its prefix, and junk is refused without a database.
// Access and refresh tokens are made in large numbers: the first 7 of the 43 tell when (time_code.h), the
// other 36 are random (214 bits).
enum class TokenKind { personal, access, refresh, authorization_code, device_code, client_secret };

std::string_view prefix(TokenKind kind);  // o2p, o2a, o2r, o2c, o2d, o2s
std::string_view name(TokenKind kind);    // personal, access, refresh, …

std::string make_token_string(TokenKind kind);
// Several at once: the generator is asked only once.
std::vector<std::string> make_token_strings(const std::vector<TokenKind>& token_kinds);

// The kind of a well-formed token string with a right checksum; nullopt for anything else.
std::optional<TokenKind> inspect_token_string(std::string_view token);

// Why `token` is not one of ours, for people.
std::string token_string_problem(std::string_view token);

// The public name of an access or refresh token, from its SHA-256 (32 bytes) and its text: 16 base62
// characters of the hash (95 bits) and its time. Of a personal token: 22 characters of the hash.
std::string token_id(TokenKind kind, std::string_view sha256_bytes, std::string_view token);

// What all tokens were called, and had no time, before schema 5.
std::string timeless_token_id(std::string_view sha256_bytes);

// For a JWT, whose name nothing can tell from its hash.
std::string random_token_id();

// The milliseconds since 1970 at which the token of that name was made; 0 of one whose name does not tell.
std::int64_t issued_ms_of(std::string_view token_id);

}  // namespace oauth2::crypto
