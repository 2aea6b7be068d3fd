#include "core/protocol/pkce.h"

#include <algorithm>

#include "core/crypto/hash.h"

namespace oauth2::protocol {

bool is_pkce_text(std::string_view text) {
  return text.size() >= 43 && text.size() <= 128 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                  c == '.' || c == '_' || c == '~';
         });
}

bool code_verifier_matches(std::string_view code_verifier, std::string_view code_challenge) {
  return is_pkce_text(code_verifier) &&
         crypto::equal_in_constant_time(crypto::sha256_base64url(code_verifier), code_challenge);
}

}  // namespace oauth2::protocol
