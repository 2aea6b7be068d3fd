#include "server/page_names.h"

#include <utility>

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

// For client_view and set_scopes.
Names client() {
  return {text("client_name"), optional(url("client_uri")), optional(text("description")),
          optional(text("owner"))};
}
Names scope_groups() {
  return {
      flag("no_scopes"),
      list("groups", {text("title"), list("scopes", {text("name"), text("description"), flag("is_new")})})};
}

// Who asks, and for what: consent and device_confirm.
Names request_of_a_client() {
  return client() + scope_groups() + Names{optional(text("resource_hosts")), text("username")};
}

// A time, for the partial `time`.
Names time(std::string_view name, std::string_view datetime) { return {text(name), text(datetime)}; }

// Some of many rows, for the partial `paging` and set_paging.
Names paging(std::string_view shown, std::string_view previous, std::string_view next) {
  return {optional(text(shown)), optional(url(previous)), optional(url(next))};
}

// An item of the list on the page `security`.
Names session() {
  return Names{text("device"), optional(text("address")), flag("is_current"), optional(url("action"))} +
         time("signed_in_at", "signed_in_datetime") + time("seen_at", "seen_datetime");
}

// Some of many scopes, of an item of the page `applications`.
Names few_scopes() { return {list("scopes", {text("name")}), optional(text("more_scopes"))}; }

// Items of the page `applications`, one list a panel.
Names own_client() {
  return Names{text("name"), url("url"), text("client_id"), flag("is_public"), flag("is_disabled")} +
         time("created_at", "created_datetime");
}
Names own_token() {
  return Names{text("name"), url("url"), flag("is_expired"), flag("is_replaced"), flag("expires_soon")} +
         few_scopes() + time("created_at", "created_datetime") +
         Names{optional(text("used_at")), optional(text("used_datetime")), optional(text("expires_at")),
               optional(text("expires_datetime"))};
}
Names authorized() {
  return Names{text("name"), url("url"), url("revoke_url")} + few_scopes() +
         time("since_at", "since_datetime") +
         Names{optional(text("used_at")), optional(text("used_datetime"))};
}

// The page `applications`; a panel that has no address for a new one leaves that to administrators.
Names applications() {
  return Names{flag("clients_panel"),           optional(url("new_client_url")),
               list("clients", own_client()),   flag("tokens_panel"),
               optional(url("new_token_url")),  list("tokens", own_token()),
               list("authorized", authorized())} +
         paging("clients_shown", "clients_previous", "clients_next") +
         paging("tokens_shown", "tokens_previous", "tokens_next") +
         paging("authorized_shown", "authorized_previous", "authorized_next");
}

// One of several in a field, for the partials radio_field and select_field.
Names choice() { return {text("value"), text("label"), optional(text("explanation")), flag("is_chosen")}; }

// For the partial `client_fields`.
Names client_fields() {
  return {optional(text("name")),
          optional(text("name_error")),
          optional(text("description")),
          optional(text("description_error")),
          optional(text("website")),
          optional(text("website_error")),
          optional(text("redirect_uris")),
          optional(text("redirect_uris_error")),
          optional(flag("redirect_uris_fixed")),
          list("client_type_choices", choice()),
          optional(text("client_type_error"))};
}

Names client_page() {
  return {text("title"),
          url("action"),
          url("delete_url"),
          text("client_id"),
          text("type"),
          flag("is_disabled"),
          flag("by_admin"),
          flag("is_confidential"),
          text("secret_count"),
          flag("secret_there"),
          text("replaced"),
          list("secrets", Names{text("until")} + time("made_at", "made_datetime")),
          list("overlap_choices", {text("value"), text("label"), flag("is_chosen")}),
          optional(text("overlap_error")),
          list("uris", {text("uri")}),
          optional(text("example")),
          list("endpoints", {text("id"), text("label"), text("value")}),
          text("authentication"),
          optional(text("pkce")),
          list("scopes", {text("scope"), optional(text("meaning"))})};
}

// The checkboxes of scopes, and what a form offers as the end of a token.
Names scope_fields() {
  const Names choice = {text("value"), optional(text("explanation")), flag("is_chosen")};
  return {list("scopes_groups", {text("title"), list("choices", choice)}), optional(text("scopes_error"))};
}

