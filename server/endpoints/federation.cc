#include <variant>

#include "core/account/sign_in.h"
#include "core/federation/who.h"
#include "server/account_page.h"
#include "server/endpoints/pages.h"
#include "server/provider_view.h"
#include "server/remote_visit.h"
#include "server/wire.h"

namespace oauth2::server {
namespace {

using federation::Purpose;
using federation::StateClaims;
using protocol::Params;

// A look by HEAD starts nothing and uses nothing up (RFC 9110 section 9.2.1).
bool only_looks(Visit& visit) {
  if (visit.request.method != "HEAD") return false;
  visit.response.status = 200;
  visit.response.set_header("Cache-Control", "no-store");
  return true;
}

std::string next_of(const Params& params, std::string_view otherwise) {
  return account::local_path(params.find("next").value_or(std::string(otherwise)));
}

// Each start may cost a request to the provider.
void go_to_provider(Visit& visit, const store::Provider& provider, const StateClaims& claims) {
  protocol::spend_limit(visit.context, visit.context.limits.authorize, "provider:" + provider.name,
                        "too many sign-ins with this provider were started");
  const auto start = with_provider(visit, provider, [&](const federation::Context& context) {
    return federation::begin(context, visit.browser, provider, claims);
  });
  // What comes back must come to this browser.
  if (visit.browser.is_new) change_browser(visit, visit.browser);
  redirect_to_client(visit, start.url);
}

void sign_in_with(Visit& visit, const store::Provider& provider, const Params& params) {
  if (provider.link_only) {
    visit.note = "the provider is for linking only: its user must sign in in another way first";
    return redirect_to_path(visit, login_path(remote_login_path(provider)));
  }
  go_to_provider(visit, provider, {next_of(params, "/"), Purpose::sign_in, params.has("remember")});
}

// What the state says even of a sign-in that failed, where it is this browser's.
std::string next_of_state(const federation::Context& context, const Visit& visit,
                          const store::Provider& provider, const Params& query) {
  try {
    return federation::open_state(context, visit.browser, provider.name, query).claims.next;
  } catch (const federation::Failure&) {
    return "/";
  }
}

federation::Welcome receive(Visit& visit, const store::Provider& provider, const Params& query) {
  return with_provider(visit, provider, [&](const federation::Context& context) {
    try {
      const auto arrival = federation::finish(context, visit.browser, provider, query);
      return federation::welcome(context, visit.browser, provider, arrival,
                                 read_list_header(visit.request, "User-Agent"));
    } catch (const federation::Failure& failure) {
      throw failed_with(visit, provider, failure, next_of_state(context, visit, provider, query));
    }
  });
}

void ask_to_link(Visit& visit, const store::Provider& provider) {
  if (!find_user(visit)) throw PageRefusal(refusal::session_ended);
  const std::string title = shown_title(provider);
  const std::string next = next_of(read_query(visit.request), linked_accounts_path);
  View view;
  view.set("title", visit.text("linked_account_new_title", {{"provider", title}}));
  view.set("provider", title);
  view.set("link_only", provider.link_only);
  view.set("action", remote_login_path(provider));
  view.set("next", next);
  view.set("cancel_url", next);
  write_account_page(visit, 200, "linked_account_new", std::move(view), {form_target_of(provider)});
}

}  // namespace

void remote_login_page(Visit& visit) {
  const auto provider = require_provider(visit, true);
  if (only_looks(visit)) return;
  if (visit.browser.session) return ask_to_link(visit, provider);
  sign_in_with(visit, provider, read_query(visit.request));
}

void remote_login_form(Visit& visit) {
  const auto provider = require_provider(visit, true);
  const Params form = read_form(visit.request);
  require_cookie(visit, form, remote_login_path(provider));
  require_csrf(visit, form);
  if (!visit.browser.session) return sign_in_with(visit, provider, form);
  go_to_provider(visit, provider, {next_of(form, linked_accounts_path), Purpose::link, false});
}

// The one GET that changes something: the state, which is this browser's and is used once, takes the CSRF
// token's place.
void remote_callback_page(Visit& visit) {
  const auto provider = require_provider(visit, false);
  if (only_looks(visit)) return;
  const Params query = Params::parse_noting_repeats(read_query_text(visit.request));
  auto welcome = receive(visit, provider, query);
  if (auto* signed_in = std::get_if<federation::SignedIn>(&welcome))
    return go_on(visit, std::move(*signed_in));
  if (const auto* asked = std::get_if<federation::Asked>(&welcome))
    return redirect_to_path(visit, "/oauth/signup/" + provider.name + "?signup=" + asked->secret);
  const std::string next = std::get<federation::Linked>(welcome).next;
  next == linked_accounts_path ? redirect_with_notice(visit, next, "linked_account_added")
                               : redirect_to_path(visit, next);
}

}  // namespace oauth2::server
