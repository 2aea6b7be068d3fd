#include "core/admin/client_rules.h"

#include <algorithm>

#include "core/admin/name.h"
#include "core/admin/scopes.h"
#include "core/admin/users.h"
#include "core/protocol/redirect_uri.h"
#include "core/protocol/registration.h"
#include "core/protocol/resource.h"
#include "core/protocol/scope.h"

namespace oauth2::admin {
namespace {

bool contains(const std::vector<std::string>& list, std::string_view item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

std::vector<std::string> without_repeats(const std::vector<std::string>& list) {
  std::vector<std::string> out;
  for (const std::string& item : list) {
    if (!contains(out, item)) out.push_back(item);
  }
  return out;
}

std::vector<std::string> full_grant_types(const std::vector<std::string>& names) {
  std::vector<std::string> known;
  for (const auto& type : protocol::registrable_grant_types()) known.emplace_back(type.name);
  known.emplace_back("device_code");
  std::vector<std::string> out;
  for (const std::string& name : names) {
    const std::string_view full = protocol::full_grant_type(name);
    if (full.empty()) {
      const std::string near = text::nearest(name, known);
      throw Refused(fmt::format("there is no grant type '{}'", text::escape_controls(name)),
                    near.empty() ? text::join(known, ", ") : fmt::format("did you mean '{}'?", near));
    }
    out.emplace_back(full);
  }
  return without_repeats(out);
}

void set_text(std::optional<std::string>& to, const std::optional<std::string>& from, std::string_view what,
              std::size_t most, std::string_view field) {
  if (!from) return;
  require_line(what, *from, most, field);
  to = from->empty() ? std::nullopt : from;
}

bool is_web_address(std::string_view uri) {
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (uri.starts_with(scheme))
      return uri.size() > scheme.size() && uri.find_first_of(" \\\"<>") == std::string_view::npos;
  }
  return false;
}

void set_texts(db::Connection& connection, store::Client& client, const ClientFields& fields) {
  if (fields.name) {
    require_name("the client's name", *fields.name, 100, "name");
    client.name = *fields.name;
  }
  set_text(client.description, fields.description, "the description", 500, "description");
  set_text(client.client_uri, fields.client_uri, "the website", 500, "website");
  if (client.client_uri && !is_web_address(*client.client_uri)) {
    throw Refused("the website must be an address that starts with https:// or http://", {},
                  {"website", "malformed", {}});
  }
  if (fields.owner) {
    client.owner_id.reset();
    client.owner_username.reset();
    client.owner_disabled_at.reset();
    if (!fields.owner->empty()) {
      const store::User owner = require_user(connection, *fields.owner, fields.owner_is_id);
      client.owner_id = owner.id;
      client.owner_username = owner.username;
      client.owner_disabled_at = owner.disabled_at;
    }
  }
}

void judge_authentication(const store::Client& client) {
  if (!contains(protocol::registrable_auth_methods(), client.token_endpoint_auth_method)) {
    throw Refused(fmt::format("there is no authentication method '{}'",
                              text::escape_controls(client.token_endpoint_auth_method)),
                  text::join(protocol::registrable_auth_methods(), ", "));
  }
  if (client.introspect != "any" && client.introspect != "audience" && client.introspect != "own") {
    throw Refused(fmt::format("'{}' is not any, audience or own", text::escape_controls(client.introspect)));
  }
}

void judge_grants(const store::Client& client) {
  if (client.grant_types.empty()) throw Refused("at least one grant type is needed");
  for (const auto& type : protocol::registrable_grant_types()) {
    if (!client.has_grant(type.name)) continue;
    if (type.confidential_only && client.is_public()) {
      throw Refused(fmt::format("the grant {} is for confidential clients", type.name), {},
                    {"client_type", "grant", {}});
    }
    if (!type.response_type.empty() && client.redirect_uris.empty()) {
      throw Refused(fmt::format("the grant {} needs a redirect URI", type.name),
                    "--redirect-uri https://…, or another --grant such as client_credentials",
                    {"redirect_uris", "missing", {}});
    }
  }
  for (const std::string& response_type : client.response_types) {
    const auto& types = protocol::registrable_grant_types();
    const auto type = std::find_if(types.begin(), types.end(), [&](const protocol::GrantType& candidate) {
      return candidate.response_type == response_type;
    });
    if (type == types.end()) {
      throw Refused(fmt::format("there is no response type '{}'", text::escape_controls(response_type)),
                    "code, token");
    }
    if (!client.has_grant(type->name)) {
      throw Refused(fmt::format("the response type {} goes with the grant {}", response_type, type->name));
    }
  }
}

void judge_redirect_uris(const store::Client& client) {
  if (client.redirect_uris.size() > 50) {
    throw Refused("more than 50 redirect URIs", {}, {"redirect_uris", "too_many", {}});
  }
  for (const std::string& uri : client.redirect_uris) {
    if (const auto problem = protocol::redirect_uri_problem(uri, client.is_public())) {
      throw Refused(
          fmt::format("the redirect URI {} is refused: {}", text::escape_controls(uri), problem->text), {},
          {"redirect_uris", problem->key, uri});
    }
    if (client.skip_consent && client.is_public() && !uri.starts_with("https://")) {
      throw Refused("consent cannot be skipped for a public client whose redirect URI is not https",
                    "any program on the user's machine could pose as it",
                    {"client_type", "skips_consent", uri});
    }
  }
}

void judge_scopes(db::Connection& connection, const store::Client& client) {
  if (!protocol::covers(client.scope, client.default_scope)) {
    throw Refused("a default scope must be one of the client's scopes", "name it with --scope too");
  }
  if (client.internal) return;
  for (const std::string& name : client.scope) {
    const auto scope = store::find_scope(connection, name);
    if (scope && scope->internal) {
      throw Refused(fmt::format("the scope {} is internal: only internal clients may have it", name),
                    "--internal");
    }
  }
}

// The resources of RFC 8707 section 2, each once.
std::vector<std::string> judged_resources(const std::vector<std::string>& uris) {
  std::vector<std::string> out = without_repeats(uris);
  if (out.size() > 50) throw Refused("more than 50 resources or audiences");
  for (const std::string& uri : out) {
    if (const auto problem = protocol::resource_problem(uri))
      throw Refused(fmt::format("the resource {} is refused: {}", text::escape_controls(uri), *problem));
  }
  return out;
}

void set_resource_fields(store::Client& client, const ClientFields& fields) {
  if (fields.access_token_format) {
    if (*fields.access_token_format != "opaque" && *fields.access_token_format != "jwt")
      throw Refused(
          fmt::format("'{}' is not opaque or jwt", text::escape_controls(*fields.access_token_format)));
    client.access_token_format = *fields.access_token_format;
  }
  if (fields.signing_alg) {
    const std::string& alg = *fields.signing_alg;
    const auto& all = protocol::signing_algs();
    if (!alg.empty() && !contains(all, alg)) {
      throw Refused(fmt::format("there is no signing algorithm '{}'", text::escape_controls(alg)),
                    text::join(all, ", "));
    }
    client.signing_alg = alg.empty() ? std::nullopt : std::optional(alg);
  }
  if (fields.resources) client.resources = judged_resources(*fields.resources);
  if (fields.audiences) client.audiences = judged_resources(*fields.audiences);
}

// Response types not named: those of grants that are new come, those of grants that are gone go.
void follow_grants(store::Client& client, const std::vector<std::string>& grant_types) {
  for (const auto& type : protocol::registrable_grant_types()) {
    if (type.response_type.empty() || client.has_grant(type.name) == contains(grant_types, type.name))
      continue;
    std::erase(client.response_types, type.response_type);
    if (contains(grant_types, type.name)) client.response_types.emplace_back(type.response_type);
  }
}

}  // namespace

store::Client with_fields(db::Connection& connection, store::Client client, const ClientFields& fields) {
  set_texts(connection, client, fields);
  if (fields.auth_method) client.token_endpoint_auth_method = *fields.auth_method;
  if (fields.is_public) {
    const bool named_other = fields.auth_method && (*fields.auth_method == "none") != *fields.is_public;
    if (named_other)
      throw Refused("a public client has the authentication method none, a confidential one another");
    if (*fields.is_public) {
      client.token_endpoint_auth_method = "none";
    } else if (client.is_public()) {
      client.token_endpoint_auth_method = "client_secret_basic";
    }
  }
  if (fields.grant_types) {
    const auto types = full_grant_types(*fields.grant_types);
    if (!fields.response_types) follow_grants(client, types);
    client.grant_types = types;
  }
  if (fields.response_types) client.response_types = without_repeats(*fields.response_types);
  if (fields.redirect_uris) client.redirect_uris = without_repeats(*fields.redirect_uris);
  if (fields.scope) client.scope = require_known_scopes(connection, *fields.scope);
  if (fields.default_scope) client.default_scope = require_known_scopes(connection, *fields.default_scope);
  if (fields.introspect) client.introspect = *fields.introspect;
  if (fields.internal) client.internal = *fields.internal;
  if (fields.skip_consent) client.skip_consent = *fields.skip_consent;
  if (fields.require_par) client.require_par = *fields.require_par;
  set_resource_fields(client, fields);
  if (fields.access_token_ttl) client.access_token_ttl = *fields.access_token_ttl;
  if (fields.refresh_token_ttl) client.refresh_token_ttl = *fields.refresh_token_ttl;
  judge_authentication(client);
  judge_grants(client);
  judge_redirect_uris(client);
  // A scope that was made internal later is no obstacle to an update of something else: no token gets it any
  // more.
  if (fields.scope || fields.default_scope || fields.internal) judge_scopes(connection, client);
  return client;
}

void fill_defaults(ClientFields& fields) {
  if (!fields.grant_types || fields.grant_types->empty()) fields.grant_types = {"authorization_code"};
  if (!fields.auth_method)
    fields.auth_method = fields.is_public.value_or(false) ? "none" : "client_secret_basic";
}

bool same(const store::Client& a, const store::Client& b) {
  return a.name == b.name && a.description == b.description && a.client_uri == b.client_uri &&
         a.owner_id == b.owner_id && a.grant_types == b.grant_types && a.response_types == b.response_types &&
         a.scope == b.scope && a.default_scope == b.default_scope && a.redirect_uris == b.redirect_uris &&
         a.token_endpoint_auth_method == b.token_endpoint_auth_method && a.introspect == b.introspect &&
         a.internal == b.internal && a.skip_consent == b.skip_consent && a.require_par == b.require_par &&
         a.access_token_format == b.access_token_format && a.signing_alg == b.signing_alg &&
         a.resources == b.resources && a.audiences == b.audiences &&
         a.access_token_ttl == b.access_token_ttl && a.refresh_token_ttl == b.refresh_token_ttl &&
         a.disabled_at == b.disabled_at;
}

}  // namespace oauth2::admin
