#pragma once

#include <cstring>
#include <string>
#include <vector>

#include "server/view.h"
#include "tests/server/federation_samples.h"
#include "tests/server/flow_samples.h"

// Every page with all that it can show, for tests and for looking at them.
namespace page_samples {

using oauth2::server::View;

struct Sample {
  std::string name;  // of the file that preview_pages writes
  std::string page;
  View view;
};

inline View account(bool security) {
  return View()
      .set("csrf_token", "eyJhbGciOiJIUzI1NiJ9.e30.c2ln")
      .set("username", "alice")
      .set("in_security", security)
      .set("in_applications", !security)
      .set("in_linked_accounts", false)
      .set("offers_linked_accounts", true)
      .set("is_below_applications", false);
}

inline View session(const char* device, const char* address, bool is_current, const char* seen_at) {
  View view;
  view.set("device", device).set("address", address).set("is_current", is_current);
  if (!is_current) view.set("action", "/account/settings/security/sessions/5cDE8drvpcGLOk7COaptMa/");
  return view.set("signed_in_at", "2 November 2026")
      .set("signed_in_datetime", "2026-11-02T09:20:11Z")
      .set("seen_at", seen_at)
      .set("seen_datetime", "2026-11-22T10:03:59Z");
}

inline View security() {
  return account(true)
      .set("action", "/account/settings/security/")
      .set("password_set", true)
      .set("others", true)
      .set("sessions",
           std::vector<View>{
               session("Firefox on Linux", "192.0.2.17", true, "just now"),
               session("Safari on iPhone", "2001:db8:4006:80a:9d5e:1f0c:77b2:200e", false, "3 hours ago"),
               session("Unknown device", "", false, "12 November 2026"),
           });
}

inline View refused_security() {
  return security()
      .set("current_password_error", "The current password is not right.")
      .set("new_password_error", "The password must have 8 to 128 characters.")
      .set("repeat_password_error", "The two passwords differ.")
      .set("page_shown", "21–40 of 200")
      .set("page_previous", "/account/settings/security/?page=1")
      .set("page_next", "/account/settings/security/?page=3");
}

inline View security_without_password() {
  return account(true)
      .set("action", "/account/settings/security/")
      .set("password_set", false)
      .set("notice", "All other sessions are signed out.")
      .set("others", false)
      .set("sessions", std::vector<View>{session("Firefox on Linux", "192.0.2.17", true, "just now")});
}

inline View shown_once() {
  const auto value = [](const char* id, const char* label, const char* words) {
    return View()
        .set("id", id)
        .set("label", label)
        .set("value", words)
        .set("is_long", std::strlen(words) > 72);
  };
  return account(false)
      .set("title", "Your new token")
      .set("lead", "Copy it now: it is never shown again.")
      .set("values", std::vector<View>{value("token", "Token", "o2p_hNn1QJ0xq3T8V7yRkz5Ew2aBcDfGmLpSuX9i4Y"),
                                       value("curl", "To try it",
                                             "curl -H 'Authorization: Bearer o2p_hNn1QJ0xq3T8V7yRkz5Ew2aBc'"
                                             " https://auth.example.org/oauth/info")})
      .set("link_url", "/account/settings/applications/")
      .set("link_label", "Done");
}

inline View named(const char* name) { return View().set("name", name); }

inline View own_client(const char* name, bool is_public, bool is_disabled) {
  return named(name)
      .set("url", "/account/settings/applications/clients/5cDE8drvpcGLOk7COaptMa/")
      .set("client_id", "5cDE8drvpcGLOk7COaptMa")
      .set("is_public", is_public)
      .set("is_disabled", is_disabled)
      .set("created_at", "2 November 2026")
      .set("created_datetime", "2026-11-02T09:20:11Z");
}

// `expires_at`: "" for never.
inline View own_token(const char* name, const char* expires_at, bool is_expired, bool expires_soon) {
  return named(name)
      .set("url", "/account/settings/applications/tokens/5cDE8drvpcGLOk7COaptMa/")
      .set("scopes", std::vector<View>{named("records:read"), named("records:write")})
      .set("created_at", "2 November 2026")
      .set("created_datetime", "2026-11-02T09:20:11Z")
      .set("expires_at", expires_at)
      .set("expires_datetime", "2026-11-25T09:20:11Z")
      .set("is_expired", is_expired)
      .set("is_replaced", false)
      .set("expires_soon", expires_soon);
}

inline View authorized_item(const char* name) {
  return named(name)
      .set("url", "/account/settings/applications/tokens/5cDE8drvpcGLOk7COaptMa/view/")
      .set("revoke_url", "/account/settings/applications/tokens/5cDE8drvpcGLOk7COaptMa/revoke/")
      .set("scopes", std::vector<View>{named("records:read")})
      .set("more_scopes", "and 3 more")
      .set("since_at", "2 November 2026")
      .set("since_datetime", "2026-11-02T09:20:11Z");
}

inline View applications() {
  return account(false)
      .set("clients_panel", true)
      .set("new_client_url", "/account/settings/applications/clients/new/")
      .set("clients", std::vector<View>())
      .set("tokens_panel", true)
      .set("new_token_url", "/account/settings/applications/tokens/new/")
      .set("tokens", std::vector<View>())
      .set("authorized", std::vector<View>());
}

inline View full_applications() {
  return applications()
      .set("notice", "Access is revoked. The application is signed out.")
      .set("new_client_url", "")
      .set("clients",
           std::vector<View>{own_client("Field Notes", false, false), own_client("Pocket", true, true)})
      .set("tokens", std::vector<View>{own_token("laptop", "25 November 2026", false, true),
                                       own_token("backup", "25 October 2026", true, false),
                                       own_token("cron", "", false, false)
                                           .set("used_at", "3 hours ago")
                                           .set("used_datetime", "2026-11-22T08:30:00Z")})
      .set("authorized", std::vector<View>{authorized_item("Field Notes"),
                                           authorized_item("Records")
                                               .set("scopes", std::vector<View>())
                                               .set("more_scopes", "")
                                               .set("used_at", "3 hours ago")
                                               .set("used_datetime", "2026-11-22T08:30:00Z")})
      .set("tokens_shown", "21–40 of 200")
      .set("tokens_previous", "/account/settings/applications/?tokens=1#tokens")
      .set("tokens_next", "/account/settings/applications/?tokens=3#tokens");
}

inline View authorized() {
  View view = account(false);
  return add_request(view)
      .set("skips_consent", false)
      .set("since_at", "2 November 2026")
      .set("since_datetime", "2026-11-02T09:20:11Z")
      .set("used_at", "3 hours ago")
      .set("used_datetime", "2026-11-22T08:30:00Z")
      .set("live_tokens", "2")
      .set("revoke_url", "/account/settings/applications/tokens/5cDE8drvpcGLOk7COaptMa/revoke/");
}

inline View authorized_revoke() {
  return account(false)
      .set("client_name", "Field Notes")
      .set("skips_consent", false)
      .set("action", "/account/settings/applications/tokens/5cDE8drvpcGLOk7COaptMa/revoke/")
      .set("back_url", "/account/settings/applications/");
}

inline View choice(const char* value, const char* label, bool is_chosen) {
  return View().set("value", value).set("label", label).set("is_chosen", is_chosen);
}

inline View& add_client_form(View& view) {
  return view.set("name", "Field Notes")
      .set("description", "Collects what you measure outdoors.")
      .set("website", "https://notes.example.org/about")
      .set("redirect_uris", "https://notes.example.org/cb\nhttps://notes.example.org/other")
      .set("client_type_choices",
           std::vector<View>{
               choice("confidential", "Confidential", true).set("explanation", "It runs on your server."),
               choice("public", "Public", false).set("explanation", "Nothing stays secret there.")});
}

inline View client_new() {
  View view = account(false);
  view.set("action", "/account/settings/applications/clients/new/");
  view.set("cancel_url", "/account/settings/applications/").set("is_below_applications", true);
  return add_client_form(view);
}

inline View client_new_refused() {
  View view = client_new();
  for (const char* field : {"name", "description", "website", "redirect_uris", "client_type"}) {
    view.set(std::string(field) + "_error", "This cannot be.");
  }
  return view.set("error", "This could not be saved.");
}

inline View client() {
  const auto secret = [](const char* at, const char* until) {
    return View().set("made_at", at).set("made_datetime", "2026-11-02T09:20:11Z").set("until", until);
  };
  const auto endpoint = [](const char* id, const char* label, const char* value) {
    return View().set("id", id).set("label", label).set("value", value);
  };
  View view = account(false);
  view.set("action", "/account/settings/applications/clients/x1/");
  view.set("delete_url", "/account/settings/applications/clients/x1/delete/");
  view.set("title", "Field Notes").set("client_id", "5cDE8drvpcGLOk7COaptMaxZ09aTqLmB");
  view.set("type", "Confidential").set("is_confidential", true);
  view.set("is_disabled", false).set("by_admin", false);
  view.set("created_at", "2 November 2026").set("created_datetime", "2026-11-02T09:20:11Z");
  view.set("secret_count", "2 secrets work. They cannot be shown again.")
      .set("replaced", "3jK9sWq2Lx")
      .set("secret_there", true);
  view.set("secrets", std::vector<View>{secret("2 November 2026", "works until 23 November 2026, 10:04 UTC"),
                                        secret("just now", "works until it is reset")});
  view.set("overlap_choices", std::vector<View>{choice("", "At once", true), choice("1h", "1 hour", false)});
  view.set("uris", std::vector<View>{View().set("uri", "https://notes.example.org/cb")});
  view.set("endpoints",
           std::vector<View>{endpoint("endpoint_issuer", "Issuer", "https://auth.example.org"),
                             endpoint("endpoint_token", "Token", "https://auth.example.org/oauth/token")});
  view.set("authentication", "client_secret_basic: in the Authorization header").set("pkce", "Recommended");
  view.set("scopes",
           std::vector<View>{View().set("scope", "records:read").set("meaning", "Read your records"),
                             View().set("scope", "audit")});
  view.set("example",
           "https://auth.example.org/oauth/authorize?response_type=code&client_id=5cDE8drvpcGLOk7C");
  return add_client_form(view);
}

inline View client_refused() {
  View view = client();
  view.set("name_error", "Please enter a name.").set("overlap_error", "Please choose.");
  view.set("error", "This could not be saved.").set("redirect_uris_fixed", true).set("is_disabled", true);
  return view.set("redirect_uris_error", "Only an administrator can change where it leads.");
}

inline View client_public_by_admin() {
  View view = client();
  view.set("is_confidential", false).set("by_admin", true).set("type", "Public");
  view.set("replaced", "3jK9sWq2Lx")
      .set("secret_there", false)
      .set("secrets", std::vector<View>())
      .set("example", "");
  return view.set("scopes", std::vector<View>()).set("website", "").set("uris", std::vector<View>());
}

inline View client_delete() {
  return account(false)
      .set("title", "Delete Field Notes?")
      .set("action", "/account/settings/applications/clients/x1/")
      .set("cancel_url", "/account/settings/applications/clients/x1/")
      .set("lead", "These lose access at once:")
      .set("use", "12 users, 3 live tokens");
}

inline View scope_choice(const char* value, const char* explanation, bool is_chosen) {
  return View().set("value", value).set("explanation", explanation).set("is_chosen", is_chosen);
}

inline View option(const char* value, const char* label, bool is_chosen) {
  return View().set("value", value).set("label", label).set("is_chosen", is_chosen);
}

inline View& add_token_fields(View& view) {
  const auto group = [](const char* title, std::vector<View> choices) {
    return View().set("title", title).set("choices", std::move(choices));
  };
  return view.set("name", "Backup at home")
      .set(
          "scopes_groups",
          std::vector<View>{
              group("Records", {scope_choice("records:read", "Read your records", true),
                                scope_choice("records:write", "Add, change and delete your records", false)}),
              group("Other", {scope_choice("audit", "", false)})})
      .set("expires_in_choices",
           std::vector<View>{option("7d", "In 7 days (29 November 2026)", false),
                             option("30d", "In 30 days (22 December 2026)", true),
                             option("date", "On a date", false), option("never", "Never", false)})
      .set("expires_on", "2026-12-24");
}

inline View new_token() {
  View view = account(false);
  return add_token_fields(view)
      .set("action", "/account/settings/applications/tokens/new/")
      .set("back_url", "/account/settings/applications/");
}

inline View refused_new_token() {
  return new_token()
      .set("error", "This could not be saved. Please check what you entered.")
      .set("name_error", "You already have one of this name.")
      .set("scopes_error", "The permission records:admin cannot be chosen.")
      .set("expires_in_error", "Please choose when the token expires.")
      .set("expires_on_error", "Please choose a day that is not over yet.")
      .set("expires_limit", "The last day that can be chosen is 19 February 2027.");
}

inline View token_details(bool is_expired) {
  return account(false)
      .set("title", "Backup at home")
      .set("action", "/account/settings/applications/tokens/5cDE8drvpcGLOk7COaptMa/")
      .set("is_expired", is_expired)
      .set("scopes",
           std::vector<View>{View().set("name", "records:read").set("description", "Read your records"),
                             View().set("name", "audit").set("description", "")})
      .set("created_at", "2 November 2026")
      .set("created_datetime", "2026-11-02T09:20:11Z")
      .set("used_at", "3 hours ago")
      .set("used_datetime", "2026-11-22T08:30:00Z")
      .set("ends_at", is_expired ? "20 November 2026" : "22 December 2026")
      .set("ends_datetime", "2026-12-22T11:30:00Z")
      .set("time_left", is_expired ? "" : "in 30 days");
}

inline View personal_token(bool is_expired) {
  View view = token_details(is_expired);
  return add_token_fields(view)
      .set("shown_name", "Backup at home")
      .set("is_replaced", false)
      .set("can_change", !is_expired)
      .set("by_admin", false)
      .set("new_url", "/account/settings/applications/tokens/new/")
      .set("delete_url", "/account/settings/applications/tokens/5cDE8drvpcGLOk7COaptMa/delete/")
      .set("overlap_choices",
           std::vector<View>{option("", "At once", true), option("1d", "After 1 day", false)});
}

inline View refused_personal_token() {
  return personal_token(false)
      .set("by_admin", true)
      .set("error", "This token lasts longer than is allowed now. Please change when it expires first.")
      .set("name_error", "You already have one of this name.")
      .set("overlap_error", "Please choose how long the old one keeps working.");
}

inline View personal_token_delete() {
  return token_details(false)
      .set("title", "Delete “Backup at home”?")
      .set("back_url", "/account/settings/applications/tokens/5cDE8drvpcGLOk7COaptMa/");
}

inline View linked_accounts() {
  return account(false)
      .set("in_applications", false)
      .set("in_linked_accounts", true)
      .set("notice", "The account is connected.")
      .set("providers", linked_providers());
}

inline View linked_accounts_refused() {
  return linked_accounts().set("notice", "").set("error", "This is your only way to sign in, so it stays.");
}

inline View linked_account_new(bool link_only) {
  return account(false)
      .set("in_applications", false)
      .set("in_linked_accounts", true)
      .set("title", "Connect GitHub to your account?")
      .set("provider", "GitHub")
      .set("link_only", link_only)
      .set("action", "/oauth/login/github")
      .set("next", "/account/settings/linkedaccounts/")
      .set("cancel_url", "/account/settings/linkedaccounts/");
}

inline std::vector<Sample> all() {
  return {
      {"login", "login", login()},
      {"login_failed", "login", failed_login()},
      {"consent", "consent", consent()},
      {"consent_bare", "consent", consent_without_scopes()},
      {"device", "device", device()},
      {"device_confirm", "device_confirm", device_confirm()},
      {"reset_password", "reset_password",
       form("/reset-password")
           .set("token", "o2r_x")
           .set("username", "alice")
           .set("error", "The two passwords differ.")},
      {"logout", "logout", form("/logout").set("username", "alice")},
      {"notice", "notice",
       View()
           .set("title", "Your device is connected")
           .set("message", "You can close this page and go on on your device.")
           .set("link_url", "/")
           .set("link_label", "Back")},
      {"error", "error", error()},
      {"applications", "applications", applications()},
      {"applications_full", "applications", full_applications()},
      {"authorized", "authorized", authorized()},
      {"authorized_revoke", "authorized_revoke", authorized_revoke()},
      {"security", "security", security()},
      {"security_refused", "security", refused_security()},
      {"security_without_password", "security", security_without_password()},
      {"shown_once", "shown_once", shown_once()},
      {"client_new", "client_new", client_new()},
      {"client_new_refused", "client_new", client_new_refused()},
      {"client", "client_page", client()},
      {"client_refused", "client_page", client_refused()},
      {"client_public_by_admin", "client_page", client_public_by_admin()},
      {"client_delete", "client_delete", client_delete()},
      {"personal_token_new", "personal_token_new", new_token()},
      {"personal_token_new_refused", "personal_token_new", refused_new_token()},
      {"personal_token", "personal_token", personal_token(false)},
      {"personal_token_expired", "personal_token", personal_token(true)},
      {"personal_token_replaced", "personal_token",
       personal_token(true).set("is_expired", false).set("is_replaced", true)},
      {"personal_token_refused", "personal_token", refused_personal_token()},
      {"personal_token_delete", "personal_token_delete", personal_token_delete()},
      {"login_providers", "login", login_with_providers()},
      {"login_remote", "login", login_with_providers().set("local_sign_in", false)},
      {"signup", "signup", signup()},
      {"signup_fixed_email", "signup", signup().set("fixed_email", "josiah@brown.example")},
      {"signup_refused", "signup", signup_refused()},
      {"linked_accounts", "linked_accounts", linked_accounts()},
      {"linked_accounts_refused", "linked_accounts", linked_accounts_refused()},
      {"linked_accounts_empty", "linked_accounts",
       linked_accounts().set("notice", "").set("providers", std::vector<View>())},
      {"linked_account_new", "linked_account_new", linked_account_new(false)},
      {"linked_account_new_act", "linked_account_new", linked_account_new(true)},
  };
}

}  // namespace page_samples
