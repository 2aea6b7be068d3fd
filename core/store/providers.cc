#include "core/store/providers.h"

#include "core/text.h"

namespace oauth2::store {
namespace {

constexpr std::string_view select_providers =
    "SELECT name, preset, title, description, icon, client_id, secret_sealed, issuer, authorize_url,"
    " token_url, userinfo_url, emails_url, request_token_url, signature_method, scope, hidden, link_only,"
    " signup, trust_email, disabled_at, created_at, updated_at FROM providers ";

Provider provider_from(const db::Row& row) {
  Provider provider;
  provider.name = row.text(0);
  provider.preset = row.text(1);
  provider.title = row.optional_text(2);
  provider.description = row.optional_text(3);
  provider.icon = row.optional_text(4);
  provider.client_id = row.text(5);
  provider.secret_sealed = row.text(6);
  provider.issuer = row.optional_text(7);
  provider.authorize_url = row.optional_text(8);
  provider.token_url = row.optional_text(9);
  provider.userinfo_url = row.optional_text(10);
  provider.emails_url = row.optional_text(11);
  provider.request_token_url = row.optional_text(12);
  provider.signature_method = row.optional_text(13);
  if (const auto scope = row.optional_text(14)) provider.scope = text::words(*scope);
  provider.hidden = row.flag(15);
  provider.link_only = row.flag(16);
  provider.signup = row.text(17);
  provider.trust_email = row.flag(18);
  provider.disabled_at = row.optional_integer(19);
  provider.created_at = row.integer(20);
  provider.updated_at = row.integer(21);
  return provider;
}

std::vector<Provider> select(db::Connection& connection, std::string_view rest,
                             const db::Parameters& parameters) {
  std::vector<Provider> providers;
  connection.run(std::string(select_providers).append(rest), parameters,
                 [&](const db::Row& row) { providers.push_back(provider_from(row)); });
  return providers;
}

std::optional<std::string> joined(const std::optional<std::vector<std::string>>& words) {
  return words ? std::optional(text::join(*words)) : std::nullopt;
}

// The columns of a row, in the order of the insert; `scope` must outlive the statement.
db::Parameters parameters_of(const Provider& provider, const std::optional<std::string>& scope) {
  return {provider.name,
          provider.preset,
          provider.title,
          provider.description,
          provider.icon,
          provider.client_id,
          provider.secret_sealed,
          provider.issuer,
          provider.authorize_url,
          provider.token_url,
          provider.userinfo_url,
          provider.emails_url,
          provider.request_token_url,
          provider.signature_method,
          scope,
          std::int64_t{provider.hidden},
          std::int64_t{provider.link_only},
          provider.signup,
          std::int64_t{provider.trust_email},
          provider.disabled_at,
          provider.created_at,
          provider.updated_at};
}

}  // namespace

void insert_provider(db::Connection& connection, const Provider& provider) {
  const auto scope = joined(provider.scope);
  connection.run(
      "INSERT INTO providers (name, preset, title, description, icon, client_id, secret_sealed, issuer,"
      " authorize_url, token_url, userinfo_url, emails_url, request_token_url, signature_method, scope,"
      " hidden, link_only, signup, trust_email, disabled_at, created_at, updated_at)"
      " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,"
      " $21, $22)",
      parameters_of(provider, scope));
}

void update_provider(db::Connection& connection, const Provider& provider) {
  const auto scope = joined(provider.scope);
  connection.run(
      "UPDATE providers SET preset = $2, title = $3, description = $4, icon = $5, client_id = $6,"
      " secret_sealed = $7, issuer = $8, authorize_url = $9, token_url = $10, userinfo_url = $11,"
      " emails_url = $12, request_token_url = $13, signature_method = $14, scope = $15, hidden = $16,"
      " link_only = $17, signup = $18, trust_email = $19, disabled_at = $20, created_at = $21,"
      " updated_at = $22 WHERE name = $1",
      parameters_of(provider, scope));
}

bool delete_provider(db::Connection& connection, std::string_view name) {
  return connection.run("DELETE FROM providers WHERE name = $1", {name}) > 0;
}

std::optional<Provider> find_provider(db::Connection& connection, std::string_view name) {
  auto providers = select(connection, "WHERE name = $1", {name});
  return providers.empty() ? std::nullopt : std::optional(std::move(providers.front()));
}

std::vector<Provider> list_providers(db::Connection& connection) {
  return select(connection, "ORDER BY name", {});
}

}  // namespace oauth2::store
