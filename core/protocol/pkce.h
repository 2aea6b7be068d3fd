#pragma once

#include <string_view>

namespace oauth2::protocol {

// RFC 7636 sections 4.1 and 4.2: 43 to 128 unreserved characters; of a challenge and of a verifier alike.
bool is_pkce_text(std::string_view text);

// RFC 7636 section 4.6, S256: BASE64URL(SHA256(code_verifier)) == code_challenge, in constant time.
bool code_verifier_matches(std::string_view code_verifier, std::string_view code_challenge);

}  // namespace oauth2::protocol
