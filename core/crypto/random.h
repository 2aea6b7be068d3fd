#pragma once

#include <cstddef>
#include <string>

namespace oauth2::crypto {

// `size` bytes from the system's generator. std::runtime_error when it fails: then no secret is made.
std::string random_bytes(std::size_t size);

// `length` characters 0-9A-Za-z, each equally likely.
std::string random_base62(std::size_t length);

}  // namespace oauth2::crypto
