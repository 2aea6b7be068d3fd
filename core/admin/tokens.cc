#include "core/admin/tokens.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/admin/clients.h"
#include "core/admin/name.h"
#include "core/admin/reference.h"
#include "core/admin/scopes.h"
#include "core/admin/users.h"
#include "core/crypto/token_string.h"
#include "core/protocol/audience.h"
#include "core/protocol/scope.h"
#include "core/protocol/token_document.h"
#include "core/time.h"

namespace oauth2::admin {
namespace {

constexpr std::size_t batch_rows = 500;  // the server's writes wait for one batch at most

std::string object_of(const store::Token& token) { return "token:" + token.id; }

store::Token require_live_personal(db::Connection& connection, const Ref& ref, std::int64_t now) {
  store::Token token = require_token(connection, ref);
  if (token.kind != "personal") throw Refused(fmt::format("{} is not a personal token", token.id));
  if (token.rotated_at) {
    throw Refused(fmt::format("token {} has a successor already", token.id), {}, {"", "token_rotated", {}});
  }
  if (token.revoked_at) {
    throw Refused(fmt::format("token {} is revoked", token.id), "make a new one", {"", "token_revoked", {}});
  }
  if (token.expires_at && *token.expires_at <= now) {
    throw Refused(fmt::format("token {} has expired", token.id), "make a new one", {"", "token_expired", {}});
  }
  return token;
}

// What the token is to have, of which it has `there`. Internal scopes are for internal tokens: those that the
// user's own pages do not show.
std::string require_scopes(db::Connection& connection, const std::vector<std::string>& wanted,
                           const store::Token& there, const TokenLimits& limits) {
  const auto contains = [](const std::vector<std::string>& list, const std::string& name) {
    return std::find(list.begin(), list.end(), name) != list.end();
  };
  const auto names = require_known_scopes(connection, wanted);
  const auto kept = text::words(there.scope);
  for (const std::string& name : names) {
    if (contains(kept, name)) continue;
    if (!there.internal && store::find_scope(connection, name)->internal) {
      throw Refused(fmt::format("the scope {} is internal: only internal tokens may have it", name),
                    "--internal", {"scopes", "unavailable", name});
    }
    if (limits.scopes && !contains(*limits.scopes, name)) {
      throw Refused(fmt::format("the scope {} is not for tokens that users make themselves", name), {},
                    {"scopes", "unavailable", name});
    }
  }
  return text::join(names);
}

void require_lifetime(const std::optional<std::int64_t>& seconds, const TokenLimits& limits) {
  if (limits.max_lifetime && (!seconds || *seconds > *limits.max_lifetime)) {
    throw Refused(fmt::format("tokens may live for {} at most", format_duration(*limits.max_lifetime)), {},
                  {"expires_in", "too_long", {}});
  }
}

[[noreturn]] void refuse_taken(const std::string& username, const std::string& name) {
  throw AlreadyExists(fmt::format("user {} has a token '{}' already", username, name),
                      "oauth2ctl token rotate, or another --name");
}

TokenResult store_changes(db::Connection& connection, const Context& context, const store::Token& before,
                          const store::Token& after, std::string_view action) {
  if (before.name == after.name && before.scope == after.scope && before.expires_at == after.expires_at &&
      before.lifetime == after.lifetime) {
    return {before, false, {}};
  }
  try {
    store::update_token(connection, after);
  } catch (const db::Conflict&) {
    refuse_taken(after.username.value_or(""), after.name.value_or(""));
  }
  record(connection, context, action, object_of(after));
  return {after, true, {}};
}

store::TokenFilter filter_of(db::Connection& connection, const Context& context, const TokenQuery& query) {
  store::TokenFilter filter;
  if (query.user) filter.user_id = require_user(connection, *query.user).id;
  if (query.client) filter.client_id = require_client(connection, *query.client).id;
  if (query.kind) {
    if (*query.kind != "personal" && *query.kind != "access" && *query.kind != "refresh") {
      throw Refused(fmt::format("there is no kind '{}' of token", text::escape_controls(*query.kind)),
                    "personal, access, refresh");
    }
    filter.kind = query.kind;
  }
  filter.scope = query.scope;
  if (query.expiring_within) filter.expires_before = context.now + *query.expiring_within;
  if (query.unused_for) filter.unused_since = context.now - *query.unused_for;
  filter.created_before = query.created_before;
  if (!query.all) filter.active_at = context.now;
  return filter;
}

// Those of disabled people too: they must not come back with them.
store::TokenFilter revocable_filter(db::Connection& connection, const Context& context,
                                    const TokenQuery& query) {
  store::TokenFilter filter = filter_of(connection, context, query);
  filter.active_at.reset();
  filter.revocable_at = context.now;
  return filter;
}

bool revoke(db::Connection& connection, const Context& context, store::Token& token) {
  if (store::revoke_token_with_family(connection, token, context.now) == 0) return false;
  if (!token.revoked_at) token.revoked_at = context.now;
  record(connection, context, "token.revoke", object_of(token));
  return true;
}

}  // namespace

namespace {

// The expiry counts from now, so it would differ at every run: only the scope is made equal.
TokenResult update_existing(db::Connection& connection, const Context& context, const store::Token& there,
                            const NewToken& wanted) {
  if (wanted.internal && !there.internal) {
    throw Refused(fmt::format("token {} is not internal and cannot become so", there.id), "make another one");
  }
  store::Token after = there;
  if (wanted.scope) after.scope = require_scopes(connection, *wanted.scope, there, wanted.limits);
  return store_changes(connection, context, there, after, "token.update");
}

TokenResult insert_new(db::Connection& connection, const Context& context, const store::User& user,
                       const NewToken& wanted, const std::string& secret) {
  store::Token token = protocol::token_row(crypto::TokenKind::personal, secret);
  token.user_id = user.id;
  token.username = user.username;
  token.holder_disabled = user.disabled_at.has_value();
  token.name = wanted.name;
  token.internal = wanted.internal;
  if (wanted.scope) token.scope = require_scopes(connection, *wanted.scope, token, wanted.limits);
  token.created_at = context.now;
  token.lifetime = wanted.expires_in;
  if (wanted.expires_in) token.expires_at = context.now + *wanted.expires_in;
  try {
    store::insert_token(connection, token);
  } catch (const db::Conflict&) {
    refuse_taken(user.username, wanted.name);
  }
  record(connection, context, "token.create", object_of(token));
  return {token, true, secret};
}

}  // namespace

TokenResult create_personal_token(const Context& context, const NewToken& wanted) {
  require_name("the token's name", wanted.name, 100, "name");
  require_lifetime(wanted.expires_in, wanted.limits);
  const std::string secret = crypto::make_token_string(crypto::TokenKind::personal);
  return context.db.write([&](db::Connection& connection) -> TokenResult {
    const store::User user = require_user(connection, wanted.user, wanted.user_is_id);
    auto there = store::find_personal_token(connection, user.id, wanted.name);
    if (there && there->expires_at && *there->expires_at <= context.now) {
      store::revoke_token(connection, there->id, context.now);  // dead for good: its name is free
      there.reset();
    }
    if (there && wanted.if_exists == IfExists::keep) return {*there, false, {}};
    if (there && wanted.if_exists == IfExists::update)
      return update_existing(connection, context, *there, wanted);
    return insert_new(connection, context, user, wanted, secret);
  });
}

TokenResult update_token(const Context& context, const Ref& ref, const std::optional<std::string>& name,
                         const std::optional<std::vector<std::string>>& scope, const TokenLimits& limits) {
  if (name) require_name("the token's name", *name, 100, "name");
  return context.db.write([&](db::Connection& connection) {
    const store::Token before = require_live_personal(connection, ref, context.now);
    store::Token after = before;
    if (name) after.name = *name;
    if (scope) after.scope = require_scopes(connection, *scope, before, limits);
    return store_changes(connection, context, before, after, "token.update");
  });
}

TokenResult extend_token(const Context& context, const Ref& ref, std::optional<std::int64_t> expires_in,
                         const TokenLimits& limits) {
  require_lifetime(expires_in, limits);
  return context.db.write([&](db::Connection& connection) {
    const store::Token before = require_live_personal(connection, ref, context.now);
    store::Token after = before;
    after.lifetime = expires_in;
    after.expires_at = expires_in ? std::optional(context.now + *expires_in) : std::nullopt;
    return store_changes(connection, context, before, after, "token.extend");
  });
}

TokenResult rotate_token(const Context& context, const Ref& ref, std::optional<std::int64_t> overlap,
                         const TokenLimits& limits) {
  const std::string secret = crypto::make_token_string(crypto::TokenKind::personal);
  return context.db.write([&](db::Connection& connection) -> TokenResult {
    store::Token old = require_live_personal(connection, ref, context.now);
    require_lifetime(old.lifetime, limits);
    store::Token token = protocol::token_row(crypto::TokenKind::personal, secret);
    token.user_id = old.user_id;
    token.username = old.username;
    token.holder_disabled = old.holder_disabled;
    token.name = old.name;
    token.scope = old.scope;
    token.audience = old.audience;
    token.internal = old.internal;
    token.created_at = context.now;
    token.lifetime = old.lifetime;
    if (old.lifetime) token.expires_at = context.now + *old.lifetime;

    const std::int64_t end = context.now + overlap.value_or(0);
    if (!old.expires_at || *old.expires_at > end) old.expires_at = end;
    old.rotated_at = context.now;
    store::update_token(connection, old);  // first, so that the name is free
    if (!overlap)
      store::revoke_token(connection, old.id, context.now);  // not expired: a clock may be set back
    store::insert_token(connection, token);
    record(connection, context, "token.rotate", object_of(old));
    record(connection, context, "token.create", object_of(token));
    return {token, true, secret};
  });
}

store::Token require_token(db::Connection& connection, const Ref& ref) {
  auto token = store::find_token(connection, ref.text);
  if (ref.user_id) {
    const bool theirs =
        token && token->kind == "personal" && !token->internal && token->user_id == ref.user_id;
    if (!theirs) refuse_unknown("token", ref.text);
    return *token;
  }
  if (token) return *token;
  auto named = store::list_tokens_by_name(connection, ref.text);
  if (named.empty() && ref.text.size() >= shortest_id_prefix)
    named = store::list_tokens_by_id_prefix(connection, ref.text);
  if (named.empty() &&
      (crypto::inspect_token_string(ref.text) || !protocol::token_key_of(ref.text).id.empty())) {
    throw NotFound("that is a token itself, not its id: it should not be on a command line",
                   "oauth2ctl token verify --token-from -, or token revoke --leaked -");
  }
  return only_one(std::move(named), "token", ref.text);
}

store::Token require_token(const Context& context, std::string_view ref) {
  return context.db.read([&](db::Connection& connection) { return require_token(connection, ref); });
}

std::vector<store::Token> list_tokens(const Context& context, const TokenQuery& query) {
  return context.db.read([&](db::Connection& connection) {
    return store::list_tokens(connection, filter_of(connection, context, query));
  });
}

TokenResult revoke_token(const Context& context, const Ref& ref) {
  return context.db.write([&](db::Connection& connection) -> TokenResult {
    store::Token token = require_token(connection, ref);
    const bool changed = revoke(connection, context, token);
    return {token, changed, {}};
  });
}

std::int64_t count_revocable_tokens(const Context& context, const TokenQuery& query) {
  return context.db.read([&](db::Connection& connection) {
    return store::count_tokens(connection, revocable_filter(connection, context, query));
  });
}

std::vector<store::Token> revoke_tokens(const Context& context, const TokenQuery& query) {
  auto fitting = context.db.read([&](db::Connection& connection) {
    return store::list_tokens(connection, revocable_filter(connection, context, query));
  });
  std::vector<store::Token> revoked;
  for (std::size_t start = 0; start < fitting.size(); start += batch_rows) {
    const std::size_t end = std::min(start + batch_rows, fitting.size());
    const auto batch = context.db.write([&](db::Connection& connection) {
      std::vector<store::Token> changed;
      for (std::size_t i = start; i < end; ++i) {
        if (revoke(connection, context, fitting[i])) changed.push_back(fitting[i]);
      }
      return changed;
    });
    revoked.insert(revoked.end(), batch.begin(), batch.end());
  }
  return revoked;
}

std::vector<LeakedToken> revoke_leaked_tokens(const Context& context, std::string_view lines) {
  return context.db.write([&](db::Connection& connection) {
    std::vector<LeakedToken> results;
    std::size_t number = 0;
    for (const std::string_view line : text::split(lines, '\n')) {
      ++number;
      const std::string_view raw = text::trim(line);
      if (raw.empty()) continue;
      LeakedToken& result = results.emplace_back();
      result.line = number;
      result.token = protocol::find_token(connection, raw);
      if (result.token) result.changed = revoke(connection, context, *result.token);
    }
    return results;
  });
}

VerifiedToken verify_token(const Context& context, std::string_view token,
                           const std::vector<std::string>& scope,
                           const std::optional<std::string>& audience) {
  return context.db.read([&](db::Connection& connection) {
    const auto found = protocol::find_token(connection, token);
    VerifiedToken result;
    result.active = found && found->is_active(context.now);
    result.has_scope = result.active && protocol::satisfies(text::words(found->scope), scope);
    const std::string& issuer = context.settings.issuer;
    result.has_audience = result.active && (!audience || protocol::has_audience(*found, *audience, issuer));
    result.document = protocol::introspection_document(result.active ? &*found : nullptr, issuer);
    return result;
  });
}

}  // namespace oauth2::admin
