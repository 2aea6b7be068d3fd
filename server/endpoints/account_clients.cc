#include "core/account/clients.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/account/lifetime.h"
#include "core/text.h"
#include "core/time.h"
#include "server/account_page.h"
#include "server/client_guide.h"
#include "server/endpoints/pages.h"
#include "server/form_message.h"
#include "server/shown_time.h"

namespace oauth2::server {
namespace {

using account::ClientForm;

const std::string no_secret = "none";  // for the field `replaced`: there is none that a reset replaces

std::string new_path() { return fmt::format("{}clients/new/", applications_path); }
std::string path_of(const Visit& visit) { return fmt::format("{}clients/{}/", applications_path, visit.id); }

bool is_by_admin(const Visit& visit) {
  return !account::is_changed_by_users(visit.context.settings.account_applications);
}

store::Client require_own(const Visit& visit) {
  auto client = account::find_client(visit.context, visit.user->id, visit.id);
  if (!client) throw PageRefusal(refusal::not_found, "not a client of this user");
  return *client;
}

ClientForm form_of(const store::Client& client) {
  return {client.name, client.description.value_or(""), client.client_uri.value_or(""),
          text::join(client.redirect_uris, "\n"), client.is_public()};
}

// `was_public`: what it is where the form does not say.
ClientForm read_client_form(const protocol::Params& form, bool was_public) {
  const std::string type = form.find("client_type").value_or(was_public ? "public" : "confidential");
  return {form.find("name").value_or(""), form.find("description").value_or(""),
          form.find("website").value_or(""), form.find("redirect_uris").value_or(""), type == "public"};
}

void require_known_type(const protocol::Params& form) {
  const auto type = form.find("client_type");
  if (type && *type != "public" && *type != "confidential")
    throw account::FormError("client_type", "account_client_type_unknown");
}

void set_form(const Visit& visit, View& view, const ClientForm& form) {
  view.set("name", form.name);
  view.set("description", form.description);
  view.set("website", form.website);
  view.set("redirect_uris", form.redirect_uris);
  std::vector<View> types;
  for (const std::string type : {"confidential", "public"}) {
    View shown = choice(type, visit.text("client_type_" + type), form.is_public == (type == "public"));
    shown.set("explanation", visit.text(fmt::format("client_type_{}_effect", type)));
    types.push_back(std::move(shown));
  }
  view.set("client_type_choices", std::move(types));
}

const std::vector<std::string_view> form_fields = {"name", "description", "website", "redirect_uris",
                                                   "client_type"};

void show_new(Visit& visit, int status, const ClientForm& form, const account::FormError* error = nullptr) {
  View view;
  view.set("action", new_path());
  view.set("cancel_url", applications_path);
  set_form(visit, view, form);
  if (error) set_form_error(visit, view, *error, form_fields);
  write_account_page(visit, status, "client_new", std::move(view));
}

// A text whose key ends in _0, _1 or _many.
std::string counted(const Visit& visit, const std::string& key, std::int64_t count) {
  if (count == 0 || count == 1) return visit.text(fmt::format("{}_{}", key, count));
  return visit.text(key + "_many", {{"count", fmt::format("{}", count)}});
}

// `key`: a text with {date} and {time}.
std::string moment(const Visit& visit, std::string_view key, std::int64_t at) {
  return visit.text(key, {{"date", shown_date(visit, at)}, {"time", format_rfc3339(at).substr(11, 5)}});
}

void set_secrets(const Visit& visit, View& view, const store::Client& client) {
  const auto secrets = account::list_client_secrets(visit.context, client);
  std::vector<View> shown;
  for (const store::ClientSecret& secret : secrets) {
    View row;
    set_time_ago(visit, row, "made", secret.created_at);
    row.set("until", secret.expires_at ? moment(visit, "client_secret_until", *secret.expires_at)
                                       : visit.text("client_secret_for_good"));
    shown.push_back(std::move(row));
  }
  view.set("secret_count", counted(visit, "client_secrets", static_cast<std::int64_t>(secrets.size())));
  view.set("secret_there", !secrets.empty());
  const auto lasting = std::find_if(secrets.begin(), secrets.end(),
                                    [](const store::ClientSecret& secret) { return !secret.expires_at; });
  view.set("replaced", lasting == secrets.end() ? no_secret : lasting->id);
  view.set("secrets", std::move(shown));
}

// What it may ask for and how, where to: all that stays the same whatever the form says.
void set_guide(const Visit& visit, View& view, const store::Client& client) {
  std::vector<View> endpoints;
  for (const ClientEndpoint& endpoint : endpoints_of(visit.context.settings, client)) {
    endpoints.push_back(View()
                            .set("id", fmt::format("endpoint_{}", endpoint.key))
                            .set("label", visit.text(fmt::format("client_endpoint_{}", endpoint.key)))
                            .set("value", endpoint.url));
  }
  view.set("endpoints", std::move(endpoints));
  view.set("authentication", visit.text("client_authentication_" + client.token_endpoint_auth_method));
  const bool is_required = requires_pkce(visit.context.settings, client);
  if (client.has_grant("authorization_code"))
    view.set("pkce", visit.text(is_required ? "client_pkce_required" : "client_pkce_recommended"));
  const auto scopes = account::list_client_scopes(visit.context, client);
  std::vector<View> shown;
  for (const store::Scope& scope : scopes) {
    shown.push_back(View().set("scope", scope.name).set("meaning", scope.description));
  }
  view.set("scopes", std::move(shown));
  view.set("example", example_request(visit.context.settings, client, scopes));
}

void show_client(Visit& visit, int status, const store::Client& client, const ClientForm& form,
                 const account::FormError* error = nullptr, const std::string& overlap = "") {
  View view;
  const bool by_admin = is_by_admin(visit);
  view.set("title", client.name);
  view.set("notice", shown_notice(visit, {"account_saved", "client_saved_no_secret"}));
  view.set("action", path_of(visit));
  view.set("delete_url", path_of(visit) + "delete/");
  view.set("client_id", client.id);
  view.set("type", visit.text(client.is_public() ? "client_type_public" : "client_type_confidential"));
  view.set("is_confidential", !client.is_public());
  view.set("is_disabled", client.disabled_at.has_value());
  view.set("by_admin", by_admin);
  view.set("redirect_uris_fixed", client.skip_consent);
  set_date(visit, view, "created", client.created_at);
  set_form(visit, view, by_admin ? form_of(client) : form);
  if (client.skip_consent) view.set("redirect_uris", form_of(client).redirect_uris);  // not to be typed
  std::vector<View> uris;
  for (const std::string& uri : client.redirect_uris) uris.push_back(View().set("uri", uri));
  view.set("uris", std::move(uris));
  set_secrets(visit, view, client);
  set_overlap(visit, view, overlap);
  set_guide(visit, view, client);
  auto fields = by_admin ? std::vector<std::string_view>() : form_fields;
  if (!client.is_public()) fields.push_back("overlap");
  if (error) set_form_error(visit, view, *error, fields);
  write_account_page(visit, status, "client_page", std::move(view));
}

// `secret`: "" where it has none.
void show_secret(Visit& visit, const store::Client& client, std::string title, std::string lead,
                 const std::string& secret) {
  ShownOnce shown;
  shown.title = std::move(title);
  shown.lead = std::move(lead);
  shown.values.push_back({"client_id", visit.text("applications_client_id"), client.id});
  if (!secret.empty()) shown.values.push_back({"client_secret", visit.text("client_secret"), secret});
  shown.link_url = fmt::format("{}clients/{}/", applications_path, client.id);
  shown.link_label = visit.text("client_made_link");
  write_shown_once(visit, shown);
}

void save(Visit& visit, const protocol::Params& fields) {
  const store::Client client = require_own(visit);
  const ClientForm form = read_client_form(fields, client.is_public());
  try {
    require_known_type(fields);
    const auto saved = account::update_client(visit.context, visit.user->id, visit.id, form).client;
    const bool needs_secret = client.is_public() && !saved.is_public();
    redirect_with_notice(visit, path_of(visit), needs_secret ? "client_saved_no_secret" : "account_saved");
  } catch (const account::FormError& error) {
    visit.note = error.what();
    show_client(visit, 400, client, form, &error);
  }
}

void reset_secret(Visit& visit, const protocol::Params& form) {
  const store::Client client = require_own(visit);
  const std::string overlap = form.find("overlap").value_or("");
  std::optional<std::string> replaced;
  if (form.has("replaced")) replaced = form.find("replaced") == no_secret ? "" : form.find("replaced");
  try {
    const bool had_secret = !account::list_client_secrets(visit.context, client).empty();
    const auto reset =
        account::rotate_client_secret(visit.context, visit.user->id, visit.id, overlap, replaced);
    const auto seconds = account::parse_overlap(overlap);
    std::string lead = visit.text(had_secret ? "client_reset_now" : "client_made");
    if (had_secret && seconds) lead = moment(visit, "client_reset_later", visit.context.now + *seconds);
    show_secret(visit, reset.client, visit.text("client_reset_title", {{"name", reset.client.name}}),
                std::move(lead), reset.secret);
  } catch (const account::FormError& error) {
    visit.note = error.what();
    show_client(visit, 400, client, form_of(client), &error, overlap);
  }
}

}  // namespace

void client_new_page(Visit& visit) {
  require_changed_here(visit.context.settings.account_applications, refusal::applications_by_admin);
  show_new(visit, 200, {});
}

void client_new_form(Visit& visit) {
  require_changed_here(visit.context.settings.account_applications, refusal::applications_by_admin);
  const protocol::Params fields = read_account_form(visit, new_path());
  const ClientForm form = read_client_form(fields, false);
  try {
    require_known_type(fields);
    const auto made =
        finding_own([&] { return account::create_client(visit.context, visit.user->id, form); });
    show_secret(visit, made.client, visit.text("client_made_title", {{"name", made.client.name}}),
                visit.text(made.secret ? "client_made" : "client_made_public"), made.secret.value_or(""));
  } catch (const account::FormError& error) {
    visit.note = error.what();
    show_new(visit, 400, form, &error);
  }
}

void client_page(Visit& visit) {
  const store::Client client = require_own(visit);
  show_client(visit, 200, client, form_of(client));
}

void client_form(Visit& visit) {
  const protocol::Params form = read_account_form(visit, path_of(visit));
  finding_own([&] {
    if (form.has("delete")) {
      account::delete_client(visit.context, visit.user->id, visit.id);
      redirect_with_notice(visit, applications_path, "client_deleted");
    } else if (form.has("reset")) {
      reset_secret(visit, form);
    } else {
      save(visit, form);
    }
  });
}

void client_delete_page(Visit& visit) {
  const store::Client client = require_own(visit);
  const auto use =
      finding_own([&] { return account::count_client_use(visit.context, visit.user->id, visit.id); });
  View view;
  view.set("title", visit.text("client_delete_title", {{"name", client.name}}));
  view.set("action", path_of(visit));
  view.set("cancel_url", path_of(visit));
  view.set("lead", visit.text(use.users + use.tokens > 0 ? "client_delete_breaks" : "client_delete_unused"));
  view.set("use", visit.text("client_use", {{"users", counted(visit, "client_users", use.users)},
                                            {"tokens", counted(visit, "client_tokens", use.tokens)}}));
  write_account_page(visit, 200, "client_delete", std::move(view));
}

}  // namespace oauth2::server
