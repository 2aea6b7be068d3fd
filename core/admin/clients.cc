#include "core/admin/clients.h"

#include <fmt/format.h>

#include "core/admin/client_rules.h"
#include "core/admin/name.h"
#include "core/admin/reference.h"
#include "core/admin/users.h"
#include "core/crypto/base62.h"
#include "core/crypto/hash.h"
#include "core/crypto/random.h"
#include "core/crypto/token_string.h"
#include "core/protocol/registration.h"
#include "core/store/consents.h"
#include "core/store/tokens.h"

namespace oauth2::admin {
namespace {

constexpr std::size_t least_chosen_secret = 32;

std::string object_of(const store::Client& client) { return "client:" + client.id; }

[[noreturn]] void refuse_taken(const store::Client& client) {
  throw AlreadyExists(fmt::format("there is a client {} ({}) already", client.name, client.id),
                      "--if-not-exists keeps it, --upsert updates it");
}

void require_client_id(std::string_view id) {
  require_name("the client id", id, 100);
  if (!std::all_of(id.begin(), id.end(),
                   [](char c) {
                     return crypto::is_base62(std::string_view(&c, 1)) || c == '-' || c == '.' || c == '_';
                   }) ||
      id.starts_with('-')) {
    throw Refused("a client id has letters, digits, '-', '.' and '_' only, and does not start with '-'");
  }
}

void require_chosen_secret(std::string_view secret) {
  require_line("the secret", secret, 500);
  if (secret.size() < least_chosen_secret) {
    throw Refused(fmt::format("a chosen secret needs {} characters or more", least_chosen_secret),
                  "leave --secret-from away and a random one is made");
  }
}

store::ClientSecret secret_record(const Context& context, const std::string& client_id,
                                  std::string_view secret, std::optional<std::int64_t> expires_in) {
  return {crypto::random_base62(10), client_id, crypto::sha256_base64url(secret), context.now,
          expires_in ? std::optional(context.now + *expires_in) : std::nullopt};
}

// `for_good`: only a secret that does not end by itself counts.
bool knows_secret(db::Connection& connection, const store::Client& client, std::string_view secret,
                  std::int64_t now, bool for_good) {
  const std::string hash = crypto::sha256_base64url(secret);
  bool found = false;
  for (const auto& known : store::list_client_secrets(connection, client.id)) {
    const bool counts = !known.expires_at || (!for_good && *known.expires_at > now);
    found |= crypto::equal_in_constant_time(known.secret_hash, hash) && counts;
  }
  return found;
}

store::Client require_confidential(db::Connection& connection, const Ref& ref) {
  store::Client client = require_client(connection, ref);
  if (client.is_public()) {
    throw Refused(fmt::format("client {} is public: it has no secret", client.name), {},
                  {"client_type", "no_secret", {}});
  }
  return client;
}

void require_unreplaced(db::Connection& connection, const store::Client& client, std::string_view id) {
  auto lasting = store::list_client_secrets(connection, client.id);
  std::erase_if(lasting, [](const store::ClientSecret& secret) { return secret.expires_at.has_value(); });
  const bool is_there = std::any_of(lasting.begin(), lasting.end(),
                                    [&](const store::ClientSecret& secret) { return secret.id == id; });
  if (id.empty() ? !lasting.empty() : !is_there) {
    throw Refused(fmt::format("the secret of client {} was replaced meanwhile", client.name), {},
                  {"", "secret_replaced", {}});
  }
}

// Where a client that asks for no consent leads stays an administrator's: its owner would get the codes of
// everybody.
void judge_trust(const store::Client& before, const ClientFields& fields) {
  if (!before.skip_consent || fields.redirect_uris.value_or(before.redirect_uris) == before.redirect_uris)
    return;
  throw Refused(fmt::format("client {} skips consent: its owner cannot change where it leads", before.name),
                {}, {"redirect_uris", "by_admin", {}});
}

ClientResult store_changes(db::Connection& connection, const Context& context, const store::Client& before,
                           store::Client after, std::string_view action) {
  if (same(before, after)) return {before, false, {}, {}};
  after.updated_at = context.now;
  try {
    store::update_client(connection, after);
  } catch (const db::Conflict&) {
    throw AlreadyExists(fmt::format("the owner has a client {} already", after.name),
                        "oauth2ctl client list");
  }
  if (after.is_public()) {  // a secret that nothing asks for must not come back to life with a later change
    store::delete_client_secrets(connection, after.id);
  }
  record(connection, context, action, object_of(after));
  return {after, true, {}, {}};
}

ClientResult update_existing(db::Connection& connection, const Context& context, const store::Client& there,
                             const NewClient& wanted) {
  ClientFields fields = wanted.fields;
  fields.name = wanted.name;
  ClientResult result =
      store_changes(connection, context, there, with_fields(connection, there, fields), "client.update");
  if (wanted.secret && !knows_secret(connection, result.client, *wanted.secret, context.now, true)) {
    if (result.client.is_public()) throw Refused("a public client has no secret");
    store::delete_client_secrets(connection, there.id);
    store::insert_client_secret(connection, secret_record(context, there.id, *wanted.secret, {}));
    record(connection, context, "client.rotate_secret", object_of(there));
    result.changed = true;
  }
  return result;
}

ClientResult insert_new(db::Connection& connection, const Context& context, const NewClient& wanted) {
  ClientFields fields = wanted.fields;
  fields.name = wanted.name;
  fill_defaults(fields);
  store::Client client;
  client.id = wanted.id.value_or(crypto::random_base62(32));
  client.created_at = client.updated_at = context.now;
  client = with_fields(connection, client, fields);
  if (client.is_public() && wanted.secret) throw Refused("a public client has no secret");
  try {
    store::insert_client(connection, client);
  } catch (const db::Conflict&) {
    refuse_taken(client);
  }
  ClientResult result{client, true, {}, {}};
  if (!client.is_public()) {
    const std::string secret =
        wanted.secret ? *wanted.secret : crypto::make_token_string(crypto::TokenKind::client_secret);
    store::insert_client_secret(connection, secret_record(context, client.id, secret, {}));
    if (!wanted.secret) result.secret = secret;  // a chosen one is known to who chose it
  }
  record(connection, context, "client.create", object_of(client));
  return result;
}

ClientResult set_enabled(const Context& context, std::string_view ref, bool enabled) {
  return context.db.write([&](db::Connection& connection) {
    const store::Client before = require_client(connection, ref);
    store::Client after = before;
    if (enabled) after.disabled_at.reset();
    if (!enabled && !before.disabled_at) after.disabled_at = context.now;
    return store_changes(connection, context, before, after, enabled ? "client.enable" : "client.disable");
  });
}

}  // namespace

ClientResult create_client(const Context& context, const NewClient& wanted) {
  require_name("the client's name", wanted.name, 100, "name");
  if (wanted.id) require_client_id(*wanted.id);
  if (wanted.secret) require_chosen_secret(*wanted.secret);
  return context.db.write([&](db::Connection& connection) {
    std::optional<std::string> owner_id;
    if (wanted.fields.owner && !wanted.fields.owner->empty()) {
      owner_id = require_user(connection, *wanted.fields.owner, wanted.fields.owner_is_id).id;
    }
    auto there = wanted.id ? store::find_client(connection, *wanted.id) : std::nullopt;
    if (!there) there = store::find_client_of_owner(connection, owner_id, wanted.name);
    if (!there) return insert_new(connection, context, wanted);
    if (wanted.if_exists == IfExists::refuse || (wanted.id && *wanted.id != there->id)) refuse_taken(*there);
    if (wanted.if_exists == IfExists::keep) return ClientResult{*there, false, {}, {}};
    return update_existing(connection, context, *there, wanted);
  });
}

ClientResult update_client(const Context& context, const Ref& ref, const ClientFields& fields) {
  return context.db.write([&](db::Connection& connection) {
    const store::Client before = require_client(connection, ref);
    if (ref.user_id) judge_trust(before, fields);
    return store_changes(connection, context, before, with_fields(connection, before, fields),
                         "client.update");
  });
}

ClientResult enable_client(const Context& context, std::string_view ref) {
  return set_enabled(context, ref, true);
}

ClientResult disable_client(const Context& context, std::string_view ref) {
  return set_enabled(context, ref, false);
}

ClientResult delete_client(const Context& context, const Ref& ref) {
  return context.db.write([&](db::Connection& connection) -> ClientResult {
    const store::Client client = require_client(connection, ref);
    store::delete_client(connection, client.id);
    record(connection, context, "client.delete", object_of(client));
    return {client, true, {}, {}};
  });
}

store::Client require_client(db::Connection& connection, const Ref& ref) {
  auto client = store::find_client(connection, ref.text);
  if (ref.user_id) {
    if (!client || client->internal || client->owner_id != ref.user_id) refuse_unknown("client", ref.text);
    return *client;
  }
  if (client) return *client;
  auto named = store::list_clients_by_name(connection, ref.text);
  if (named.empty() && ref.text.size() >= shortest_id_prefix)
    named = store::list_clients_by_id_prefix(connection, ref.text);
  return only_one(std::move(named), "client", ref.text);
}

store::Client require_client(const Context& context, std::string_view ref) {
  return context.db.read([&](db::Connection& connection) { return require_client(connection, ref); });
}

std::vector<store::Client> list_clients(const Context& context, const ClientQuery& query) {
  return context.db.read([&](db::Connection& connection) {
    store::ClientFilter filter;
    if (query.owner) filter.owner_id = require_user(connection, *query.owner).id;
    if (query.grant_type) {
      const std::string_view full = protocol::full_grant_type(*query.grant_type);
      if (full.empty()) {
        throw Refused(fmt::format("there is no grant type '{}'", text::escape_controls(*query.grant_type)));
      }
      filter.grant_type = std::string(full);
    }
    filter.only_disabled = query.only_disabled;
    return store::list_clients(connection, filter);
  });
}

std::int64_t count_client_tokens(const Context& context, std::string_view ref) {
  return context.db.read([&](db::Connection& connection) {
    return store::count_client_tokens(connection, require_client(connection, ref).id);
  });
}

ClientUse count_client_use(const Context& context, const Ref& ref) {
  return context.db.read([&](db::Connection& connection) -> ClientUse {
    const std::string id = require_client(connection, ref).id;
    return {store::count_consents(connection, {std::nullopt, id}),
            store::count_revocable_client_tokens(connection, id, context.now)};
  });
}

ClientSecretResult add_client_secret(const Context& context, std::string_view ref,
                                     std::optional<std::int64_t> expires_in) {
  const std::string secret = crypto::make_token_string(crypto::TokenKind::client_secret);
  return context.db.write([&](db::Connection& connection) -> ClientSecretResult {
    const store::Client client = require_confidential(connection, ref);
    const auto added = secret_record(context, client.id, secret, expires_in);
    store::insert_client_secret(connection, added);
    record(connection, context, "client.secret.add", object_of(client) + "/secret:" + added.id);
    return {client, added, secret};
  });
}

std::vector<store::ClientSecret> list_client_secrets(const Context& context, std::string_view ref) {
  return context.db.read([&](db::Connection& connection) {
    return store::list_client_secrets(connection, require_client(connection, ref).id);
  });
}

void revoke_client_secret(const Context& context, std::string_view ref, std::string_view secret_id) {
  context.db.write([&](db::Connection& connection) {
    const store::Client client = require_client(connection, ref);
    if (!store::delete_client_secret(connection, client.id, secret_id)) {
      throw NotFound(
          fmt::format("client {} has no secret '{}'", client.name, text::escape_controls(secret_id)),
          fmt::format("oauth2ctl client secret list {}", client.id));
    }
    record(connection, context, "client.secret.revoke",
           object_of(client) + "/secret:" + std::string(secret_id));
  });
}

bool verify_client_secret(const Context& context, std::string_view ref, std::string_view secret) {
  return context.db.read([&](db::Connection& connection) {
    const store::Client client = require_client(connection, ref);
    return !client.is_disabled() && knows_secret(connection, client, secret, context.now, false);
  });
}

ClientSecretResult rotate_client_secret(const Context& context, const Ref& ref,
                                        std::optional<std::int64_t> overlap,
                                        const std::optional<std::string>& replaced) {
  const std::string secret = crypto::make_token_string(crypto::TokenKind::client_secret);
  return context.db.write([&](db::Connection& connection) -> ClientSecretResult {
    const store::Client client = require_confidential(connection, ref);
    if (replaced) require_unreplaced(connection, client, *replaced);
    if (overlap) {
      store::expire_client_secrets(connection, client.id, context.now + *overlap);
    } else {
      store::delete_client_secrets(connection, client.id);  // not expired: a clock may be set back
    }
    const auto added = secret_record(context, client.id, secret, {});
    store::insert_client_secret(connection, added);
    record(connection, context, "client.rotate_secret", object_of(client));
    return {client, added, secret};
  });
}

}  // namespace oauth2::admin
