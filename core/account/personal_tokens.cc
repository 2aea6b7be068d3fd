#include "core/account/personal_tokens.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/account/lifetime.h"
#include "core/text.h"
#include "core/time.h"

namespace oauth2::account {
namespace {

constexpr std::string_view by_admin = "account_personal_tokens_by_admin";
constexpr std::int64_t day = 86'400;

const std::string& who(const Context& context) { return context.settings.account_personal_tokens; }

bool contains(const std::vector<std::string>& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

admin::TokenLimits limits_of(const Settings& settings) {
  admin::TokenLimits limits;
  if (!settings.account_token_scopes.empty()) limits.scopes = settings.account_token_scopes;
  limits.max_lifetime = settings.account_token_max_lifetime;
  return limits;
}

bool is_addable(const Settings& settings, const store::Scope& scope) {
  const auto& named = settings.account_token_scopes;
  return !scope.internal && (named.empty() || contains(named, scope.name));
}

// A limit in whole days is said so.
template <class Action>
auto refusing_lifetime(const Context& context, Action&& action) {
  try {
    return refusing_in_form(std::forward<Action>(action));
  } catch (const FormError& error) {
    const auto& most = context.settings.account_token_max_lifetime;
    if (error.text != "account_expires_in_too_long" || !most) throw;
    if (*most > day && *most % day == 0)
      throw FormError("expires_in", "account_expires_in_too_long_days", fmt::format("{}", *most / day));
    throw FormError("expires_in", error.text, format_duration(*most));
  }
}

store::Token require_own(const Context& context, const std::string& user_id, std::string_view id) {
  require_shown(who(context));
  return context.db.read(
      [&](db::Connection& connection) { return admin::require_token(connection, admin::Ref(id, user_id)); });
}

}  // namespace

Listing<store::Token> list_personal_tokens(const Context& context, const std::string& user_id,
                                           const store::Page& page) {
  if (!is_shown(who(context))) return {};
  return context.db.read([&](db::Connection& connection) -> Listing<store::Token> {
    return {store::list_personal_tokens(connection, user_id, context.now, page),
            store::count_personal_tokens(connection, user_id, context.now)};
  });
}

std::optional<store::Token> find_personal_token(const Context& context, const std::string& user_id,
                                                std::string_view id) {
  try {
    auto token = require_own(context, user_id, id);
    const bool is_over = token.expires_at && *token.expires_at <= context.now;
    if (token.revoked_at || (token.rotated_at && is_over)) return std::nullopt;
    return token;
  } catch (const admin::NotFound&) {
    return std::nullopt;
  }
}

std::vector<ScopeGroup> list_offered_scopes(const Context& context, const store::Token* edited) {
  const auto held = edited ? text::words(edited->scope) : std::vector<std::string>();
  const auto all = context.db.read([](db::Connection& connection) { return store::list_scopes(connection); });
  std::vector<ScopeGroup> groups;
  for (const store::Scope& scope : all) {
    const OfferedScope offered{scope, contains(held, scope.name), is_addable(context.settings, scope)};
    if (!offered.is_held && !offered.is_addable) continue;
    if (groups.empty() || groups.back().name != scope.group) groups.push_back({scope.group, {}});
    groups.back().scopes.push_back(offered);
  }
  return groups;
}

admin::TokenResult create_personal_token(const Context& context, const std::string& user_id,
                                         const PersonalTokenForm& form) {
  require_changed_by_users(who(context), by_admin);
  admin::NewToken wanted;
  wanted.user = user_id;
  wanted.user_is_id = true;
  wanted.name = require_name(form.name);
  wanted.scope = form.scopes;
  wanted.expires_in = parse_lifetime(context.settings, form.expires_in, form.expires_on, context.now);
  wanted.limits = limits_of(context.settings);
  return refusing_lifetime(context,
                           [&] { return admin::create_personal_token(acting(context, user_id), wanted); });
}

admin::TokenResult update_personal_token(const Context& context, const std::string& user_id,
                                         std::string_view id, const std::string& name,
                                         const std::vector<std::string>& scopes) {
  const store::Token before = require_own(context, user_id, id);
  require_changed_by_users(who(context), by_admin);
  const std::string wanted = require_name(name, before.name.value_or(""));
  return refusing_in_form([&] {
    return admin::update_token(acting(context, user_id), admin::Ref(id, user_id), wanted, scopes,
                               limits_of(context.settings));
  });
}

admin::TokenResult extend_personal_token(const Context& context, const std::string& user_id,
                                         std::string_view id, std::string_view expires_in,
                                         std::string_view expires_on) {
  require_own(context, user_id, id);
  require_changed_by_users(who(context), by_admin);
  const auto seconds = parse_lifetime(context.settings, expires_in, expires_on, context.now);
  return refusing_lifetime(context, [&] {
    return admin::extend_token(acting(context, user_id), admin::Ref(id, user_id), seconds,
                               limits_of(context.settings));
  });
}

admin::TokenResult rotate_personal_token(const Context& context, const std::string& user_id,
                                         std::string_view id, std::string_view overlap) {
  require_own(context, user_id, id);
  require_changed_by_users(who(context), by_admin);
  const auto seconds = parse_overlap(overlap);
  try {
    return refusing_in_form([&] {
      return admin::rotate_token(acting(context, user_id), admin::Ref(id, user_id), seconds,
                                 limits_of(context.settings));
    });
  } catch (const FormError& error) {
    if (error.field == "expires_in") throw FormError("", "account_rotate_too_long");
    throw;
  }
}

admin::TokenResult revoke_personal_token(const Context& context, const std::string& user_id,
                                         std::string_view id) {
  require_shown(who(context));
  return admin::revoke_token(acting(context, user_id), admin::Ref(id, user_id));
}

}  // namespace oauth2::account
