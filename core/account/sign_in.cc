#include "core/account/sign_in.h"

#include <algorithm>

#include "core/crypto/hash.h"
#include "core/crypto/random.h"
#include "core/protocol/params.h"
#include "core/text.h"

namespace oauth2::account {
namespace {

constexpr std::size_t id_size = 22;
constexpr std::size_t longest_next = 4000;
constexpr std::size_t longest_user_agent = 300;

void end_session(const Context& context, db::Connection& connection, const store::Session& session) {
  if (store::revoke_session(connection, session.id, context.now) > 0)
    record(connection, context, "user:" + session.user_id.value_or(""), "session.end",
           "session:" + session.id);
}

// What a browser says of itself, for the list of sessions: as text that every database takes.
std::optional<std::string> shown_user_agent(std::string_view user_agent) {
  std::string_view shown = user_agent.substr(0, longest_user_agent);
  for (int i = 0; i < 3 && !text::is_utf8(shown); ++i) shown.remove_suffix(1);
  if (shown.empty() || !text::is_utf8(shown) || text::has_control(shown)) return std::nullopt;
  return std::string(shown);
}

store::Session new_session(const Context& context, const store::User& user, const SignIn& how,
                           std::string_view secret) {
  const std::int64_t ttl = context.settings.session_ttl;
  store::Session session;
  session.id = crypto::random_base62(id_size);
  session.session_hash = crypto::sha256_base64url(secret);
  session.user_id = user.id;
  session.remember = how.remember;
  if (!context.address.empty()) session.address = context.address;
  session.user_agent = shown_user_agent(how.user_agent);
  session.created_at = session.last_seen_at = context.now;
  session.expires_at = context.now + (how.remember ? ttl : std::min(ttl, context.settings.session_idle));
  session.username = user.username;
  return session;
}

}  // namespace

Browser start_session(db::Connection& connection, const Context& context, const Browser& browser,
                      const store::User& user, const SignIn& how) {
  Browser made = stranger();
  made.session = new_session(context, user, how, made.secret);
  if (browser.session) end_session(context, connection, *browser.session);
  store::insert_session(connection, *made.session);
  record(connection, context, "user:" + user.id, "session.create", "session:" + made.session->id);
  return made;
}

std::optional<Browser> sign_in(const Context& context, const Browser& browser, const store::User& user,
                               const SignIn& how) {
  return context.db.write([&](db::Connection& connection) -> std::optional<Browser> {
    const auto now = store::find_user(connection, user.id);
    if (!now || now->disabled_at || now->password_hash != user.password_hash) return std::nullopt;
    return start_session(connection, context, browser, user, how);
  });
}

Browser sign_out(const Context& context, const Browser& browser) {
  if (browser.session) {
    context.db.write([&](db::Connection& connection) { end_session(context, connection, *browser.session); });
  }
  return stranger();
}

std::string local_path(std::string_view next) {
  const auto decoded = protocol::form_decode(next.substr(0, next.find('?')));
  const auto is_rooted = [](std::string_view path) {
    return path.starts_with('/') && path.substr(1, 1) != "/" && path.find('\\') == path.npos &&
           !text::has_control(path);
  };
  const bool good = next.size() <= longest_next && decoded && is_rooted(next) && is_rooted(*decoded);
  return good ? std::string(next) : "/";
}

}  // namespace oauth2::account
