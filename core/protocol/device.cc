#include "core/protocol/device.h"

#include "core/crypto/hash.h"
#include "core/crypto/random.h"
#include "core/crypto/token_string.h"
#include "core/json_text.h"
#include "core/protocol/audience.h"
#include "core/protocol/client_auth.h"
#include "core/protocol/error.h"
#include "core/protocol/grant.h"
#include "core/store/consents.h"
#include "core/store/sessions.h"
#include "core/store/users.h"
#include "core/text.h"

namespace oauth2::protocol {
namespace {

// RFC 8628 section 6.1: no vowels, so that no words come of it; 20^8 codes.
constexpr std::string_view user_code_letters = "BCDFGHJKLMNPQRSTVWXZ";
constexpr std::size_t user_code_length = 8;
constexpr std::int64_t lifetime_seconds = 600;
constexpr std::int64_t interval_seconds = 5;
constexpr int most_tries = 5;

std::string make_user_code() {
  std::string code;
  while (code.size() < user_code_length) {
    for (const char c : crypto::random_bytes(16)) {
      const std::size_t letter = static_cast<unsigned char>(c) & 31U;  // 20 to 31 are thrown away: no bias
      if (letter < user_code_letters.size() && code.size() < user_code_length)
        code += user_code_letters[letter];
    }
  }
  return code;
}

struct Asked {
  store::Client client;
  std::vector<std::string> scope;
  std::optional<std::string> audience;
};

Asked judge(const Context& context, db::Connection& connection, const ClientClaim& claim,
            const Params& form) {
  store::Client client = authenticate_client(context, connection, claim);
  spend_limit(context, context.limits.device, client.id, "too many device authorization requests");
  if (!client.has_grant(device_code_grant_type))
    throw Error(unauthorized_client, "the client is not registered for the device grant");
  auto scope = granted_scope(connection, client, form.find("scope"));
  auto audience = requested_audience(client, form, context.settings.issuer);
  return {std::move(client), std::move(scope), std::move(audience)};
}

// False when another request has one of its codes.
bool store_device_code(const Context& context, const store::DeviceCode& code) {
  try {
    context.db.write([&](db::Connection& connection) {
      const auto client = store::find_client(connection, code.client_id);
      if (!client || client->is_disabled())
        throw Error(invalid_client, "the client is no longer who it proved to be");
      store::insert_device_code(connection, code);
    });
    return true;
  } catch (const db::Conflict&) {
    return false;
  }
}

}  // namespace

Answer device_authorization(const Context& context, const Params& form,
                            const std::optional<std::string>& authorization) {
  const ClientClaim claim = read_client_claim(authorization, form);
  const Asked asked = context.db.read_latest(
      [&](db::Connection& connection) { return judge(context, connection, claim, form); });
  store::DeviceCode code;
  code.client_id = asked.client.id;
  code.scope = text::join(asked.scope);
  code.audience = asked.audience;
  code.interval_seconds = interval_seconds;
  code.created_at = context.now;
  code.expires_at = context.now + lifetime_seconds;
  for (int tries = 0; tries < most_tries; ++tries) {
    const std::string secret = crypto::make_token_string(crypto::TokenKind::device_code);
    code.device_code_hash = crypto::sha256_base64url(secret);
    code.user_code = make_user_code();
    if (!store_device_code(context, code)) continue;
    const std::string verification_uri = context.settings.issuer + "/device";
    const std::string shown = shown_user_code(code.user_code);
    JsonText document;
    document.member("device_code", secret);
    document.member("user_code", shown);
    document.member("verification_uri", verification_uri);
    document.member("verification_uri_complete", verification_uri + "?user_code=" + shown);
    document.member("expires_in", lifetime_seconds);
    document.member("interval", interval_seconds);
    return {document.take()};
  }
  throw Error(temporarily_unavailable, "every user code that was tried is taken", 1);
}

std::string normalize_user_code(std::string_view typed) {
  std::string code;
  for (const char c : typed) {
    if (c >= 'A' && c <= 'Z') code += c;
    if (c >= 'a' && c <= 'z') code += static_cast<char>(c - 'a' + 'A');
  }
  return code;
}

std::string shown_user_code(std::string_view normalized) {
  const std::size_t half = normalized.size() / 2;
  return std::string(normalized.substr(0, half)) + '-' + std::string(normalized.substr(half));
}

std::optional<DeviceRequest> find_device_request(const Context& context, db::Connection& connection,
                                                 std::string_view user_code) {
  auto code = store::find_device_code_by_user_code(connection, normalize_user_code(user_code));
  if (!code || !code->is_undecided(context.now)) return std::nullopt;
  auto client = store::find_client(connection, code->client_id);
  if (!client || client->is_disabled() || !client->has_grant(device_code_grant_type)) return std::nullopt;
  try {
    auto scope = remaining_scope(connection, *client, text::words(code->scope));
    return DeviceRequest{std::move(*code), std::move(*client), std::move(scope)};
  } catch (const Error&) {  // invalid_scope: the device will be told when it polls
    return std::nullopt;
  }
}

DeviceDecision find_device_decision(const Context& context, db::Connection& connection,
                                    std::string_view user_id, std::string_view user_code) {
  const auto code = store::find_device_code_by_user_code(connection, normalize_user_code(user_code));
  if (!code || code->user_id != user_id) return DeviceDecision::refused;
  if (code->denied_at) return DeviceDecision::denied;
  const bool device_came = code->redeemed_at || code->expires_at > context.now;  // or still may
  return device_came ? DeviceDecision::approved : DeviceDecision::refused;
}

namespace {

bool may_decide(const Context& context, db::Connection& connection, std::string_view user_id,
                const std::optional<std::string>& session_id) {
  const auto user = store::find_user(connection, user_id);
  if (!user || user->disabled_at) return false;
  if (!session_id) return true;
  const auto session = store::find_session(connection, *session_id);
  return session && session->is_active(context.now) && session->user_id == user_id;
}

void remember_approval(const Context& context, db::Connection& connection, const DeviceRequest& request,
                       std::string_view user_id) {
  store::Consent consent;
  consent.id = crypto::random_base62(22);
  consent.user_id = user_id;
  consent.client_id = request.client.id;
  if (!request.client.is_public()) consent.scope = text::join(request.scope);
  consent.created_at = consent.updated_at = context.now;
  store::insert_or_widen_consent(connection, consent);
}

}  // namespace

DeviceDecision decide_device_request(const Context& context, std::string_view user_id,
                                     std::string_view user_code, bool allow,
                                     const std::optional<std::string>& session_id) {
  return context.db.write([&](db::Connection& connection) {
    if (!may_decide(context, connection, user_id, session_id)) return DeviceDecision::refused;
    const auto request = find_device_request(context, connection, user_code);
    if (!request) return find_device_decision(context, connection, user_id, user_code);
    const std::string& hash = request->code.device_code_hash;
    const std::string actor = "user:" + std::string(user_id);
    const std::string object = "client:" + request->client.id;
    if (!allow) {
      if (!store::deny_device_code(connection, hash, user_id, context.now)) return DeviceDecision::refused;
      record(connection, context, actor, "device.deny", object);
      return DeviceDecision::denied;
    }
    if (!store::approve_device_code(connection, hash, user_id, context.now)) return DeviceDecision::refused;
    remember_approval(context, connection, *request, user_id);
    record(connection, context, actor, "device.approve", object);
    return DeviceDecision::approved;
  });
}

}  // namespace oauth2::protocol
