#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/admin/context.h"
#include "core/admin/reference.h"
#include "core/store/tokens.h"

// `ref` is the exact id, else the exact name of a personal token, else an id prefix of 6 characters or more.
namespace oauth2::admin {

struct TokenResult {
  store::Token token;
  bool changed = false;
  std::optional<std::string> secret;  // the token itself, once, when just made
};

// What may be asked for a token, beyond what may be asked at all.
struct TokenLimits {
  std::optional<std::vector<std::string>> scopes;  // those that may be added; absent: all
  std::optional<std::int64_t> max_lifetime;        // seconds; absent: all, and never
};

struct NewToken {
  std::string user;         // ref
  bool user_is_id = false;  // the exact id and nothing else
  std::string name;
  std::optional<std::vector<std::string>> scope;  // absent: none, or with `update` left alone
  std::optional<std::int64_t> expires_in;         // seconds; absent: never
  bool internal = false;
  TokenLimits limits;
  IfExists if_exists = IfExists::refuse;  // update: the scope becomes as asked; secret and end stay
};

TokenResult create_personal_token(const Context& context, const NewToken& wanted);
// All three for personal tokens only. A scope that the token has may stay, whatever became of it.
TokenResult update_token(const Context& context, const Ref& ref, const std::optional<std::string>& name,
                         const std::optional<std::vector<std::string>>& scope,
                         const TokenLimits& limits = {});
TokenResult extend_token(const Context& context, const Ref& ref, std::optional<std::int64_t> expires_in,
                         const TokenLimits& limits = {});
// A new token with the name, scope, chosen length of life and user of the old one, which dies now or after
// `overlap` seconds.
TokenResult rotate_token(const Context& context, const Ref& ref, std::optional<std::int64_t> overlap,
                         const TokenLimits& limits = {});

store::Token require_token(const Context& context, std::string_view ref);
store::Token require_token(db::Connection& connection, const Ref& ref);

struct TokenQuery {
  std::optional<std::string> user;  // refs
  std::optional<std::string> client;
  std::optional<std::string> kind;  // personal, access, refresh
  std::optional<std::string> scope;
  std::optional<std::int64_t> expiring_within;  // seconds from now
  std::optional<std::int64_t> unused_for;       // seconds up to now
  std::optional<std::int64_t> created_before;   // a time
  bool all = false;                             // inactive ones too
};
std::vector<store::Token> list_tokens(const Context& context, const TokenQuery& query);

// Already revoked or expired is fine: not changed. A refresh token takes its access tokens along.
TokenResult revoke_token(const Context& context, const Ref& ref);
// Revokes every token that fits and is neither revoked nor expired, those of disabled people too, and answers
// them. Many are revoked in several transactions, so that the server's writes need not wait for all.
std::int64_t count_revocable_tokens(const Context& context, const TokenQuery& query);
std::vector<store::Token> revoke_tokens(const Context& context, const TokenQuery& query);

struct LeakedToken {
  std::size_t line = 0;               // of the input, from 1
  std::optional<store::Token> token;  // absent: no token of ours
  bool changed = false;
};
// Raw token strings, one a line; blank lines are passed over. All in one transaction.
std::vector<LeakedToken> revoke_leaked_tokens(const Context& context, std::string_view lines);

struct VerifiedToken {
  bool active = false;
  bool has_scope = false;     // one of the items of `scope` is wholly in it, or none was asked for
  bool has_audience = false;  // it is meant for `audience`, or that was not asked
  std::string document;       // RFC 7662, JSON
};
// Each item of `scope`: words that are all needed; one item of several is enough.
VerifiedToken verify_token(const Context& context, std::string_view token,
                           const std::vector<std::string>& scope,
                           const std::optional<std::string>& audience = std::nullopt);

}  // namespace oauth2::admin
