#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace oauth2::crypto {

// A secret that this server makes: PREFIX_ + 43 base62 characters (256 bits) + 6 base62 characters of the
// CRC-32 over all before them. A scanner finds it by its prefix, and junk is refused without a database.
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

// The public name of a token, from its SHA-256 (32 bytes): 22 base62 characters.
std::string token_id(std::string_view sha256_bytes);

}  // namespace oauth2::crypto
