#include "server/remote_visit.h"

#include <fmt/format.h>

#include "server/account_page.h"
#include "server/provider_view.h"

namespace oauth2::server {
namespace {

using federation::FailureKind;

// With `done` before a fragment; "/" only leads on, and would lose it.
std::string marked(const std::string& next) {
  const std::string path = next == "/" ? std::string(applications_path) : next;
  const auto fragment = std::min(path.find('#'), path.size());
  const char* joint = path.find('?') < fragment ? "&" : "?";
  return fmt::format("{}{}done={}{}", path.substr(0, fragment), joint, signed_up_mark, path.substr(fragment));
}

// Where the account here is the way on: signed in, the provider can be connected.
bool needs_sign_in(FailureKind kind) {
  return kind == FailureKind::email_taken || kind == FailureKind::signup_off ||
         kind == FailureKind::another_linked;
}

}  // namespace

store::Provider require_provider(const Visit& visit, bool is_shown) {
  auto provider = visit.context.db.read_latest(
      [&](db::Connection& connection) { return store::find_provider(connection, visit.id); });
  if (!provider || !provider->is_enabled() || (is_shown && provider->hidden))
    throw PageRefusal(refusal::not_found, "there is no such provider");
  return std::move(*provider);
}

PageRefusal failed_with(const Visit& visit, const store::Provider& provider,
                        const federation::Failure& failure, const std::string& next) {
  PageRefusal refusal = page_refusal(failure, shown_title(provider));
  if (failure.kind == FailureKind::no_such_provider) return refusal;
  const std::string linked(linked_accounts_path);
  if (visit.browser.session) return std::move(refusal).with_link(linked, "link_back");
  const std::string& then = needs_sign_in(failure.kind) ? linked : next;
  const std::string query = then == "/" ? "" : "?next=" + protocol::form_encode(then);
  return std::move(refusal).with_link("/login" + query, "link_sign_in");
}

void go_on(Visit& visit, federation::SignedIn signed_in) {
  change_browser(visit, std::move(signed_in.browser));
  redirect_to_path(visit, signed_in.has_new_username ? marked(signed_in.next) : signed_in.next);
}

}  // namespace oauth2::server
