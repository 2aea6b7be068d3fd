#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/db/connection.h"
#include "core/store/page.h"

namespace oauth2::store {

struct Client {
  std::string id;
  std::string name;
  std::optional<std::string> description;
  std::optional<std::string> client_uri;
  std::optional<std::string> owner_id;
  std::vector<std::string> grant_types;
  std::vector<std::string> response_types;
  std::vector<std::string> scope;
  std::vector<std::string> default_scope;
  std::vector<std::string> redirect_uris;
  std::string token_endpoint_auth_method;  // none: a public client
  std::string introspect = "any";          // any, audience, own
  bool internal = false;
  bool skip_consent = false;
  bool require_par = false;                      // only pushed authorization requests (RFC 9126)
  std::string access_token_format = "opaque";    // opaque, jwt (RFC 9068)
  std::optional<std::string> signing_alg;        // of its JWTs; absent: the deployment's
  std::vector<std::string> resources;            // URIs that it may ask for (RFC 8707)
  std::vector<std::string> audiences;            // URIs that it is, as a resource server
  std::optional<std::int64_t> access_token_ttl;  // seconds; absent: the server's
  std::optional<std::int64_t> refresh_token_ttl;
  std::optional<std::int64_t> disabled_at;
  std::int64_t created_at = 0;
  std::int64_t updated_at = 0;

  // Read along from the owner; not written.
  std::optional<std::string> owner_username;
  std::optional<std::int64_t> owner_disabled_at;

  bool is_public() const { return token_endpoint_auth_method == "none"; }
  bool is_disabled() const { return disabled_at.has_value() || owner_disabled_at.has_value(); }
  bool has_jwts() const { return access_token_format == "jwt"; }
  bool has_grant(std::string_view grant_type) const;
};

void insert_client(db::Connection& connection,
                   const Client& client);  // db::Conflict: id, or name of that owner
void update_client(db::Connection& connection,
                   const Client& client);  // db::Conflict: name of that owner; by id
bool delete_client(db::Connection& connection, std::string_view id);  // with its secrets and tokens

std::optional<Client> find_client(db::Connection& connection, std::string_view id);

// What authenticating a client needs, in one statement: every request begins with it.
struct ClientCredentials {
  Client client;  // without its redirect URIs
  std::vector<std::string> live_secret_hashes;
};
std::optional<ClientCredentials> find_client_credentials(db::Connection& connection, std::string_view id,
                                                         std::int64_t now);

std::vector<Client> list_clients_by_name(db::Connection& connection, std::string_view name);
std::vector<Client> list_clients_by_id_prefix(db::Connection& connection, std::string_view prefix);
std::optional<Client> find_client_of_owner(db::Connection& connection,
                                           const std::optional<std::string>& owner_id, std::string_view name);

struct ClientFilter {
  std::optional<std::string> owner_id;
  std::optional<std::string> grant_type;
  bool only_disabled = false;
};
std::vector<Client> list_clients(db::Connection& connection, const ClientFilter& filter);  // by name

// Those of a user's own pages: not internal.
std::vector<Client> list_clients_of_owner(db::Connection& connection, std::string_view owner_id,
                                          const Page& page);  // by name
std::int64_t count_clients_of_owner(db::Connection& connection, std::string_view owner_id);

// Of those that have one of their own; 0 when none has.
std::int64_t longest_access_token_ttl(db::Connection& connection);

std::int64_t count_client_tokens(db::Connection& connection, std::string_view client_id);

// True when a public client has an https redirect URI with this origin (scheme://host[:port]): CORS is for
// those.
bool is_public_client_origin(db::Connection& connection, std::string_view origin);

}  // namespace oauth2::store
