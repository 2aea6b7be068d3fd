#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/account/form.h"
#include "core/admin/clients.h"
#include "core/store/scopes.h"

// The clients that a user owns, but for internal ones. What account.applications forbids is refused: `off`,
// there are none; `admin`, they are not made and not changed, yet get a new secret and are deleted.
namespace oauth2::account {

Listing<store::Client> list_clients(const Context& context, const std::string& user_id,
                                    const store::Page& page);  // by name
std::optional<store::Client> find_client(const Context& context, const std::string& user_id,
                                         std::string_view id);
// What it may ask for, by group and name.
std::vector<store::Scope> list_client_scopes(const Context& context, const store::Client& client);
// Those that work now, the oldest first.
std::vector<store::ClientSecret> list_client_secrets(const Context& context, const store::Client& client);

// As it was typed.
struct ClientForm {
  std::string name;
  std::string description;  // "" for none, and so is `website`
  std::string website;
  std::string redirect_uris;  // one a line
  bool is_public = false;
};

// All that change throw admin::NotFound and FormError, and then nothing has changed.
// For the grants authorization_code and refresh_token, with the default scopes; the secret, once, of a
// confidential one.
admin::ClientResult create_client(const Context& context, const std::string& user_id, const ClientForm& form);
// All of the form; one that becomes confidential has no secret until it gets a new one. Where a client that
// asks for no consent leads stays an administrator's: its owner would get the codes of everybody.
admin::ClientResult update_client(const Context& context, const std::string& user_id, std::string_view id,
                                  const ClientForm& form);
// `overlap`: "" (the old ones die at once) or one of overlap_choices(). `replaced`: see admin::.
admin::ClientSecretResult rotate_client_secret(const Context& context, const std::string& user_id,
                                               std::string_view id, std::string_view overlap,
                                               const std::optional<std::string>& replaced = {});

// What a deletion breaks.
admin::ClientUse count_client_use(const Context& context, const std::string& user_id, std::string_view id);
store::Client delete_client(const Context& context, const std::string& user_id, std::string_view id);

}  // namespace oauth2::account
