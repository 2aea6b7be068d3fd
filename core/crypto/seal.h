#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace oauth2::crypto {

inline constexpr std::size_t seal_key_size = 32;

// AES-256-GCM (NIST SP 800-38D) with a fresh 96-bit nonce, as base64url of nonce, ciphertext and tag. Whoever
// opens it must know the same `associated_data`: it ties the text to the place where it is kept.
std::string seal(std::string_view key, std::string_view plaintext, std::string_view associated_data);

// What was sealed; nullopt under another key, with other associated data, or when a bit of it was changed.
std::optional<std::string> open(std::string_view key, std::string_view sealed,
                                std::string_view associated_data);

// HKDF-SHA256 (RFC 5869): `size` bytes from a secret that nobody can guess (not from a password). `info` says
// what for, so that two uses of one secret have nothing in common.
std::string derive_key(std::string_view secret, std::string_view salt, std::string_view info,
                       std::size_t size = seal_key_size);

}  // namespace oauth2::crypto
