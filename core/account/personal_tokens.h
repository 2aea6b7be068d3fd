#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/account/form.h"
#include "core/admin/tokens.h"
#include "core/store/scopes.h"

// A user's personal tokens, but for internal ones. What account.personal_tokens forbids is refused: `off`,
// there are none; `admin`, they are not made and not changed, yet revoked.
namespace oauth2::account {

// Those that are not revoked; expired ones too, so that the user sees why something stopped. One that has a
// successor is there for as long as it works beside it.
Listing<store::Token> list_personal_tokens(const Context& context, const std::string& user_id,
                                           const store::Page& page);  // newest first
// One of these.
std::optional<store::Token> find_personal_token(const Context& context, const std::string& user_id,
                                                std::string_view id);

struct OfferedScope {
  store::Scope scope;
  bool is_held = false;     // the token has it
  bool is_addable = false;  // else it may be kept or dropped, and once dropped it is gone
};
struct ScopeGroup {
  std::optional<std::string> name;
  std::vector<OfferedScope> scopes;
};
// What the form of a new token, or of `edited`, offers: what account.token_scopes allows and the token has.
// By group, those without one first.
std::vector<ScopeGroup> list_offered_scopes(const Context& context, const store::Token* edited = nullptr);

// As it was typed.
struct PersonalTokenForm {
  std::string name;
  std::vector<std::string> scopes;
  std::string expires_in;  // see lifetime.h
  std::string expires_on;
};

// All that change throw admin::NotFound and FormError, and then nothing has changed. The token itself is in
// the result's `secret`, once.
admin::TokenResult create_personal_token(const Context& context, const std::string& user_id,
                                         const PersonalTokenForm& form);
// Name and scopes.
admin::TokenResult update_personal_token(const Context& context, const std::string& user_id,
                                         std::string_view id, const std::string& name,
                                         const std::vector<std::string>& scopes);
admin::TokenResult extend_personal_token(const Context& context, const std::string& user_id,
                                         std::string_view id, std::string_view expires_in,
                                         std::string_view expires_on);
// Another one under the same name that lives as long; `overlap`: "" (the old one dies at once) or one of
// overlap_choices().
admin::TokenResult rotate_personal_token(const Context& context, const std::string& user_id,
                                         std::string_view id, std::string_view overlap);
// A second time too: not changed.
admin::TokenResult revoke_personal_token(const Context& context, const std::string& user_id,
                                         std::string_view id);

}  // namespace oauth2::account
