#include "server/account_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/account/form.h"
#include "core/account/lifetime.h"
#include "core/federation/linked.h"
#include "server/shown_time.h"
#include "server/wire.h"

namespace oauth2::server {
namespace {

constexpr std::size_t most_pages = 1'000'000;
constexpr std::size_t most_on_a_line = 72;  // bytes of a value that is shown once
constexpr std::size_t most_fields = 2000;   // a user may choose every scope that there is

// The number that a query says; 1 for anything else.
std::size_t read_number(const Visit& visit, const std::string& parameter) {
  const std::string words = read_query(visit.request).find(parameter).value_or("");
  std::size_t number = 1;
  const auto [end, error] = std::from_chars(words.data(), words.data() + words.size(), number);
  return error == std::errc() && end == words.data() + words.size() ? number : 1;
}

// The other lists' places in a query, with the `&` behind each.
std::string kept_places(const Visit& visit, const std::string& parameter,
                        const std::vector<std::string>& lists) {
  std::string kept;
  for (const std::string& list : lists) {
    const std::size_t number = list == parameter ? 1 : read_number(visit, list);
    if (number > 1) kept += fmt::format("{}={}&", list, number);
  }
  return kept;
}

protocol::Params read_fields(const httplib::Request& request) {
  protocol::Params form = protocol::Params::parse_noting_repeats(read_form_text(request), most_fields);
  const auto& repeated = form.repeated();
  if (std::any_of(repeated.begin(), repeated.end(), [](const auto& name) { return name != "scopes"; }))
    throw protocol::Error(protocol::invalid_request, "a parameter was sent twice");
  return form;
}

}  // namespace

void write_account_page(Visit& visit, int status, std::string_view page, View view,
                        const std::vector<std::string>& form_targets) {
  const bool security = visit.request.path.find(security_path) != std::string::npos;
  const bool linked = page.starts_with("linked_account");
  const bool applications = !security && !linked;
  view.set("csrf_token", account::csrf_token(visit.context, visit.browser));
  view.set("username", visit.user->username);
  view.set("in_security", security);
  view.set("in_linked_accounts", linked);
  // Where there is no provider, and no account of one, nothing leads to an empty page.
  view.set("offers_linked_accounts", linked || federation::has_linked(visit.context, visit.user->id));
  view.set("in_applications", applications);
  if (view.text("notice").empty()) view.set("notice", signed_up_notice(visit));
  view.set("is_below_applications", applications && !visit.request.path.ends_with(applications_path));
  write_page(visit, status, page, std::move(view), form_targets);
}

protocol::Params read_account_form(const Visit& visit, std::string_view page) {
  protocol::Params form = read_fields(visit.request);
  const Csrf csrf = judge_csrf(visit, form);
  if (csrf == Csrf::right) return form;
  const auto& kind = csrf == Csrf::missing ? refusal::form_incomplete : refusal::form_expired;
  throw PageRefusal(kind, "csrf_token is missing or not of this session")
      .with_link(std::string(page), "link_back");
}

void require_changed_here(const std::string& who, const RefusalKind& kind) {
  finding_own([&] { account::require_shown(who); });
  if (!account::is_changed_by_users(who))
    throw PageRefusal(kind).with_link(std::string(applications_path), "link_back");
}

View choice(const std::string& value, const std::string& label, bool is_chosen) {
  return View().set("value", value).set("label", label).set("is_chosen", is_chosen);
}

void set_overlap(const Visit& visit, View& view, std::string_view chosen) {
  std::vector<View> shown = {choice("", visit.text("account_overlap_now"), chosen.empty())};
  for (const std::string& overlap : account::overlap_choices()) {
    const std::string duration = shown_duration(visit, overlap);
    shown.push_back(
        choice(overlap, visit.text("account_overlap_after", {{"duration", duration}}), overlap == chosen));
  }
  view.set("overlap_choices", std::move(shown));
}

void redirect_with_notice(Visit& visit, std::string_view page, std::string_view notice) {
  redirect_to_path(visit, fmt::format("{}?done={}", page, notice));
}

std::string shown_notice(const Visit& visit, const std::vector<std::string_view>& known) {
  const std::string done = read_query(visit.request).find("done").value_or("");
  const bool is_known = std::find(known.begin(), known.end(), done) != known.end();
  return is_known ? visit.text(done) : "";
}

void write_shown_once(Visit& visit, const ShownOnce& shown) {
  View view;
  view.set("title", shown.title);
  view.set("lead", shown.lead);
  std::vector<View> values;
  for (const ShownOnce::Value& value : shown.values) {
    View item = View().set("id", value.id).set("label", value.label).set("value", value.value);
    values.push_back(item.set("is_long", value.value.size() > most_on_a_line));
  }
  view.set("values", std::move(values));
  view.set("link_url", shown.link_url);
  view.set("link_label", shown.link_label);
  write_account_page(visit, 200, "shown_once", std::move(view));
}

Paging read_paging(const Visit& visit, std::size_t total, std::size_t rows_a_page,
                   const std::string& parameter) {
  Paging paging;
  paging.total = total;
  paging.pages = std::max<std::size_t>(1, (total + rows_a_page - 1) / rows_a_page);
  paging.number = std::clamp<std::size_t>(read_number(visit, parameter), 1, paging.pages);
  paging.first = (paging.number - 1) * rows_a_page;
  paging.count = std::min(rows_a_page, total - paging.first);
  return paging;
}

store::Page asked_page(const Visit& visit, std::size_t rows_a_page, const std::string& parameter) {
  const std::size_t number = std::clamp<std::size_t>(read_number(visit, parameter), 1, most_pages);
  return {static_cast<std::int64_t>(rows_a_page), static_cast<std::int64_t>((number - 1) * rows_a_page)};
}

void set_paging(const Visit& visit, View& view, const Paging& paging, std::string_view path,
                const std::string& parameter, const std::vector<std::string>& lists) {
  if (paging.pages == 1) return;
  view.set(parameter + "_shown",
           visit.text("paging_shown", {{"first", fmt::format("{}", paging.first + 1)},
                                       {"last", fmt::format("{}", paging.first + paging.count)},
                                       {"total", fmt::format("{}", paging.total)}}));
  const std::string kept = kept_places(visit, parameter, lists);
  const std::string place = lists.empty() ? "" : "#" + parameter;
  const auto url = [&](std::size_t number) {
    return fmt::format("{}?{}{}={}{}", path, kept, parameter, number, place);
  };
  if (paging.number > 1) view.set(parameter + "_previous", url(paging.number - 1));
  if (paging.number < paging.pages) view.set(parameter + "_next", url(paging.number + 1));
}

}  // namespace oauth2::server
