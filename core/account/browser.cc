#include "core/account/browser.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/crypto/base62.h"
#include "core/crypto/hash.h"
#include "core/crypto/jwt.h"
#include "core/crypto/random.h"
#include "core/crypto/seal.h"
#include "core/json_text.h"

namespace oauth2::account {
namespace {

constexpr std::size_t cookie_size = 43;  // base62: 256 bits
constexpr std::int64_t csrf_seconds = 3600;

std::string csrf_key(const Browser& browser) {
  return crypto::derive_key(browser.secret, session_name(browser), "csrf tokens of a browser session");
}

void note_seen(const Context& context, const store::Session& session) {
  const std::int64_t end = session.created_at + context.settings.session_ttl;
  const std::int64_t expires_at =
      session.remember ? end : std::min(end, context.now + context.settings.session_idle);
  context.last_use.note(session, context.now, expires_at);
}

}  // namespace

Browser stranger() { return {crypto::random_base62(cookie_size), true, std::nullopt}; }

Browser recognise(const Context& context, const std::optional<std::string>& cookie) {
  if (!cookie || cookie->size() != cookie_size || !crypto::is_base62(*cookie)) return stranger();
  const std::string hash = crypto::sha256_base64url(*cookie);
  auto session = context.db.read_latest(
      [&](db::Connection& connection) { return store::find_session_by_hash(connection, hash); });
  if (!session) return {*cookie, false, std::nullopt};
  if (!session->is_active(context.now) || !session->user_id) return stranger();
  note_seen(context, *session);
  return {*cookie, false, std::move(session)};
}

std::string session_name(const Browser& browser) {
  return browser.session ? browser.session->id : crypto::sha256_base64url("anonymous\n" + browser.secret);
}

std::string csrf_token(const Context& context, const Browser& browser) {
  JsonText claims;
  if (browser.session) claims.member("sub", *browser.session->user_id);
  claims.member("sid", session_name(browser));
  claims.member("iat", context.now);
  claims.member("exp", context.now + csrf_seconds);
  return crypto::sign_jwt_hs256(csrf_key(browser), claims.take());
}

bool is_csrf_token(const Context& context, const Browser& browser, std::string_view token) {
  const auto claims = crypto::verify_jwt_hs256(csrf_key(browser), token);
  if (!claims) return false;
  // Ours, as its signature says; so it is well-formed and all members are there.
  const auto document = nlohmann::json::parse(*claims);
  const std::string subject = browser.session ? *browser.session->user_id : "";
  return document.value("exp", std::int64_t{0}) > context.now &&
         document.value("sid", "") == session_name(browser) && document.value("sub", "") == subject;
}

}  // namespace oauth2::account
