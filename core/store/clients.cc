#include "core/store/clients.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/store/columns.h"
#include "core/store/id_prefix.h"
#include "core/text.h"

namespace oauth2::store {
namespace {

const std::string select_clients = "SELECT " + std::string(columns::client).append(columns::from_clients);

void read_redirect_uris(db::Connection& connection, Client& client) {
  connection.run("SELECT uri FROM redirect_uris WHERE client_id = $1 ORDER BY position", {client.id},
                 [&](const db::Row& row) { client.redirect_uris.push_back(row.text(0)); });
}

std::vector<Client> select(db::Connection& connection, std::string_view rest,
                           const db::Parameters& parameters) {
  std::vector<Client> clients;
  connection.run(select_clients + std::string(rest), parameters,
                 [&](const db::Row& row) { clients.push_back(columns::client_from(row)); });
  for (Client& client : clients) read_redirect_uris(connection, client);
  return clients;
}

std::optional<Client> first_of(std::vector<Client> clients) {
  return clients.empty() ? std::nullopt : std::optional(std::move(clients.front()));
}

// scheme://host[:port] of an https URI; other schemes have no CORS.
std::optional<std::string> origin_of(std::string_view uri) {
  constexpr std::string_view scheme = "https://";
  if (!uri.starts_with(scheme)) return std::nullopt;
  // As browsers write it: lower case, without the scheme's own port.
  std::string origin = text::lower(uri.substr(0, uri.find_first_of("/?", scheme.size())));
  if (origin.ends_with(":443")) origin.resize(origin.size() - 4);
  return origin;
}

void write_redirect_uris(db::Connection& connection, const Client& client) {
  connection.run("DELETE FROM redirect_uris WHERE client_id = $1", {client.id});
  std::int64_t position = 0;
  for (const std::string& uri : client.redirect_uris) {
    connection.run("INSERT INTO redirect_uris (client_id, position, uri, origin) VALUES ($1, $2, $3, $4)",
                   {client.id, position++, uri, origin_of(uri)});
  }
}

// As the columns hold them.
struct JoinedLists {
  explicit JoinedLists(const Client& client)
      : grant_types(text::join(client.grant_types)),
        response_types(text::join(client.response_types)),
        scope(text::join(client.scope)),
        default_scope(text::join(client.default_scope)),
        resources(text::join(client.resources)),
        audiences(text::join(client.audiences)) {}
  std::string grant_types;
  std::string response_types;
  std::string scope;
  std::string default_scope;
  std::string resources;
  std::string audiences;
};

// The columns of a row, in the order of the insert; `lists` must outlive the statement.
db::Parameters parameters_of(const Client& client, const JoinedLists& lists) {
  return {client.id,
          client.name,
          client.description,
          client.client_uri,
          client.owner_id,
          lists.grant_types,
          lists.response_types,
          lists.scope,
          lists.default_scope,
          client.token_endpoint_auth_method,
          client.introspect,
          std::int64_t{client.internal},
          std::int64_t{client.skip_consent},
          client.access_token_ttl,
          client.refresh_token_ttl,
          client.disabled_at,
          client.created_at,
          client.updated_at,
          std::int64_t{client.require_par},
          client.access_token_format,
          client.signing_alg,
          lists.resources,
          lists.audiences};
}

}  // namespace

Client columns::client_from(const db::Row& row, int first) {
  Client client;
  client.id = row.text(first);
  client.name = row.text(first + 1);
  client.description = row.optional_text(first + 2);
  client.client_uri = row.optional_text(first + 3);
  client.owner_id = row.optional_text(first + 4);
  client.grant_types = text::words(row.text(first + 5));
  client.response_types = text::words(row.text(first + 6));
  client.scope = text::words(row.text(first + 7));
  client.default_scope = text::words(row.text(first + 8));
  client.token_endpoint_auth_method = row.text(first + 9);
  client.introspect = row.text(first + 10);
  client.internal = row.flag(first + 11);
  client.skip_consent = row.flag(first + 12);
  client.access_token_ttl = row.optional_integer(first + 13);
  client.refresh_token_ttl = row.optional_integer(first + 14);
  client.disabled_at = row.optional_integer(first + 15);
  client.created_at = row.integer(first + 16);
  client.updated_at = row.integer(first + 17);
  client.owner_username = row.optional_text(first + 18);
  client.owner_disabled_at = row.optional_integer(first + 19);
  client.require_par = row.flag(first + 20);
  client.access_token_format = row.text(first + 21);
  client.signing_alg = row.optional_text(first + 22);
  client.resources = text::words(row.text(first + 23));
  client.audiences = text::words(row.text(first + 24));
  return client;
}

bool Client::has_grant(std::string_view grant_type) const {
  return std::find(grant_types.begin(), grant_types.end(), grant_type) != grant_types.end();
}

void insert_client(db::Connection& connection, const Client& client) {
  const JoinedLists lists(client);
  connection.run(
      "INSERT INTO clients (id, name, description, client_uri, owner_id, grant_types, response_types, scope,"
      " default_scope, token_endpoint_auth_method, introspect, internal, skip_consent, access_token_ttl,"
      " refresh_token_ttl, disabled_at, created_at, updated_at, require_par,"
      " access_token_format, signing_alg, resources, audiences)"
      " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,"
      " $19, $20, $21, $22, $23)",
      parameters_of(client, lists));
  write_redirect_uris(connection, client);
}

void update_client(db::Connection& connection, const Client& client) {
  const JoinedLists lists(client);
  connection.run(
      "UPDATE clients SET name = $2, description = $3, client_uri = $4, owner_id = $5, grant_types = $6,"
      " response_types = $7, scope = $8, default_scope = $9, token_endpoint_auth_method = $10,"
      " introspect = $11, internal = $12, skip_consent = $13, access_token_ttl = $14,"
      " refresh_token_ttl = $15, disabled_at = $16, created_at = $17, updated_at = $18,"
      " require_par = $19, access_token_format = $20, signing_alg = $21, resources = $22, audiences = $23"
      " WHERE id = $1",
      parameters_of(client, lists));
  write_redirect_uris(connection, client);
}

bool delete_client(db::Connection& connection, std::string_view id) {
  return connection.run("DELETE FROM clients WHERE id = $1", {id}) > 0;
}

std::optional<Client> find_client(db::Connection& connection, std::string_view id) {
  return first_of(select(connection, "WHERE c.id = $1", {id}));
}

std::optional<ClientCredentials> find_client_credentials(db::Connection& connection, std::string_view id,
                                                         std::int64_t now) {
  static const std::string sql = fmt::format("SELECT {}, s.secret_hash{}{}WHERE c.id = $1", columns::client,
                                             columns::from_clients, columns::join_live_secrets);
  std::optional<ClientCredentials> credentials;
  connection.run(sql, {id, now}, [&](const db::Row& row) {
    if (!credentials) credentials = ClientCredentials{columns::client_from(row), {}};
    if (auto hash = row.optional_text(columns::client_count))
      credentials->live_secret_hashes.push_back(std::move(*hash));
  });
  return credentials;
}

std::vector<Client> list_clients_by_name(db::Connection& connection, std::string_view name) {
  return select(connection, "WHERE c.name = $1 ORDER BY c.id", {name});
}

std::vector<Client> list_clients_by_id_prefix(db::Connection& connection, std::string_view prefix) {
  return select(connection, "WHERE c.id >= $1 AND c.id < $2 ORDER BY c.id", {prefix, after_prefix(prefix)});
}

std::optional<Client> find_client_of_owner(db::Connection& connection,
                                           const std::optional<std::string>& owner_id,
                                           std::string_view name) {
  return first_of(select(connection, "WHERE COALESCE(c.owner_id, '') = $1 AND c.name = $2",
                         {owner_id.value_or(""), name}));
}

std::vector<Client> list_clients(db::Connection& connection, const ClientFilter& filter) {
  return select(
      connection,
      "WHERE (CAST($1 AS TEXT) IS NULL OR c.owner_id = $1)"
      " AND (CAST($2 AS TEXT) IS NULL"
      "      OR replace(' ' || c.grant_types || ' ', ' ' || $2 || ' ', ' ') <> ' ' || c.grant_types || ' ')"
      " AND ($3 = 0 OR c.disabled_at IS NOT NULL OR o.disabled_at IS NOT NULL)"
      " ORDER BY c.name, c.id",
      {filter.owner_id, filter.grant_type, std::int64_t{filter.only_disabled}});
}

std::vector<Client> list_clients_of_owner(db::Connection& connection, std::string_view owner_id,
                                          const Page& page) {
  return select(connection,
                "WHERE c.owner_id = $1 AND c.internal = 0 ORDER BY c.name, c.id LIMIT $2 OFFSET $3",
                {owner_id, page.limit, page.offset});
}

std::int64_t count_clients_of_owner(db::Connection& connection, std::string_view owner_id) {
  return connection.number("SELECT count(*) FROM clients WHERE owner_id = $1 AND internal = 0", {owner_id});
}

std::int64_t longest_access_token_ttl(db::Connection& connection) {
  return connection.number("SELECT COALESCE(MAX(access_token_ttl), 0) FROM clients");
}

std::int64_t count_client_tokens(db::Connection& connection, std::string_view client_id) {
  return connection.number("SELECT count(*) FROM tokens WHERE client_id = $1", {client_id});
}

bool is_public_client_origin(db::Connection& connection, std::string_view origin) {
  bool found = false;
  connection.run(
      "SELECT 1 FROM redirect_uris r JOIN clients c ON c.id = r.client_id"
      " WHERE r.origin = $1 AND c.token_endpoint_auth_method = 'none' AND c.disabled_at IS NULL LIMIT 1",
      {origin}, [&](const db::Row&) { found = true; });
  return found;
}

}  // namespace oauth2::store
