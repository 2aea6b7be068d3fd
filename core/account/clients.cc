#include "core/account/clients.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/account/lifetime.h"
#include "core/protocol/grant.h"
#include "core/text.h"

namespace oauth2::account {
namespace {

constexpr std::string_view by_admin = "account_applications_by_admin";

const std::string& who(const Context& context) { return context.settings.account_applications; }

// The lines that are not blank.
std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  for (const std::string_view line : text::split(text, '\n')) {
    if (!text::trim(line).empty()) lines.emplace_back(text::trim(line));
  }
  return lines;
}

// Where it stands in the text, from 1.
std::size_t line_number(std::string_view text, std::string_view wanted) {
  std::size_t number = 0;
  for (const std::string_view line : text::split(text, '\n')) {
    ++number;
    if (text::trim(line) == wanted) break;
  }
  return number;
}

// `there`: the name that it has.
admin::ClientFields fields_of(const ClientForm& form, std::string_view there = {}) {
  admin::ClientFields fields;
  fields.name = require_name(form.name, there);
  fields.description = std::string(text::trim(form.description));
  fields.client_uri = std::string(text::trim(form.website));
  fields.redirect_uris = lines_of(form.redirect_uris);
  fields.is_public = form.is_public;
  return fields;
}

template <class Action>
auto refusing_line(const ClientForm& form, Action&& action) {
  try {
    return refusing_in_form(std::forward<Action>(action));
  } catch (FormError& error) {
    if (error.field == "redirect_uris" && !error.value.empty())
      error.line = fmt::format("{}", line_number(form.redirect_uris, error.value));
    throw;
  }
}

store::Client require_own(const Context& context, const std::string& user_id, std::string_view id) {
  require_shown(who(context));
  return context.db.read(
      [&](db::Connection& connection) { return admin::require_client(connection, admin::Ref(id, user_id)); });
}

}  // namespace

Listing<store::Client> list_clients(const Context& context, const std::string& user_id,
                                    const store::Page& page) {
  if (!is_shown(who(context))) return {};
  return context.db.read([&](db::Connection& connection) -> Listing<store::Client> {
    return {store::list_clients_of_owner(connection, user_id, page),
            store::count_clients_of_owner(connection, user_id)};
  });
}

std::optional<store::Client> find_client(const Context& context, const std::string& user_id,
                                         std::string_view id) {
  try {
    return require_own(context, user_id, id);
  } catch (const admin::NotFound&) {
    return std::nullopt;
  }
}

std::vector<store::Scope> list_client_scopes(const Context& context, const store::Client& client) {
  return context.db.read([&](db::Connection& connection) {
    const auto names = protocol::requestable_scope(connection, client);
    auto scopes = store::list_scopes(connection);
    std::erase_if(scopes, [&](const store::Scope& scope) {
      return std::find(names.begin(), names.end(), scope.name) == names.end();
    });
    return scopes;
  });
}

std::vector<store::ClientSecret> list_client_secrets(const Context& context, const store::Client& client) {
  return context.db.read([&](db::Connection& connection) {
    auto secrets = store::list_client_secrets(connection, client.id);
    std::erase_if(secrets, [&](const store::ClientSecret& secret) {
      return secret.expires_at && *secret.expires_at <= context.now;
    });
    return secrets;
  });
}

admin::ClientResult create_client(const Context& context, const std::string& user_id,
                                  const ClientForm& form) {
  require_changed_by_users(who(context), by_admin);
  admin::NewClient wanted;
  wanted.fields = fields_of(form);
  wanted.name = *wanted.fields.name;
  wanted.fields.owner = user_id;
  wanted.fields.owner_is_id = true;
  wanted.fields.grant_types = {"authorization_code", "refresh_token"};
  return refusing_line(form, [&] { return admin::create_client(acting(context, user_id), wanted); });
}

admin::ClientResult update_client(const Context& context, const std::string& user_id, std::string_view id,
                                  const ClientForm& form) {
  const store::Client before = require_own(context, user_id, id);
  require_changed_by_users(who(context), by_admin);
  const admin::ClientFields fields = fields_of(form, before.name);
  return refusing_line(
      form, [&] { return admin::update_client(acting(context, user_id), admin::Ref(id, user_id), fields); });
}

admin::ClientSecretResult rotate_client_secret(const Context& context, const std::string& user_id,
                                               std::string_view id, std::string_view overlap,
                                               const std::optional<std::string>& replaced) {
  require_own(context, user_id, id);
  const auto seconds = parse_overlap(overlap);
  return refusing_in_form([&] {
    return admin::rotate_client_secret(acting(context, user_id), admin::Ref(id, user_id), seconds, replaced);
  });
}

admin::ClientUse count_client_use(const Context& context, const std::string& user_id, std::string_view id) {
  require_shown(who(context));
  return admin::count_client_use(acting(context, user_id), admin::Ref(id, user_id));
}

store::Client delete_client(const Context& context, const std::string& user_id, std::string_view id) {
  require_shown(who(context));
  return admin::delete_client(acting(context, user_id), admin::Ref(id, user_id)).client;
}

}  // namespace oauth2::account
