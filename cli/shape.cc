#include "cli/shape.h"

namespace oauth2::cli {
namespace {

using Kind = FieldKind;

Shape with_fields(Shape shape, const std::vector<Field>& fields) {
  shape.fields.insert(shape.fields.end(), fields.begin(), fields.end());
  return shape;
}

Shape changed(Shape shape) { return with_fields(std::move(shape), {{"changed", Kind::flag, ""}}); }

const std::vector<Field> secret_fields = {{"client_secret", Kind::secret, ""},
                                          {"client_secret_expires_at", Kind::time, ""}};

}  // namespace

const Field* Shape::find(std::string_view key) const {
  for (const Field& field : fields) {
    if (field.key == key) return &field;
  }
  return nullptr;
}

std::vector<std::string> Shape::keys() const {
  std::vector<std::string> out;
  for (const Field& field : fields) out.push_back(field.key);
  return out;
}

Shape client_shape() {
  return {.plural = "clients",
          .fields = {{"client_id", Kind::text, "CLIENT ID"},
                     {"client_name", Kind::text, "NAME"},
                     {"description", Kind::text, ""},
                     {"client_uri", Kind::text, ""},
                     {"owner", Kind::text, "OWNER"},
                     {"grant_types", Kind::list, "GRANTS"},
                     {"response_types", Kind::list, ""},
                     {"redirect_uris", Kind::list, ""},
                     {"scope", Kind::text, "SCOPE"},
                     {"default_scope", Kind::text, ""},
                     {"token_endpoint_auth_method", Kind::text, ""},
                     {"introspect", Kind::text, ""},
                     {"internal", Kind::flag, ""},
                     {"skip_consent", Kind::flag, ""},
                     {"require_pushed_authorization_requests", Kind::flag, ""},
                     {"access_token_format", Kind::text, ""},
                     {"signing_alg", Kind::text, ""},
                     {"resources", Kind::list, ""},
                     {"audiences", Kind::list, ""},
                     {"access_token_ttl", Kind::seconds, ""},
                     {"refresh_token_ttl", Kind::seconds, ""},
                     {"disabled_at", Kind::time, "DISABLED"},
                     {"created_at", Kind::time, "CREATED"}},
          .quiet = {"client_id"},
          .variables = {{"OAUTH2_CLIENT_ID", "client_id"}}};
}

Shape changed_client_shape() { return changed(client_shape()); }

Shape new_client_shape() {
  Shape shape = changed(with_fields(client_shape(), secret_fields));
  shape.variables.emplace_back("OAUTH2_CLIENT_SECRET", "client_secret");
  return shape;
}

Shape client_secret_shape() {
  return {.plural = "secrets",
          .fields = {{"id", Kind::text, "SECRET ID"},
                     {"client_id", Kind::text, ""},
                     {"created_at", Kind::time, "CREATED"},
                     {"expires_at", Kind::time, "EXPIRES"}},
          .quiet = {"id"},
          .variables = {{"OAUTH2_CLIENT_ID", "client_id"}}};
}

Shape new_client_secret_shape() {
  Shape shape = changed(with_fields(client_secret_shape(), secret_fields));
  shape.quiet = {"client_secret", "id"};
  shape.variables.emplace_back("OAUTH2_CLIENT_SECRET", "client_secret");
  return shape;
}

Shape verified_secret_shape() {
  return {.plural = "secrets",
          .fields = {{"client_id", Kind::text, ""}, {"active", Kind::flag, ""}},
          .quiet = {"active"},
          .variables = {{"OAUTH2_CLIENT_ID", "client_id"}}};
}

Shape scope_shape() {
  return {.plural = "scopes",
          .fields = {{"name", Kind::text, "NAME"},
                     {"description", Kind::text, "DESCRIPTION"},
                     {"group", Kind::text, "GROUP"},
                     {"internal", Kind::flag, "INTERNAL"},
                     {"default", Kind::flag, "DEFAULT"},
                     {"created_at", Kind::time, ""}},
          .quiet = {"name"},
          .variables = {{"OAUTH2_SCOPE", "name"}}};
}

Shape changed_scope_shape() { return changed(scope_shape()); }

Shape user_shape() {
  return {.plural = "users",
          .fields = {{"id", Kind::text, "ID"},
                     {"username", Kind::text, "USERNAME"},
                     {"name", Kind::text, "NAME"},
                     {"email", Kind::text, "E-MAIL"},
                     {"email_verified", Kind::flag, "VERIFIED"},
                     {"disabled_at", Kind::time, "DISABLED"},
                     {"created_at", Kind::time, "CREATED"}},
          .quiet = {"id"},
          .variables = {{"OAUTH2_USER_ID", "id"}, {"OAUTH2_USERNAME", "username"}}};
}

Shape changed_user_shape() { return changed(user_shape()); }

Shape reset_link_shape() {
  return changed(
      {.plural = "reset links",
       .fields = {{"url", Kind::secret, ""}, {"expires_at", Kind::time, ""}, {"user", Kind::text, ""}},
       .quiet = {"url"},
       .variables = {{"OAUTH2_RESET_URL", "url"}}});
}

Shape token_shape() {
  return {.plural = "tokens",
          .fields = {{"id", Kind::text, "ID"},
                     {"name", Kind::text, "NAME"},
                     {"kind", Kind::text, "KIND"},
                     {"user", Kind::text, "USER"},
                     {"client_id", Kind::text, "CLIENT ID"},
                     {"scope", Kind::text, "SCOPE"},
                     {"created_at", Kind::time, "CREATED"},
                     {"expires_at", Kind::time, "EXPIRES"},
                     {"last_used_at", Kind::time, "LAST USED"},
                     {"revoked_at", Kind::time, "REVOKED"},
                     {"internal", Kind::flag, ""}},
          .quiet = {"id"},
          .variables = {{"OAUTH2_TOKEN_ID", "id"}}};
}

Shape changed_token_shape() { return changed(token_shape()); }

Shape new_token_shape() {
  Shape shape = changed(with_fields(token_shape(), {{"token", Kind::secret, ""}}));
  shape.quiet = {"token", "id"};
  shape.variables.emplace_back("OAUTH2_TOKEN", "token");
  return shape;
}

Shape revoked_token_shape() {
  Shape shape = changed(token_shape());
  shape.fields.insert(shape.fields.begin(), {"line", Kind::number, "LINE"});
  return shape;
}

// RFC 7662 section 2.2: the document is printed as it is.
Shape verified_token_shape() {
  return {.plural = "tokens",
          .fields = {{"active", Kind::flag, ""},
                     {"scope", Kind::text, ""},
                     {"client_id", Kind::text, ""},
                     {"username", Kind::text, ""},
                     {"sub", Kind::text, ""},
                     {"aud", Kind::text, ""},
                     {"iss", Kind::text, ""},
                     {"exp", Kind::number, ""},
                     {"iat", Kind::number, ""},
                     {"jti", Kind::text, ""},
                     {"token_type", Kind::text, ""},
                     {"token_kind", Kind::text, ""}},
          .quiet = {"active"},
          .variables = {},
          .is_document = true};
}

Shape inspected_token_shape() {
  return {.plural = "tokens",
          .fields = {{"prefix", Kind::text, ""},
                     {"kind", Kind::text, ""},
                     {"checksum", Kind::text, ""},
                     {"header", Kind::text, ""},
                     {"claims", Kind::text, ""}},
          .quiet = {"kind"},
          .variables = {}};
}

Shape grant_shape() {
  return {.plural = "grants",
          .fields = {{"id", Kind::text, "ID"},
                     {"user", Kind::text, "USER"},
                     {"client", Kind::text, "CLIENT"},
                     {"client_id", Kind::text, ""},
                     {"scope", Kind::text, "SCOPE"},
                     {"created_at", Kind::time, "CREATED"},
                     {"updated_at", Kind::time, "UPDATED"},
                     {"tokens", Kind::number, "TOKENS"}},
          .quiet = {"id"},
          .variables = {{"OAUTH2_GRANT_ID", "id"}}};
}

Shape changed_grant_shape() { return changed(grant_shape()); }

Shape session_shape() {
  return {.plural = "sessions",
          .fields = {{"id", Kind::text, "ID"},
                     {"user", Kind::text, "USER"},
                     {"remember", Kind::flag, "REMEMBER"},
                     {"address", Kind::text, "ADDRESS"},
                     {"user_agent", Kind::browser, "BROWSER"},
                     {"created_at", Kind::time, "CREATED"},
                     {"last_seen_at", Kind::time, "LAST SEEN"},
                     {"expires_at", Kind::time, "EXPIRES"},
                     {"revoked_at", Kind::time, "REVOKED"}},
          .quiet = {"id"},
          .variables = {{"OAUTH2_SESSION_ID", "id"}}};
}

Shape changed_session_shape() { return changed(session_shape()); }

Shape key_shape() {
  return {.plural = "keys",
          .fields = {{"kid", Kind::text, "KID"},
                     {"algorithm", Kind::text, "ALGORITHM"},
                     {"status", Kind::text, "STATUS"},
                     {"created_at", Kind::time, "CREATED"},
                     {"retired_at", Kind::time, "RETIRED"},
                     {"expires_at", Kind::time, "EXPIRES"},
                     {"sealed", Kind::flag, "SEALED"}},
          .quiet = {"kid"},
          .variables = {{"OAUTH2_KID", "kid"}}};
}

Shape listed_key_shape() { return with_fields(key_shape(), {{"default", Kind::flag, "DEFAULT"}}); }

Shape changed_key_shape() { return changed(key_shape()); }

Shape retired_key_shape() {
  return changed(with_fields(key_shape(), {{"revoked_tokens", Kind::number, ""}}));
}

Shape provider_shape() {
  return {.plural = "providers",
          .fields = {{"name", Kind::text, "NAME"},
                     {"preset", Kind::text, "PRESET"},
                     {"title", Kind::text, "TITLE"},
                     {"description", Kind::text, ""},
                     {"icon", Kind::text, ""},
                     {"client_id", Kind::text, "CLIENT ID"},
                     {"issuer", Kind::text, ""},
                     {"authorize_url", Kind::text, ""},
                     {"token_url", Kind::text, ""},
                     {"userinfo_url", Kind::text, ""},
                     {"emails_url", Kind::text, ""},
                     {"request_token_url", Kind::text, ""},
                     {"signature_method", Kind::text, ""},
                     {"scope", Kind::text, ""},
                     {"hidden", Kind::flag, "HIDDEN"},
                     {"link_only", Kind::flag, "LINK ONLY"},
                     {"signup", Kind::text, "SIGNUP"},
                     {"trust_email", Kind::flag, "TRUST E-MAIL"},
                     {"disabled_at", Kind::time, "DISABLED"},
                     {"created_at", Kind::time, "CREATED"},
                     {"redirect_uri", Kind::text, ""}},
          .quiet = {"name"},
          .variables = {{"OAUTH2_PROVIDER", "name"}, {"OAUTH2_REDIRECT_URI", "redirect_uri"}}};
}

Shape changed_provider_shape() { return changed(provider_shape()); }

Shape account_shape() {
  return {.plural = "accounts",
          .fields = {{"id", Kind::text, "ID"},
                     {"provider", Kind::text, "PROVIDER"},
                     {"user", Kind::text, "USER"},
                     {"subject", Kind::text, "SUBJECT"},
                     {"username", Kind::text, "ACCOUNT"},
                     {"email", Kind::text, "E-MAIL"},
                     {"has_token", Kind::flag, "TOKEN"},
                     {"expires_at", Kind::time, ""},
                     {"created_at", Kind::time, "LINKED"},
                     {"last_used_at", Kind::time, "LAST USED"}},
          .quiet = {"id"},
          .variables = {{"OAUTH2_ACCOUNT_ID", "id"}}};
}

Shape changed_account_shape() { return changed(account_shape()); }

Shape account_token_shape() {
  return changed({.plural = "tokens",
                  .fields = {{"id", Kind::text, ""},
                             {"provider", Kind::text, ""},
                             {"user", Kind::text, ""},
                             {"scope", Kind::text, ""},
                             {"expires_at", Kind::time, ""},
                             {"access_token", Kind::secret, ""},
                             {"token_secret", Kind::secret, ""}},
                  .quiet = {"access_token"},
                  .variables = {{"OAUTH2_TOKEN", "access_token"}, {"OAUTH2_TOKEN_SECRET", "token_secret"}}});
}

Shape finding_shape() {
  return {.plural = "findings",
          .fields = {{"check", Kind::text, "CHECK"},
                     {"result", Kind::text, "RESULT"},
                     {"error", Kind::text, "ERROR"},
                     {"detail", Kind::text, "DETAIL"},
                     {"comparison", Kind::list, ""}},
          .quiet = {"result"},
          .variables = {}};
}

Shape token_response_shape() {
  return {.plural = "tokens",
          .fields = {{"access_token", Kind::secret, ""},
                     {"token_type", Kind::text, ""},
                     {"expires_in", Kind::seconds, ""},
                     {"refresh_token", Kind::secret, ""},
                     {"scope", Kind::text, ""},
                     {"id_token", Kind::secret, ""}},
          .quiet = {"access_token"},
          .variables = {{"OAUTH2_TOKEN", "access_token"}, {"OAUTH2_REFRESH_TOKEN", "refresh_token"}}};
}

Shape audit_shape() {
  return {.plural = "audit entries",
          .fields = {{"id", Kind::number, "ID"},
                     {"created_at", Kind::time, "WHEN"},
                     {"actor", Kind::text, "ACTOR"},
                     {"action", Kind::text, "ACTION"},
                     {"object", Kind::text, "OBJECT"},
                     {"reason", Kind::text, "REASON"},
                     {"address", Kind::text, "ADDRESS"},
                     {"request_id", Kind::text, ""}},
          .quiet = {"id"},
          .variables = {}};
}

Shape init_shape() {
  return {.plural = "databases",
          .fields = {{"db", Kind::text, ""},
                     {"server_key", Kind::text, ""},
                     {"issuer", Kind::text, ""},
                     {"changed", Kind::flag, ""}},
          .quiet = {"db"},
          .variables = {}};
}

Shape database_shape() {
  return {.plural = "databases",
          .fields = {{"db", Kind::text, ""},
                     {"engine", Kind::text, ""},
                     {"path", Kind::text, ""},
                     {"size", Kind::bytes, ""},
                     {"journal_mode", Kind::text, ""},
                     {"schema_version", Kind::number, ""},
                     {"newest_version", Kind::number, ""},
                     {"pending", Kind::list, ""},
                     {"read_only", Kind::flag, ""}},
          .quiet = {"schema_version"},
          .variables = {}};
}

Shape migrated_shape() {
  return {.plural = "migrations",
          .fields = {{"db", Kind::text, ""},
                     {"schema_version", Kind::number, ""},
                     {"applied", Kind::list, ""},
                     {"changed", Kind::flag, ""}},
          .quiet = {"schema_version"},
          .variables = {}};
}

Shape problem_shape() {
  return {.plural = "problems",
          .fields = {{"problem", Kind::text, "PROBLEM"}},
          .quiet = {"problem"},
          .variables = {}};
}

Shape pruned_shape() {
  return {
      .plural = "tables",
      .fields = {{"table", Kind::text, "TABLE"}, {"rows", Kind::number, "ROWS"}, {"changed", Kind::flag, ""}},
      .quiet = {"rows"},
      .variables = {}};
}

Shape copied_shape() { return pruned_shape(); }

Shape setting_shape() {
  return {.plural = "settings",
          .fields = {{"name", Kind::text, "SETTING"},
                     {"value", Kind::text, "VALUE"},
                     {"source", Kind::text, "SOURCE"}},
          .quiet = {"name"},
          .variables = {}};
}

Shape version_shape() {
  return {
      .plural = "versions",
      .fields = {{"name", Kind::text, ""}, {"version", Kind::text, ""}, {"schema_version", Kind::number, ""}},
      .quiet = {"version"},
      .variables = {}};
}

}  // namespace oauth2::cli
