#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/crypto/token_string.h"
#include "core/json_text.h"
#include "core/store/tokens.h"

namespace oauth2::protocol {

// Longer ones are no tokens, and none are made: the whole header field must pass proxies, which take 8 kB.
inline constexpr std::size_t longest_jwt = 8000;

// The row of a new token string that is no JWT: its kind, id and hash. Whose it is and what it may do is the
// caller's.
store::Token token_row(crypto::TokenKind kind, std::string_view token_string);

// A token of any kind from its string, if it is ours, intact and stored; expired and revoked ones too. A JWT
// is one of ours when it is, byte for byte, one that was stored: no signature needs to be checked for that.
std::optional<store::Token> find_token(db::Connection& connection, std::string_view token_string);

// The same in two steps, for a row that is read together with others: what to look for, and what was found.
struct TokenKey {
  std::string id;           // "" for a string that cannot be ours; then no row is it
  std::string timeless_id;  // of one made before schema 5, looked up if none has `id`; "" where it cannot be
  std::string token_hash;
};
TokenKey token_key_of(std::string_view token_string);
// The token of a key, from the row that has its `id`, or that none has. Nullopt if the row is another's.
std::optional<store::Token> settle_token(db::Connection& connection, std::optional<store::Token> row,
                                         const TokenKey& key);

// The RFC 7662 section 2.2 document of an active token; with nullptr that of all others: {"active":false}.
std::string introspection_document(const store::Token* token, std::string_view issuer);

// The claim `aud`: one URI, or a list of several (RFC 7519 section 4.1.3).
void add_audience(JsonText& document, const store::Token& token, std::string_view issuer);

}  // namespace oauth2::protocol
