#pragma once

#include <string>

#include "server/page_files.h"
#include "server/page_names.h"
#include "server/template.h"
#include "tests/server/page_samples.h"

// A page with every kind of field that account pages are made of, for tests and for looking at them.
namespace form_sample {

using namespace oauth2::server;

inline const PageNames& names() {
  using Kind = Name::Kind;
  const Names choice = {{"value", Kind::text, true},
                        {"label", Kind::text, true},
                        {"explanation", Kind::text, false},
                        {"is_chosen", Kind::flag, true}};
  const Names group = {{"title", Kind::text, true}, {"choices", Kind::list, true, choice}};
  static const PageNames page = {"form",
                                 {{"csrf_token", Kind::text, true},
                                  {"username", Kind::text, true},
                                  {"in_applications", Kind::flag, true},
                                  {"in_security", Kind::flag, true},
                                  {"in_linked_accounts", Kind::flag, true},
                                  {"offers_linked_accounts", Kind::flag, true},
                                  {"is_below_applications", Kind::flag, true},
                                  {"notice"},
                                  {"error"},
                                  {"title", Kind::text, true},
                                  {"name"},
                                  {"name_error"},
                                  {"redirect_uris"},
                                  {"redirect_uris_error"},
                                  {"client_type_choices", Kind::list, true, choice},
                                  {"client_type_error"},
                                  {"scopes_groups", Kind::list, true, group},
                                  {"scopes_error"},
                                  {"expires_in_choices", Kind::list, true, choice},
                                  {"expires_in_error"},
                                  {"expires_on"},
                                  {"expires_on_error"}},
                                 {},
                                 "account_layout.mustache"};
  return page;
}

// The texts are others' that fit well enough.
inline PageFiles files() {
  PageFiles files = read_builtin_files();
  files["form.mustache"] = {
      "form.mustache",
      "<section class=\"panel\">\n"
      "<div class=\"panel-head\"><h2>Field Notes <span class=\"badge\">public</span></h2>"
      "<a class=\"button\" href=\"/x\">New application</a></div>\n"
      "<dl class=\"details\"><dt>Client id</dt><dd><code>5cDE8drvpcGLOk7COaptMa</code></dd>"
      "<dt>Users</dt><dd>12</dd></dl>\n"
      "<form class=\"narrow\" method=\"post\" action=\"/x\">\n"
      "<input type=\"hidden\" name=\"csrf_token\" value=\"{{csrf_token}}\">\n"
      "{{> text_field name=name label=session_device hint=reset_password_rule}}\n"
      "{{> textarea_field name=redirect_uris label=consent_website hint=device_lead rows=4}}\n"
      "{{> radio_field name=client_type label=session_device}}\n"
      "{{> checkbox_groups name=scopes label=consent_scopes hint=device_lead}}\n"
      "{{> select_field name=expires_in label=applications_used hint=device_lead}}\n"
      "{{> date_field name=expires_on label=session_since hint=device_lead}}\n"
      "<div class=\"buttons\"><button class=\"primary\">Save</button><a class=\"button\" "
      "href=\"/x\">Cancel</a>"
      "</div>\n</form>\n</section>\n"
      "<section class=\"panel danger-zone\"><h2>Delete</h2><p class=\"quiet\">12 users, 3 live tokens.</p>"
      "<div class=\"buttons\"><button class=\"danger\" name=\"delete\">Delete</button></div></section>\n"};
  return files;
}

inline View choice(const char* value, const char* label, const char* explanation, bool is_chosen) {
  return View()
      .set("value", value)
      .set("label", label)
      .set("explanation", explanation)
      .set("is_chosen", is_chosen);
}

inline View group(const char* title, std::vector<View> choices) {
  return View().set("title", title).set("choices", std::move(choices));
}

inline View view() {
  return page_samples::account(false)
      .set("title", "Change an application")
      .set("name", "Field Notes")
      .set("name_error", "An application of this name exists already.")
      .set("redirect_uris", "https://notes.example.org/cb\nhttps://notes.example.org/other")
      .set("client_type_choices",
           std::vector<View>{choice("confidential", "Confidential",
                                    "Runs on a server of yours and keeps its secret to itself.", true),
                             choice("public", "Public",
                                    "Runs in a browser or on a phone, where nothing stays secret.", false)})
      .set("scopes_groups",
           std::vector<View>{
               group("Records", {choice("records:read", "", "Read your records", true),
                                 choice("records:write", "", "Add, change and delete your records", false)}),
               group("Other", {choice("audit", "", "", false)})})
      .set("expires_in_choices",
           std::vector<View>{choice("30d", "30 days", "", true), choice("never", "Never", "", false)})
      .set("expires_on", "2026-12-24");
}

// `common`: what Pages sets.
inline std::string render(const View& common) {
  const Texts texts(read_builtin_files(), {});
  return Template(names(), "en", files(), texts).render(view(), common);
}

inline View common() {
  View common;
  for (const char* name : {"base", "script_url"}) common.set(name, "");
  return common.set("language", "en")
      .set("site", "auth.example.org")
      .set("page_title", "Change an application")
      .set("stylesheet_url", "/static/style.css")
      .set("logo_url", "/static/logo.svg")
      .set("favicon_url", "/favicon.svg");
}

}  // namespace form_sample
