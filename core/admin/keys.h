#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/admin/context.h"
#include "core/store/signing_keys.h"

// The keys that JWTs are signed with. `ref` is the exact kid, else a prefix of 6 characters or more. Who
// needs the server's key throws ServerKeyError where it cannot be had.
namespace oauth2::admin {

struct ListedKey {
  store::SigningKey key;
  bool is_default = false;  // it signs for clients that have no algorithm of their own
};
std::vector<ListedKey> list_keys(const Context& context);  // newest first; expired ones too
store::SigningKey require_key(const Context& context, std::string_view ref);
// The one that signs with this algorithm, absent: with the deployment's. NotFound while there is none.
store::SigningKey require_current_key(const Context& context, const std::optional<std::string>& algorithm);

// active: signs; retiring: is published until the last token that it signed has expired; retired.
std::string_view key_status(const store::SigningKey& key, std::int64_t now);

// A new key of this algorithm, which thereby becomes the deployment's; absent: of the deployment's. The old
// ones sign no more and stay published for `overlap` seconds; absent: until all that they signed, or are
// signing at this moment, has expired. Refused: no such algorithm, or one that signs is sealed and there is
// no server's key at hand.
struct RotatedKey {
  store::SigningKey key;
  std::vector<store::SigningKey> old;
  std::vector<std::string> closed;  // kids that signed until now, sealed under another server's key
};
RotatedKey rotate_key(const Context& context, const std::optional<std::string>& algorithm,
                      const std::optional<std::int64_t>& overlap);

// At once: it is published no more, and what it signed is revoked.
struct RetiredKey {
  store::SigningKey key;
  std::int64_t revoked_tokens = 0;  // those that were active
  bool changed = false;
};
RetiredKey retire_key(const Context& context, std::string_view ref);
std::int64_t count_signed_tokens(const Context& context, std::string_view kid);  // the active ones

// PKCS #8 in PEM. Refused when it does not open with the server's key.
std::string export_private_key(const Context& context, std::string_view ref);

// Seals all keys under the present server's key, those too that lay unsealed. What was sealed under another
// one opens with `old_server_key`. All or none: Refused when one opens with neither. `beside`: what else is
// sealed anew in the same transaction. Answers those that changed.
std::vector<store::SigningKey> rewrap_keys(const Context& context,
                                           const std::optional<std::string>& old_server_key,
                                           const std::function<void(db::Connection&)>& beside = {});

}  // namespace oauth2::admin
