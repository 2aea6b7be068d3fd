#include "cli/record.h"

#include "core/admin/keys.h"
#include "core/federation/endpoint.h"
#include "core/federation/icon.h"
#include "core/protocol/key_seal.h"
#include "core/text.h"

namespace oauth2::cli {

namespace {

Scalar scalar_unless_empty(const std::string& text) { return text.empty() ? Scalar() : Scalar(text); }

}  // namespace

const Scalar* find_value(const Record& record, std::string_view key) {
  for (const auto& [name, value] : record) {
    if (name == key) return &value;
  }
  return nullptr;
}

Scalar scalar(const std::optional<std::string>& value) { return value ? Scalar(*value) : Scalar(); }

Scalar scalar(const std::optional<std::int64_t>& value) { return value ? Scalar(*value) : Scalar(); }

Record record_of(const store::Client& client) {
  return {{"client_id", client.id},
          {"client_name", client.name},
          {"description", scalar(client.description)},
          {"client_uri", scalar(client.client_uri)},
          {"owner", scalar(client.owner_username)},
          {"grant_types", client.grant_types},
          {"response_types", client.response_types},
          {"redirect_uris", client.redirect_uris},
          {"scope", text::join(client.scope)},
          {"default_scope", text::join(client.default_scope)},
          {"token_endpoint_auth_method", client.token_endpoint_auth_method},
          {"introspect", client.introspect},
          {"internal", client.internal},
          {"skip_consent", client.skip_consent},
          {"require_pushed_authorization_requests", client.require_par},
          {"access_token_format", client.access_token_format},
          {"signing_alg", scalar(client.signing_alg)},
          {"resources", client.resources},
          {"audiences", client.audiences},
          {"access_token_ttl", scalar(client.access_token_ttl)},
          {"refresh_token_ttl", scalar(client.refresh_token_ttl)},
          {"disabled_at", scalar(client.disabled_at)},
          {"created_at", client.created_at}};
}

Record record_of(const store::ClientSecret& secret) {
  return {{"id", secret.id},
          {"client_id", secret.client_id},
          {"created_at", secret.created_at},
          {"expires_at", scalar(secret.expires_at)}};
}

Record record_of(const store::Scope& scope) {
  return {{"name", scope.name},         {"description", scope.description}, {"group", scalar(scope.group)},
          {"internal", scope.internal}, {"default", scope.is_default},      {"created_at", scope.created_at}};
}

Record record_of(const store::User& user) {
  return {{"id", user.id},
          {"username", user.username},
          {"name", scalar(user.name)},
          {"email", scalar(user.email)},
          {"email_verified", user.email_verified_at.has_value()},
          {"disabled_at", scalar(user.disabled_at)},
          {"created_at", user.created_at}};
}

Record record_of(const store::Token& token) {
  return {{"id", token.id},
          {"name", scalar(token.name)},
          {"kind", token.kind},
          {"user", scalar(token.username)},
          {"client_id", scalar(token.client_id)},
          {"scope", token.scope},
          {"created_at", token.created_at},
          {"expires_at", scalar(token.expires_at)},
          {"last_used_at", scalar(token.last_used_at)},
          {"revoked_at", scalar(token.revoked_at)},
          {"internal", token.internal}};
}

Record record_of(const store::Consent& grant) {
  return {{"id", grant.id},
          {"user", grant.username},
          {"client", grant.client_name},
          {"client_id", grant.client_id},
          {"scope", grant.allowed_scope},
          {"created_at", grant.created_at},
          {"updated_at", grant.updated_at},
          {"tokens", grant.live_tokens}};
}

Record record_of(const store::Session& session) {
  return {{"id", session.id},
          {"user", scalar(session.username)},
          {"remember", session.remember},
          {"address", scalar(session.address)},
          {"user_agent", scalar(session.user_agent)},
          {"created_at", session.created_at},
          {"last_seen_at", session.last_seen_at},
          {"expires_at", session.expires_at},
          {"revoked_at", scalar(session.revoked_at)}};
}

Record record_of(const store::SigningKey& key, std::int64_t now) {
  return {{"kid", key.kid},
          {"algorithm", key.algorithm},
          {"status", std::string(admin::key_status(key, now))},
          {"created_at", key.created_at},
          {"retired_at", scalar(key.retired_at)},
          {"expires_at", scalar(key.expires_at)},
          {"sealed", protocol::is_sealed(key)}};
}

Record record_of(const store::Provider& provider) {
  const auto resolved = federation::resolve_public(provider);
  const auto icon = federation::stored_icon_type(provider.icon);
  return {{"name", provider.name},
          {"preset", provider.preset},
          {"title", resolved.title},
          {"description", scalar(provider.description)},
          {"icon", icon ? Scalar(std::string(*icon)) : Scalar()},
          {"client_id", provider.client_id},
          {"issuer", scalar_unless_empty(resolved.issuer)},
          {"authorize_url", scalar_unless_empty(resolved.authorize_url)},
          {"token_url", scalar_unless_empty(resolved.token_url)},
          {"userinfo_url", scalar_unless_empty(resolved.userinfo_url)},
          {"emails_url", scalar_unless_empty(resolved.emails_url)},
          {"request_token_url", scalar_unless_empty(resolved.request_token_url)},
          {"signature_method", scalar_unless_empty(resolved.signature_method)},
          {"scope", text::join(resolved.scope)},
          {"hidden", provider.hidden},
          {"link_only", provider.link_only},
          {"signup", provider.signup},
          {"trust_email", provider.trust_email},
          {"disabled_at", scalar(provider.disabled_at)},
          {"created_at", provider.created_at}};
}

Record record_of(const store::RemoteAccount& account) {
  return {{"id", account.id},
          {"provider", account.provider},
          {"user", account.user_username},
          {"subject", account.subject},
          {"username", scalar(account.username)},
          {"email", scalar(account.email)},
          {"has_token", account.tokens_sealed.has_value()},
          {"expires_at", scalar(account.expires_at)},
          {"created_at", account.created_at},
          {"last_used_at", scalar(account.last_used_at)}};
}

Record record_of(const store::AuditEntry& entry) {
  return {{"id", entry.id},
          {"created_at", entry.created_at},
          {"actor", entry.actor},
          {"action", entry.action},
          {"object", entry.object},
          {"reason", scalar(entry.reason)},
          {"address", scalar(entry.address)},
          {"request_id", scalar(entry.request_id)}};
}

Record with(Record record, std::string key, Scalar value) {
  record.emplace_back(std::move(key), std::move(value));
  return record;
}

Record with_changed(Record record, bool changed) { return with(std::move(record), "changed", changed); }

Record with_client_secret(Record record, const std::optional<std::string>& secret,
                          const std::optional<std::int64_t>& expires_at) {
  record = with(std::move(record), "client_secret", scalar(secret));
  return with(std::move(record), "client_secret_expires_at",
              secret ? Scalar(expires_at.value_or(0)) : Scalar());
}

}  // namespace oauth2::cli
