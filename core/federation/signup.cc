#include "core/federation/signup.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/account/form.h"
#include "core/admin/users.h"
#include "core/crypto/hash.h"
#include "core/crypto/random.h"
#include "core/federation/remote_tokens.h"
#include "core/json_document.h"
#include "core/json_text.h"
#include "core/store/audit.h"
#include "core/store/signups.h"
#include "core/text.h"

namespace oauth2::federation {
namespace {

constexpr std::size_t secret_size = 43;  // base62: 256 bits
constexpr std::int64_t signup_seconds = 600;
constexpr std::size_t longest_base = 48;  // bytes of a username, before a number is put behind it
constexpr int plain_numbers = 20;
constexpr std::string_view email_claimed = "user.claim_email";
// What others take for somebody in charge: only administrators give these.
constexpr std::array<std::string_view, 12> reserved = {
    "admin",      "administrator", "hostmaster", "oauth2ctl", "oauth2d", "operator",
    "postmaster", "root",          "security",   "support",   "system",  "webmaster"};

bool is_reserved(std::string_view username) {
  return std::find(reserved.begin(), reserved.end(), text::lower(username)) != reserved.end();
}

// Whether administrators may give a user such a value too.
template <class Member>
bool is_fit(Member member, const std::string& value) {
  admin::UserFields fields;
  fields.*member = value;
  try {
    admin::judge_profile(fields);
    return true;
  } catch (const admin::Refused&) {
    return false;
  }
}

std::optional<std::string> fit_name(const std::optional<std::string>& name) {
  return name && is_fit(&admin::UserFields::name, *name) ? name : std::nullopt;
}

std::optional<std::string> fit_email(const std::optional<std::string>& email) {
  return email && is_fit(&admin::UserFields::email, *email) ? email : std::nullopt;
}

// `words` as a username: with a dash for what none may have; "" when nothing is left.
std::string as_username(std::string_view words) {
  std::string out;
  while (!words.empty()) {
    const std::size_t length = std::max<std::size_t>(1, text::sequence_length(words));
    const std::string_view character = words.substr(0, length);
    words.remove_prefix(length);
    if (out.size() + length > longest_base) break;
    const bool is_allowed = is_fit(&admin::UserFields::username, std::string(character));
    if (is_allowed) out += character;
    if (!is_allowed && !out.empty() && out.back() != '-') out += '-';
  }
  while (!out.empty() && out.back() == '-') out.pop_back();
  return is_fit(&admin::UserFields::username, out) ? out : "";
}

// Some services say an address where they mean a name.
std::string before_at(const std::string& word) { return word.substr(0, word.find('@')); }

std::string username_base(const std::string& provider, const Identity& identity) {
  for (const auto& word : {identity.username, identity.email}) {
    if (const std::string base = as_username(before_at(word.value_or(""))); !base.empty()) return base;
  }
  const std::string base = text::lower(as_username(identity.name.value_or("")));
  return base.empty() ? provider : base;
}

bool is_trusted(const store::Provider& provider, const Identity& identity) {
  return identity.email && identity.email_verified && provider.trust_email;
}

// As the provider itself: there is no user yet who could have done it.
admin::Context acting(const Context& context, const std::string& provider) {
  admin::Context acting = account::acting(context, "");
  acting.actor = "provider:" + provider;
  return acting;
}

store::User insert_user(db::Connection& connection, const Context& context, const std::string& provider,
                        const admin::UserFields& fields) {
  const admin::Context by = acting(context, provider);
  store::User user = admin::insert_user(connection, by, fields);
  if (user.email && !user.email_verified_at) admin::record(connection, by, email_claimed, "user:" + user.id);
  return user;
}

std::string profile_text(const Identity& identity) {
  JsonText json;
  if (identity.username) json.member("username", *identity.username);
  if (identity.name) json.member("name", *identity.name);
  if (identity.email) json.member("email", *identity.email);
  json.member("email_verified", identity.email_verified);
  return json.take();
}

Identity identity_of(const store::Signup& signup) {
  const auto document = JsonDocument::parse(signup.profile);
  if (!document) throw std::runtime_error("the profile of a sign-up is no JSON object");
  return {signup.subject, document->text("username"), document->text("name"), document->text("email"),
          document->flag("email_verified").value_or(false)};
}

struct Open {
  store::Signup signup;
  store::Provider provider;
  Identity identity;
};

// Another browser learns nothing of it, not even that it is there, and uses nothing up.
Open require_open(db::Connection& connection, const Context& context, const account::Browser& browser,
                  std::string_view provider_name, std::string_view secret) {
  auto signup = store::find_signup(connection, crypto::sha256_base64url(secret));
  if (!signup || signup->session_name != session_name(browser) || signup->provider != provider_name)
    throw Failure(FailureKind::state_foreign, "there is no such sign-up of this browser session");
  if (signup->used_at) throw Failure(FailureKind::state_used, "the sign-up was completed before");
  if (!signup->is_open(context.now)) throw Failure(FailureKind::state_expired, "the sign-up has expired");
  auto provider = store::find_provider(connection, provider_name);
  if (!provider || !provider->offers_sign_in())
    throw Failure(FailureKind::no_such_provider, "the provider signs nobody in any more");
  if (provider->signup == "off") throw Failure(FailureKind::signup_off, "the provider signs nobody up");
  Identity identity = identity_of(*signup);
  return {std::move(*signup), std::move(*provider), std::move(identity)};
}

// What the same rules judge as for oauth2ctl, and is nobody's.
admin::UserFields require_fields(db::Connection& connection, const Open& open, const SignupForm& form) {
  const bool is_proved = is_trusted(open.provider, open.identity);
  admin::UserFields fields;
  fields.username = std::string(text::trim(form.username));
  fields.name = std::string(text::trim(form.name));
  fields.email = is_proved ? *open.identity.email : std::string(text::trim(form.email));
  fields.email_verified = is_proved;
  account::refusing_in_form([&] { admin::judge_profile(fields); });
  if (is_reserved(*fields.username) || store::find_user_by_username(connection, *fields.username))
    throw account::FormError("username", "account_username_taken");
  if (!fields.email->empty() && store::find_user_by_email(connection, *fields.email)) {
    if (is_proved) throw Failure(FailureKind::email_taken, "another user has the e-mail by now");
    throw account::FormError("email", "account_email_taken");
  }
  return fields;
}

}  // namespace

std::string free_username(db::Connection& connection, const std::string& provider, const Identity& identity) {
  const std::string base = username_base(provider, identity);
  const auto is_free = [&](const std::string& username) {
    return !store::find_user_by_username(connection, username);
  };
  // A provider's bare name is no person's.
  if (base != provider && !is_reserved(base) && is_free(base)) return base;
  for (int number = 2; number <= plain_numbers; ++number) {
    if (auto username = fmt::format("{}-{}", base, number); is_free(username)) return username;
  }
  for (;;) {
    if (auto username = fmt::format("{}-{}", base, crypto::random_base62(8)); is_free(username))
      return username;
  }
}

store::User sign_up(db::Connection& connection, const Context& context, const store::Provider& provider,
                    const Newcomer& newcomer) {
  const Identity& identity = newcomer.identity;
  admin::UserFields fields;
  fields.username = free_username(connection, provider.name, identity);
  fields.name = fit_name(identity.name);
  fields.email = fit_email(identity.email);
  fields.email_verified = fields.email && is_trusted(provider, identity);
  store::User user = insert_user(connection, context, provider.name, fields);
  insert_link(connection, context, newcomer, user.id);
  return user;
}

std::string keep_signup(db::Connection& connection, const Context& context, const account::Browser& browser,
                        const Newcomer& newcomer, const StateClaims& claims) {
  const std::string secret = crypto::random_base62(secret_size);
  store::Signup signup;
  signup.signup_hash = crypto::sha256_base64url(secret);
  signup.session_name = session_name(browser);
  signup.provider = newcomer.provider;
  signup.subject = newcomer.identity.subject;
  signup.profile = profile_text(newcomer.identity);
  signup.tokens_sealed =
      seal_tokens(context.outside.server_key, signup.provider, signup.subject, newcomer.tokens);
  signup.token_expires_at = newcomer.tokens.expires_at;
  signup.next = claims.next;
  signup.remember = claims.remember;
  signup.created_at = context.now;
  signup.expires_at = context.now + signup_seconds;
  store::insert_signup(connection, signup);
  return secret;
}

bool is_claimed_email(db::Connection& connection, const store::User& user) {
  return !user.email_verified_at && store::has_audit(connection, email_claimed, "user:" + user.id);
}

PendingSignup require_signup(const Context& context, const account::Browser& browser,
                             std::string_view provider, std::string_view secret) {
  return context.db.read([&](db::Connection& connection) -> PendingSignup {
    const Open open = require_open(connection, context, browser, provider, secret);
    return {open.identity, free_username(connection, open.provider.name, open.identity),
            is_trusted(open.provider, open.identity)};
  });
}

SignedIn complete_signup(const Context& context, const account::Browser& browser, std::string_view provider,
                         std::string_view secret, const SignupForm& form) {
  return context.db.write([&](db::Connection& connection) -> SignedIn {
    const Open open = require_open(connection, context, browser, provider, secret);
    const store::Signup& signup = open.signup;
    if (store::find_remote_account_by_subject(connection, signup.provider, signup.subject))
      throw Failure(FailureKind::state_used, "the account there has a user here by now");
    const admin::UserFields fields = require_fields(connection, open, form);
    if (!store::use_signup(connection, signup.signup_hash, context.now))
      throw Failure(FailureKind::state_used, "the sign-up was completed just now");
    const store::User user = insert_user(connection, context, signup.provider, fields);
    const RemoteTokens tokens = open_tokens(context.outside.server_key, signup.provider, signup.subject,
                                            signup.tokens_sealed.value_or(""), signup.token_expires_at);
    insert_link(connection, context, {signup.provider, open.identity, tokens}, user.id);
    const account::SignIn how{signup.remember, form.user_agent};
    return {account::start_session(connection, context, browser, user, how), signup.next};
  });
}

}  // namespace oauth2::federation
