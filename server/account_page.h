#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/admin/error.h"
#include "core/store/page.h"
#include "server/visit.h"

// What the pages below /account/settings/ share. Their routes are for_signed_in: Visit::user is there.
namespace oauth2::server {

constexpr std::string_view applications_path = "/account/settings/applications/";
constexpr std::string_view linked_accounts_path = "/account/settings/linkedaccounts/";
constexpr std::string_view security_path = "/account/settings/security/";

// Answers with a page in the layout of the account; `view` holds what is the page's own. The place in the
// navigation follows from the request's path, and of linked accounts from the page's name.
void write_account_page(Visit& visit, int status, std::string_view page, View view,
                        const std::vector<std::string>& form_targets = {});

// The form of a signed-in browser, where several of `scopes` may be checked. Throws PageRefusal when it is
// not its own, with a link back to `page`.
protocol::Params read_account_form(const Visit& visit, std::string_view page);

// What is not this user's own is not there: admin::NotFound as a PageRefusal.
template <class Action>
auto finding_own(Action&& action) {
  try {
    return action();
  } catch (const admin::NotFound& error) {
    throw PageRefusal(refusal::not_found, error.what());
  }
}

// Where `who`, an account.* setting, leaves making and changing to administrators: a PageRefusal of `kind`.
void require_changed_here(const std::string& who, const RefusalKind& kind);

// One of several, for {{> select_field}} and {{> radio_field}}.
View choice(const std::string& value, const std::string& label, bool is_chosen);
// For {{> select_field name=overlap}}: how long what is replaced keeps working, with one of it `chosen`.
void set_overlap(const Visit& visit, View& view, std::string_view chosen);

// 303 to `page`, which then says the text `notice`: that a form did what it was for.
void redirect_with_notice(Visit& visit, std::string_view page, std::string_view notice);
// The text that redirect_with_notice asked for; "" where it is none of `known`: an address that somebody
// was given makes a page say nothing else.
std::string shown_notice(const Visit& visit, const std::vector<std::string_view>& known);

// What can never be shown again, each in a field with a copy button (the page `shown_once`, 200).
struct ShownOnce {
  std::string title;
  std::string lead;
  struct Value {
    std::string id;  // of the element, such as client_secret
    std::string label;
    std::string value;
  };
  std::vector<Value> values;
  std::string link_url;  // where to go on
  std::string link_label;
};
void write_shown_once(Visit& visit, const ShownOnce& shown);

// One page of many rows: which they are, by the query's `page` (or another name), counted from 1. A page
// that is not there is the nearest one.
struct Paging {
  std::size_t first = 0;  // the index of its first row
  std::size_t count = 0;  // of its rows
  std::size_t total = 0;
  std::size_t number = 1;
  std::size_t pages = 1;
};
Paging read_paging(const Visit& visit, std::size_t total, std::size_t rows_a_page,
                   const std::string& parameter = "page");
// Where such a page begins before the total is known: perhaps behind the last one.
store::Page asked_page(const Visit& visit, std::size_t rows_a_page, const std::string& parameter = "page");
// For {{> paging of=PARAMETER}}: PARAMETER_shown, _previous and _next; sets nothing where all is on one page.
// `lists`: the parameters of all lists, where the page has several; the links keep the others where they are,
// and lead to the element whose id is PARAMETER.
void set_paging(const Visit& visit, View& view, const Paging& paging, std::string_view path,
                const std::string& parameter = "page", const std::vector<std::string>& lists = {});

}  // namespace oauth2::server