Names lifetime_fields() {
  return {list("expires_in_choices", choice()), optional(text("expires_in_error")),
          optional(text("expires_on")), optional(text("expires_on_error")), optional(text("expires_limit"))};
}

// When a token was made, when it was used last and when it ends.
Names token_times() {
  return Names{optional(text("used_at")), optional(text("used_datetime")), optional(text("ends_at")),
               optional(text("ends_datetime")), optional(text("time_left"))} +
         time("created_at", "created_datetime");
}

Names personal_token() {
  return Names{text("title"),
               url("action"),
               text("shown_name"),
               list("scopes", {text("name"), text("description")}),
               flag("is_expired"),
               flag("is_replaced"),
               flag("can_change"),
               flag("by_admin"),
               url("new_url"),
               url("delete_url"),
               optional(text("name")),
               optional(text("name_error")),
               list("overlap_choices", choice()),
               optional(text("overlap_error"))} +
         token_times() + scope_fields() + lifetime_fields();
}

// The form of somebody who comes from a provider and is nobody here yet.
Names signup() {
  return {text("signup"),
          text("provider"),
          optional(text("icon")),
          url("cancel_url"),
          optional(text("fixed_email")),
          optional(text("username")),
          optional(text("username_error")),
          optional(text("name")),
          optional(text("name_error")),
          optional(text("email")),
          optional(text("email_error")),
          optional(text("error"))};
}

// An item of the page `linked_accounts`.
Names linked_provider() {
  return {text("title"),
          optional(text("icon")),
          optional(text("description")),
          flag("is_linked"),
          flag("is_only_linked"),
          flag("is_last_way_in"),
          flag("is_unavailable"),
          optional(text("account")),
          optional(text("linked_at")),
          optional(text("linked_datetime")),
          optional(text("used_at")),
          optional(text("used_datetime")),
          optional(url("connect_action")),
          optional(url("disconnect_action"))};
}

using Fields = std::vector<Field>;

Fields operator+(Fields fields, const Fields& more) {
  fields.insert(fields.end(), more.begin(), more.end());
  return fields;
}

// In each form of ours.
Fields proof() { return {{"csrf_token"}}; }
Fields decision() { return {{"confirm", "yes"}, {"confirm", "no"}}; }
// What a client's form lacks would be taken from the client.
Fields client_form() { return {{"name"}, {"description"}, {"website"}, {"redirect_uris"}}; }
Fields lifetime_form() { return {{"expires_in"}, {"expires_on"}}; }

// A page below /account/settings/: for account_layout, which write_account_page fills.
PageNames account(std::string_view page, const Names& own, const Fields& fields = {},
                  bool shows_secret = false) {
  const Names shared = {text("csrf_token"),       text("username"),           flag("in_applications"),
                        flag("in_security"),      flag("in_linked_accounts"), flag("offers_linked_accounts"),
                        optional(text("notice")), optional(text("error")),    flag("is_below_applications")};
  return {page, shared + own, proof() + fields, "account_layout.mustache", shows_secret};
}

std::vector<PageNames> flow_pages() {
  return {
      {"login",
       form() + Names{text("next"), optional(text("username")), optional(flag("remember")),
                      optional(text("error")), optional(text("notice")), optional(text("client_name")),
                      flag("local_sign_in"),
                      optional(list("providers", {text("title"), url("url"), optional(text("icon"))}))},
       proof() + Fields{{"username"}, {"password"}, {"next"}}},
      {"consent",
       form() + request_of_a_client() +
           Names{flag("unverified"),  // any program on this machine could say to be this client
                 text("request_id"), text("redirect_host"), url("logout_action"), text("next"),
                 optional(text("notice"))},
       proof() + Fields{{"request_id"}} + decision()},
      {"device",
       form() + Names{optional(text("notice")), optional(text("user_code")), optional(text("error")),
                      optional(text("qr")), optional(text("verification_uri"))},
       proof() + Fields{{"user_code"}}},
      {"device_confirm",
       form() + request_of_a_client() +
           Names{text("user_code"), url("logout_action"), text("next"), optional(text("notice"))},
       proof() + Fields{{"user_code"}} + decision()},
      {"signup", form() + signup(), proof() + Fields{{"signup"}, {"username"}}},
      {"reset_password", form() + Names{text("token"), text("username"), optional(text("error"))},
       proof() + Fields{{"token"}, {"new_password"}, {"repeat_password"}}},
      {"logout", form() + Names{optional(text("username"))}, proof()},
      {"notice", {text("title"), text("message"), optional(url("link_url")), optional(text("link_label"))}},
      {"error",
       {text("title"), text("message"), optional(text("next_step")), optional(url("link_url")),
        optional(text("link_label")), optional(text("error")), optional(text("error_description")),
        optional(text("request_id"))}},
  };
}

