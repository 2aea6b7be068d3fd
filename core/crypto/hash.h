#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace oauth2::crypto {

std::string sha256(std::string_view bytes);            // 32 bytes
std::string sha256_base64url(std::string_view bytes);  // 43 characters

std::string hmac_sha256(std::string_view key, std::string_view bytes);  // RFC 2104; 32 bytes
std::string hmac_sha1(std::string_view key, std::string_view bytes);    // the same; 20 bytes: OAuth 1.0a

// The checksum of gzip and PNG (polynomial 0xEDB88320), as token strings carry it.
std::uint32_t crc32(std::string_view bytes);

// Takes the same time wherever two texts of one length differ.
bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace oauth2::crypto
