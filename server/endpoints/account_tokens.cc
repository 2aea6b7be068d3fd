#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/account/lifetime.h"
#include "core/account/personal_tokens.h"
#include "core/text.h"
#include "core/time.h"
#include "server/account_page.h"
#include "server/endpoints/pages.h"
#include "server/form_message.h"
#include "server/shown_time.h"

namespace oauth2::server {
namespace {

constexpr std::string_view new_path = "/account/settings/applications/tokens/new/";

std::string path_of(std::string_view id) { return fmt::format("{}tokens/{}/", applications_path, id); }

account::PersonalTokenForm read_token_form(const protocol::Params& form) {
  return {form.find("name").value_or(""), form.find_all("scopes"), form.find("expires_in").value_or(""),
          form.find("expires_on").value_or("")};
}

bool has_expired(const Visit& visit, const store::Token& token) {
  return token.expires_at && *token.expires_at <= visit.context.now;
}

std::string lifetime_label(const Visit& visit, const std::string& choice) {
  if (choice == "date") return visit.text("personal_token_on_date");
  if (choice == "never") return visit.text("applications_never");
  const std::int64_t end = visit.context.now + parse_duration(choice).value_or(0);
  return visit.text("personal_token_until",
                    {{"duration", shown_duration(visit, choice)}, {"date", shown_date(visit, end)}});
}

// 30 days, or the length that is nearest to it of those that are offered.
std::string usual_lifetime(const std::vector<std::string>& choices) {
  std::string usual = choices.front();
  for (const std::string& choice : choices) {
    if (parse_duration(choice).value_or(0) <= *parse_duration("30d") && choice != "date" && choice != "never")
      usual = choice;
  }
  return usual;
}

void set_lifetime(const Visit& visit, View& view, const account::PersonalTokenForm& form) {
  const Settings& settings = visit.context.settings;
  const auto choices = account::lifetime_choices(settings, visit.context.now);
  const std::string chosen = form.expires_in.empty() ? usual_lifetime(choices) : form.expires_in;
  std::vector<View> shown;
  for (const std::string& lifetime : choices)
    shown.push_back(choice(lifetime, lifetime_label(visit, lifetime), lifetime == chosen));
  view.set("expires_in_choices", std::move(shown));
  view.set("expires_on", form.expires_on);
  const auto last = account::last_expires_on(settings, visit.context.now);
  if (last && std::find(choices.begin(), choices.end(), "date") != choices.end())
    view.set("expires_limit",
             visit.text("personal_token_limit", {{"date", shown_date(visit, *parse_date(*last))}}));
}

View scope_choice(const Visit& visit, const account::OfferedScope& offered, bool is_chosen) {
  std::string explanation = offered.scope.description;
  if (!offered.is_addable)
    explanation += (explanation.empty() ? "" : " ") + visit.text("personal_token_scope_kept");
  return View().set("value", offered.scope.name).set("explanation", explanation).set("is_chosen", is_chosen);
}

using ScopeGroups = std::vector<account::ScopeGroup>;

void set_scopes(const Visit& visit, View& view, const std::vector<std::string>& chosen, ScopeGroups groups) {
  // What is left over comes last.
  if (!groups.empty() && !groups.front().name) std::rotate(groups.begin(), groups.begin() + 1, groups.end());
  std::vector<View> shown;
  for (const account::ScopeGroup& group : groups) {
    std::vector<View> choices;
    for (const account::OfferedScope& offered : group.scopes) {
      const bool is_chosen = std::find(chosen.begin(), chosen.end(), offered.scope.name) != chosen.end();
      choices.push_back(scope_choice(visit, offered, is_chosen));
    }
    const std::string other = groups.size() > 1 ? visit.text("consent_other_group") : "";
    shown.push_back(View().set("title", group.name.value_or(other)).set("choices", std::move(choices)));
  }
  view.set("scopes_groups", std::move(shown));
}

// What it may do and since when, for the partials token_scopes and token_times. `groups`: what a form about
// it offers, which has all that it may do.
void set_details(const Visit& visit, View& view, const store::Token& token, const ScopeGroups& groups) {
  std::map<std::string, std::string> descriptions;
  for (const account::ScopeGroup& group : groups) {
    for (const account::OfferedScope& offered : group.scopes)
      descriptions[offered.scope.name] = offered.scope.description;
  }
  std::vector<View> scopes;
  for (const std::string& name : text::words(token.scope))
    scopes.push_back(View().set("name", name).set("description", descriptions[name]));
  const bool is_expired = has_expired(visit, token);
  view.set("scopes", std::move(scopes));
  view.set("is_expired", is_expired);
  set_date(visit, view, "created", token.created_at);
  if (token.last_used_at) set_time_ago(visit, view, "used", *token.last_used_at);
  if (token.expires_at) set_date(visit, view, "ends", *token.expires_at);
  if (token.expires_at && !is_expired) view.set("time_left", shown_time_left(visit, *token.expires_at));
}

void show_new(Visit& visit, int status, const account::PersonalTokenForm& form,
              const account::FormError* error = nullptr) {
  View view;
  view.set("action", new_path);
  view.set("back_url", applications_path);
  view.set("name", form.name);
  set_scopes(visit, view, form.scopes, account::list_offered_scopes(visit.context));
  set_lifetime(visit, view, form);
  if (error) set_form_error(visit, view, *error, {"name", "scopes", "expires_in", "expires_on"});
  write_account_page(visit, status, "personal_token_new", std::move(view));
}

// `form` and `overlap`: as they were sent, or what the token has.
void show_token(Visit& visit, int status, const store::Token& token, const account::PersonalTokenForm& form,
                const std::string& overlap = "", const account::FormError* error = nullptr) {
  View view;
  auto groups = account::list_offered_scopes(visit.context, &token);
  set_details(visit, view, token, groups);
  const bool by_admin = !account::is_changed_by_users(visit.context.settings.account_personal_tokens);
  const bool is_replaced = token.rotated_at.has_value();
  const bool can_change = !has_expired(visit, token) && !is_replaced && !by_admin;
  view.set("title", token.name.value_or(""));
  view.set("shown_name", token.name.value_or(""));
  view.set("action", path_of(token.id));
  view.set("delete_url", path_of(token.id) + "delete/");
  view.set("new_url", new_path);
  view.set("by_admin", by_admin);
  view.set("is_replaced", is_replaced);
  view.set("can_change", can_change);
  view.set("name", form.name);
  view.set("notice", shown_notice(visit, {"account_saved", "personal_token_extended"}));
  set_scopes(visit, view, form.scopes, std::move(groups));
  set_lifetime(visit, view, form);
  set_overlap(visit, view, overlap);
  if (error && can_change)
    set_form_error(visit, view, *error, {"name", "scopes", "expires_in", "expires_on", "overlap"});
  else if (error)
    view.set("error", form_message(visit, *error));
  write_account_page(visit, status, "personal_token", std::move(view));
}

store::Token require_own(const Visit& visit) {
  auto token = account::find_personal_token(visit.context, visit.user->id, visit.id);
  if (!token) throw PageRefusal(refusal::not_found, "no personal token of this user");
  return *std::move(token);
}

// `last`: one more thing to say; "" for none.
void show_once(Visit& visit, const admin::TokenResult& made, const std::string& last = "") {
  const store::Token& token = made.token;
  const std::string end = token.expires_at ? visit.text("personal_token_made_until",
                                                        {{"date", shown_date(visit, *token.expires_at)},
                                                         {"left", shown_time_left(visit, *token.expires_at)}})
                                           : visit.text("personal_token_made_endless");
  const std::string url = visit.context.settings.issuer + "/oauth/info";
  const std::string curl =
      fmt::format("curl -H \"Authorization: Bearer {}\" {}", *made.secret, text::shell_quoted(url));
  ShownOnce shown;
  shown.title = visit.text("personal_token_made_title");
  shown.lead =
      fmt::format("{} {}{}{}", visit.text("personal_token_made"), end, last.empty() ? "" : " ", last);
  shown.values = {{"token", visit.text("personal_token_value"), *made.secret},
                  {"curl", visit.text("personal_token_curl"), curl}};
  shown.link_url = applications_path;
  shown.link_label = visit.text("personal_token_done");
  write_shown_once(visit, shown);
}

void save(Visit& visit, const account::PersonalTokenForm& form) {
  account::update_personal_token(visit.context, visit.user->id, visit.id, form.name, form.scopes);
  redirect_with_notice(visit, path_of(visit.id), "account_saved");
}

void extend(Visit& visit, const account::PersonalTokenForm& form) {
  account::extend_personal_token(visit.context, visit.user->id, visit.id, form.expires_in, form.expires_on);
  redirect_with_notice(visit, path_of(visit.id), "personal_token_extended");
}

void rotate(Visit& visit, const std::string& overlap) {
  const auto made = account::rotate_personal_token(visit.context, visit.user->id, visit.id, overlap);
  show_once(visit, made,
            overlap.empty()
                ? visit.text("personal_token_old_dead")
                : visit.text("personal_token_old_lives", {{"duration", shown_duration(visit, overlap)}}));
}

// With the form as it was sent; of the other forms on the page, what the token has.
void refuse_change(Visit& visit, const protocol::Params& form, const account::FormError& error) {
  visit.note = error.what();
  const auto link = std::string(applications_path);
  if (error.text == "account_token_rotated")
    throw PageRefusal(refusal::token_replaced, error.what()).with_link(link, "link_back");
  if (error.text == "account_token_revoked")
    throw PageRefusal(refusal::token_deleted, error.what()).with_link(link, "link_back");
  const store::Token token = require_own(visit);
  account::PersonalTokenForm shown = read_token_form(form);
  if (form.has("extend") || form.has("rotate")) {
    shown.name = token.name.value_or("");
    shown.scopes = text::words(token.scope);
  }
  show_token(visit, 400, token, shown, form.find("overlap").value_or(""), &error);
}

}  // namespace

void new_personal_token_page(Visit& visit) {
  require_changed_here(visit.context.settings.account_personal_tokens, refusal::tokens_by_admin);
  show_new(visit, 200, {});
}

void new_personal_token_form(Visit& visit) {
  require_changed_here(visit.context.settings.account_personal_tokens, refusal::tokens_by_admin);
  const auto form = read_token_form(read_account_form(visit, new_path));
  try {
    show_once(visit, account::create_personal_token(visit.context, visit.user->id, form));
  } catch (account::FormError& error) {
    visit.note = error.what();
    // Perhaps by a double click, whose first answer nobody saw.
    if (error.text == "account_name_taken") error.text = "personal_token_taken";
    show_new(visit, 400, form, &error);
  }
}

void personal_token_page(Visit& visit) {
  const store::Token token = require_own(visit);
  show_token(visit, 200, token, {token.name.value_or(""), text::words(token.scope), "", ""});
}

void personal_token_form(Visit& visit) {
  const protocol::Params form = read_account_form(visit, path_of(visit.id));
  finding_own([&] {
    try {
      if (form.has("delete")) {
        account::revoke_personal_token(visit.context, visit.user->id, visit.id);
        redirect_with_notice(visit, applications_path, "personal_token_deleted");
      } else if (form.has("rotate")) {
        rotate(visit, form.find("overlap").value_or(""));
      } else if (form.has("extend")) {
        extend(visit, read_token_form(form));
      } else {
        save(visit, read_token_form(form));
      }
    } catch (const account::FormError& error) {
      refuse_change(visit, form, error);
    }
  });
}

void delete_personal_token_page(Visit& visit) {
  const store::Token token = require_own(visit);
  View view;
  set_details(visit, view, token, account::list_offered_scopes(visit.context, &token));
  view.set("title", visit.text("personal_token_delete_heading", {{"name", token.name.value_or("")}}));
  view.set("action", path_of(token.id));
  view.set("back_url", path_of(token.id));
  write_account_page(visit, 200, "personal_token_delete", std::move(view));
}

}  // namespace oauth2::server
