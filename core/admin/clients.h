#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/admin/context.h"
#include "core/admin/reference.h"
#include "core/store/client_secrets.h"
#include "core/store/clients.h"

// `ref` is the exact id, else the exact name, else an id prefix of 6 characters or more. All throw NotFound,
// Ambiguous, AlreadyExists or Refused, and then nothing has changed.
namespace oauth2::admin {

// What is named is set; what is absent is left alone (update) or gets its default (create).
struct ClientFields {
  std::optional<std::string> name;
  std::optional<std::string> description;  // "" takes it away, here and for client_uri and owner
  std::optional<std::string> client_uri;
  std::optional<std::string> owner;                     // a user's ref
  bool owner_is_id = false;                             // the exact id and nothing else
  std::optional<std::vector<std::string>> grant_types;  // device_code is short for its URN
  std::optional<std::vector<std::string>> response_types;
  std::optional<std::vector<std::string>> redirect_uris;
  std::optional<std::vector<std::string>> scope;
  std::optional<std::vector<std::string>> default_scope;
  std::optional<std::string> auth_method;  // client_secret_basic, client_secret_post, none
  std::optional<std::string> introspect;   // any, audience, own
  std::optional<bool> is_public;           // true: auth_method none
  std::optional<bool> internal;
  std::optional<bool> skip_consent;
  std::optional<bool> require_par;
  std::optional<std::string> access_token_format;     // opaque, jwt
  std::optional<std::string> signing_alg;             // EdDSA, ES256, RS256; "": the deployment's
  std::optional<std::vector<std::string>> resources;  // that it may ask for
  std::optional<std::vector<std::string>> audiences;  // that it is
  // Nothing within takes it away: the server's setting counts then.
  std::optional<std::optional<std::int64_t>> access_token_ttl;
  std::optional<std::optional<std::int64_t>> refresh_token_ttl;
};

struct ClientResult {
  store::Client client;
  bool changed = false;
  std::optional<std::string> secret;  // once, when just made by us
  std::optional<std::int64_t> secret_expires_at;
};

struct NewClient {
  std::string name;
  std::optional<std::string> id;  // else 32 random base62 characters
  ClientFields fields;
  std::optional<std::string> secret;  // chosen by a person: 32 characters or more
  IfExists if_exists = IfExists::refuse;
};

ClientResult create_client(const Context& context, const NewClient& wanted);
ClientResult update_client(const Context& context, const Ref& ref, const ClientFields& fields);
ClientResult enable_client(const Context& context, std::string_view ref);
ClientResult disable_client(const Context& context, std::string_view ref);
ClientResult delete_client(const Context& context, const Ref& ref);  // answers what it was

store::Client require_client(const Context& context, std::string_view ref);
store::Client require_client(db::Connection& connection, const Ref& ref);

struct ClientQuery {
  std::optional<std::string> owner;  // a user's ref
  std::optional<std::string> grant_type;
  bool only_disabled = false;
};
std::vector<store::Client> list_clients(const Context& context, const ClientQuery& query);
std::int64_t count_client_tokens(const Context& context, std::string_view ref);

// What a deletion takes along or breaks.
struct ClientUse {
  std::int64_t users = 0;   // who allowed it
  std::int64_t tokens = 0;  // that could be used, or come back with whom they belong to
};
ClientUse count_client_use(const Context& context, const Ref& ref);

struct ClientSecretResult {
  store::Client client;
  store::ClientSecret record;
  std::string secret;  // once
};
ClientSecretResult add_client_secret(const Context& context, std::string_view ref,
                                     std::optional<std::int64_t> expires_in);
std::vector<store::ClientSecret> list_client_secrets(const Context& context, std::string_view ref);
void revoke_client_secret(const Context& context, std::string_view ref, std::string_view secret_id);
bool verify_client_secret(const Context& context, std::string_view ref, std::string_view secret);
// The secrets that are there die now, or after `overlap` seconds. `replaced`: the id of one that must still
// be there and not about to end, or "" where there must be none such; so that a form sent twice does it once.
ClientSecretResult rotate_client_secret(const Context& context, const Ref& ref,
                                        std::optional<std::int64_t> overlap,
                                        const std::optional<std::string>& replaced = {});

}  // namespace oauth2::admin
