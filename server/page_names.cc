#include "server/page_names.h"

namespace oauth2::server {
namespace {

using Kind = Name::Kind;

Name text(std::string_view name) { return {name, Kind::text, true}; }
Name url(std::string_view name) { return {name, Kind::url, true}; }
Name flag(std::string_view name) { return {name, Kind::flag, true}; }
Name list(std::string_view name, Names members) { return {name, Kind::list, true, std::move(members)}; }

Name optional(Name name) {
  name.required = false;
  return name;
}

Names operator+(Names names, const Names& more) {
  names.insert(names.end(), more.begin(), more.end());
  return names;
}

// A form's own: where it goes, and the proof that we made it.
Names form() { return {url("action"), text("csrf_token")}; }

// Who asks, and for what: consent and device_confirm.
Names request_of_a_client() {
  return {
      text("client_name"),
      optional(url("client_uri")),
      optional(text("description")),
      optional(text("owner")),
      text("username"),
      flag("unverified"),  // anybody could say to be this client
      flag("no_scopes"),
      list("groups", {text("title"), list("scopes", {text("name"), text("description"), flag("is_new")})})};
}

}  // namespace

const std::vector<PageNames>& all_pages() {
  static const std::vector<PageNames> table = {
      {"login",
       form() + Names{text("next"), optional(text("username")), optional(flag("remember")),
                      optional(text("error")), optional(text("notice")), optional(text("client_name")),
                      flag("local_sign_in"), optional(list("providers", {text("title"), url("url")}))}},
      {"consent", form() + request_of_a_client() +
                      Names{text("request_id"), text("redirect_host"), url("logout_action"), text("next")}},
      {"device", form() + Names{optional(text("user_code")), optional(text("error")), optional(text("qr")),
                                optional(text("verification_uri"))}},
      {"device_confirm", form() + request_of_a_client() + Names{text("user_code")}},
      {"reset_password", form() + Names{text("token"), text("username"), optional(text("error"))}},
      {"logout", form() + Names{optional(text("username"))}},
      {"home", form() + Names{text("username"), optional(text("notice"))}},
      {"notice", {text("title"), text("message"), optional(url("link_url")), optional(text("link_label"))}},
      {"error",
       {text("title"), text("message"), optional(text("next_step")), optional(url("link_url")),
        optional(text("link_label")), optional(text("error")), optional(text("error_description")),
        optional(text("request_id"))}},
  };
  return table;
}

const Names& common_names() {
  static const Names names = {
      text("language"),       text("base"),  // the issuer's path
      text("site"),                          // its host
      text("page_title"),                    // the page's `title`, else its title_key
      text("stylesheet_url"), text("logo_url"), text("favicon_url"),
  };
  return names;
}

std::string title_key(std::string_view page) { return std::string(page) + "_title"; }

const Name* find_name(const Names& names, std::string_view name) {
  for (const Name& one : names) {
    if (one.name == name) return &one;
  }
  return nullptr;
}

}  // namespace oauth2::server
