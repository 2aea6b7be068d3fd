#include "core/federation/providers.h"

#include <fmt/format.h>

#include "core/admin/error.h"
#include "core/admin/reference.h"
#include "core/crypto/hash.h"
#include "core/federation/endpoint.h"
#include "core/federation/provider_rules.h"
#include "core/federation/sealing.h"
#include "core/store/remote_accounts.h"

namespace oauth2::federation {
namespace {

using admin::Context;
using store::Provider;

std::string object_of(const Provider& provider) { return "provider:" + provider.name; }

[[noreturn]] void refuse_taken(const std::string& name) {
  throw admin::AlreadyExists(fmt::format("there is a provider {} already", name),
                             "--if-not-exists keeps it, --upsert updates it");
}

// All but the times and the secret, which is sealed anew each time.
bool same(const Provider& a, const Provider& b) {
  return a.title == b.title && a.description == b.description && a.icon == b.icon &&
         a.client_id == b.client_id && a.issuer == b.issuer && a.authorize_url == b.authorize_url &&
         a.token_url == b.token_url && a.userinfo_url == b.userinfo_url && a.emails_url == b.emails_url &&
         a.request_token_url == b.request_token_url && a.signature_method == b.signature_method &&
         a.scope == b.scope && a.hidden == b.hidden && a.link_only == b.link_only && a.signup == b.signup &&
         a.trust_email == b.trust_email && a.disabled_at == b.disabled_at;
}

// False too for one that was sealed under another server's key: it is sealed anew then.
bool is_stored_secret(const ServerKey& key, const Provider& provider, std::string_view secret) {
  try {
    return crypto::equal_in_constant_time(open_provider_secret(key, provider), secret);
  } catch (const CannotOpen&) {
    return false;
  }
}

// Where subjects come from.
bool asks_elsewhere(const Provider& before, const Provider& after) {
  const Resolved a = resolve_public(before);
  const Resolved b = resolve_public(after);
  return a.issuer != b.issuer || a.token_url != b.token_url || a.userinfo_url != b.userinfo_url;
}

ProviderResult store_changes(db::Connection& connection, const Context& context, const Provider& before,
                             Provider after, std::string_view action) {
  if (same(before, after) && before.secret_sealed == after.secret_sealed) return {before, false};
  after.updated_at = context.now;
  store::update_provider(connection, after);
  admin::record(connection, context, action, object_of(after));
  const bool elsewhere = asks_elsewhere(before, after);
  return {after, true, elsewhere ? store::count_remote_accounts(connection, after.name) : 0};
}

ProviderResult update(db::Connection& connection, const Context& context, const Provider& before,
                      const ProviderFields& fields, const std::optional<ServerKey>& key) {
  Provider after = with_fields(before, fields);
  if (fields.secret && key && !is_stored_secret(*key, before, *fields.secret))
    after.secret_sealed = seal_provider_secret(*key, before.name, *fields.secret);
  return store_changes(connection, context, before, std::move(after), "provider.update");
}

ProviderResult insert(db::Connection& connection, const Context& context, const NewProvider& wanted,
                      const ServerKey& key) {
  if (!wanted.fields.client_id) throw admin::Refused("a client id is needed", "--client-id");
  if (!wanted.fields.secret) throw admin::Refused("a secret is needed", "--secret-from");
  Provider provider;
  provider.name = wanted.name;
  provider.preset = wanted.preset;
  provider = with_fields(std::move(provider), wanted.fields);
  provider.secret_sealed = seal_provider_secret(key, provider.name, *wanted.fields.secret);
  provider.created_at = provider.updated_at = context.now;
  try {
    store::insert_provider(connection, provider);
  } catch (const db::Conflict&) {
    refuse_taken(provider.name);
  }
  admin::record(connection, context, "provider.create", object_of(provider));
  return {provider, true};
}

ProviderResult set_enabled(const Context& context, std::string_view name, bool enabled) {
  return context.db.write([&](db::Connection& connection) {
    const Provider before = require_provider(connection, name);
    Provider after = before;
    if (enabled) after.disabled_at.reset();
    if (!enabled && !before.disabled_at) after.disabled_at = context.now;
    return store_changes(connection, context, before, after,
                         enabled ? "provider.enable" : "provider.disable");
  });
}

}  // namespace

ProviderResult create_provider(const Context& context, const NewProvider& wanted) {
  require_provider_name(wanted.name);
  require_preset(wanted.preset);
  if (wanted.fields.secret) require_provider_secret(*wanted.fields.secret);
  const ServerKey key = require_server_key(context.settings, context.db);
  return context.db.write([&](db::Connection& connection) {
    const auto there = store::find_provider(connection, wanted.name);
    if (!there) return insert(connection, context, wanted, key);
    if (wanted.if_exists == admin::IfExists::refuse) refuse_taken(wanted.name);
    if (wanted.if_exists == admin::IfExists::keep) return ProviderResult{*there, false};
    if (there->preset != wanted.preset) {
      throw admin::AlreadyExists(
          fmt::format("provider {} has the preset {}, which stays", there->name, there->preset),
          "another name, or 'oauth2ctl provider delete' first, which takes the linked accounts along");
    }
    return update(connection, context, *there, wanted.fields, key);
  });
}

ProviderResult update_provider(const Context& context, std::string_view name, const ProviderFields& fields) {
  std::optional<ServerKey> key;
  if (fields.secret) {
    require_provider_secret(*fields.secret);
    key = require_server_key(context.settings, context.db);
  }
  return context.db.write([&](db::Connection& connection) {
    return update(connection, context, require_provider(connection, name), fields, key);
  });
}

ProviderResult enable_provider(const Context& context, std::string_view name) {
  return set_enabled(context, name, true);
}

ProviderResult disable_provider(const Context& context, std::string_view name) {
  return set_enabled(context, name, false);
}

ProviderResult delete_provider(const Context& context, std::string_view name) {
  return context.db.write([&](db::Connection& connection) -> ProviderResult {
    const Provider provider = require_provider(connection, name);
    store::delete_provider(connection, provider.name);
    admin::record(connection, context, "provider.delete", object_of(provider));
    return {provider, true};
  });
}

Provider require_provider(db::Connection& connection, std::string_view name) {
  if (auto provider = store::find_provider(connection, name)) return std::move(*provider);
  admin::refuse_unknown("provider", name);
}

Provider require_provider(const Context& context, std::string_view name) {
  return context.db.read([&](db::Connection& connection) { return require_provider(connection, name); });
}

std::vector<Provider> list_providers(const Context& context) {
  return context.db.read([](db::Connection& connection) { return store::list_providers(connection); });
}

ProviderUse count_provider_use(const Context& context, std::string_view name) {
  return context.db.read([&](db::Connection& connection) -> ProviderUse {
    const std::string found = require_provider(connection, name).name;
    return {store::count_remote_accounts(connection, found), store::count_only_let_in_by(connection, found)};
  });
}

}  // namespace oauth2::federation