std::vector<PageNames> account_pages() {
  return {
      account("applications", applications()),
      account("security",
              Names{url("action"), flag("password_set"), optional(text("current_password_error")),
                    optional(text("new_password_error")), optional(text("repeat_password_error")),
                    flag("others"), list("sessions", session())} +
                  paging("page_shown", "page_previous", "page_next"),
              {{"current_password"}, {"new_password"}, {"repeat_password"}, {"revoke"}, {"revoke_all"}}),
      account("linked_accounts", {list("providers", linked_provider())}, {{"disconnect"}}),
      account("linked_account_new",
              {text("title"), url("action"), text("next"), url("cancel_url"), text("provider"),
               flag("link_only")},
              {{"next"}}),
      // What was made just now and can never be shown again.
      account("shown_once",
              {text("title"), text("lead"),
               list("values", {text("id"), text("label"), text("value"), flag("is_long")}), url("link_url"),
               text("link_label")},
              {}, true),
      account("authorized",
              client() + scope_groups() + time("since_at", "since_datetime") +
                  Names{flag("skips_consent"), optional(text("used_at")), optional(text("used_datetime")),
                        text("live_tokens"), url("revoke_url")}),
      account("authorized_revoke",
              Names{text("client_name"), flag("skips_consent"), url("action"), url("back_url")},
              {{"revoke"}}),
      account("client_new", Names{url("action"), url("cancel_url")} + client_fields(), client_form()),
      account("client_page", client_page() + time("created_at", "created_datetime") + client_fields(),
              client_form() + Fields{{"reset"}}),
      account("client_delete", {text("title"), url("action"), url("cancel_url"), text("lead"), text("use")},
              {{"delete"}}),
      account("personal_token_new",
              Names{url("action"), url("back_url"), optional(text("name")), optional(text("name_error"))} +
                  scope_fields() + lifetime_fields(),
              lifetime_form() + Fields{{"name"}, {"scopes"}}),
      account("personal_token", personal_token(), lifetime_form() + Fields{{"name"}, {"rotate"}, {"extend"}}),
      account("personal_token_delete",
              Names{text("title"), url("action"), url("back_url"), flag("is_expired"),
                    list("scopes", {text("name"), text("description")})} +
                  token_times(),
              {{"delete"}}),
  };
}

}  // namespace

const std::vector<PageNames>& all_pages() {
  static const std::vector<PageNames> table = [] {
    auto pages = flow_pages();
    for (PageNames& page : account_pages()) pages.push_back(std::move(page));
    return pages;
  }();
  return table;
}

const Names& common_names() {
  static const Names names = {
      text("language"),
      text("base"),        // the issuer's path
      text("site"),        // its host
      text("page_title"),  // the page's `title`, else its title_key
      text("stylesheet_url"),
      text("logo_url"),
      text("favicon_url"),
      optional(text("script_url")),  // on pages that may load it
  };
  return names;
}

bool shows_secret(std::string_view page) {
  for (const PageNames& each : all_pages()) {
    if (each.page == page) return each.shows_secret;
  }
  return false;
}

std::string title_key(std::string_view page) { return std::string(page) + "_title"; }

const Name* find_name(const Names& names, std::string_view name) {
  for (const Name& one : names) {
    if (one.name == name) return &one;
  }
  return nullptr;
}

}  // namespace oauth2::server
