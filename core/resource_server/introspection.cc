#include <fmt/format.h>

#include <algorithm>

#include "core/crypto/base64url.h"
#include "core/crypto/hash.h"
#include "core/protocol/params.h"
#include "core/resource_server/remote.h"
#include "core/resource_server/resource_server.h"
#include "core/resource_server/token_cache.h"
#include "core/text.h"

namespace oauth2::resource_server {
namespace {

constexpr std::size_t most_answer_bytes = 65'536;

class Introspection : public Validator {
 public:
  explicit Introspection(IntrospectionOptions options)
      : options_(std::move(options)),
        clock_(clock_or_system(options_.clock)),
        what_("introspection at " + fetch::parse_url(options_.endpoint).origin()),
        cache_(options_.cache_entries),
        pause_(options_.pause) {}

  std::string kind() const override { return "introspection"; }
  bool claims(std::string_view) const override { return true; }
  bool claims_everything() const override { return true; }

  std::optional<Token> validate(std::string_view token) const override {
    const std::string hash = crypto::sha256(token);
    const std::int64_t now = clock_();
    if (auto known = cache_.find(hash, now)) return std::move(*known);
    const auto valid = judge(ask(token), now);
    const std::int64_t until = now + (valid ? options_.cache : options_.negative_cache).count();
    cache_.keep(hash, valid, valid && valid->expires_at ? std::min(until, *valid->expires_at) : until);
    return valid;
  }

 private:
  JsonDocument ask(std::string_view token) const;
  std::optional<Token> judge(const JsonDocument& document, std::int64_t now) const;
  std::optional<Token> read(const JsonDocument& document, std::int64_t now) const;

  const IntrospectionOptions options_;
  const Clock clock_;
  const std::string what_;
  mutable fetch::KeptConnections connections_{16};
  mutable TokenCache cache_;
  mutable Pause pause_;
};

JsonDocument Introspection::ask(std::string_view token) const {
  if (pause_.is_on()) throw Unavailable(what_ + ": it could not be reached a moment ago");
  const std::string credentials =
      protocol::form_encode(options_.client_id) + ":" + protocol::form_encode(options_.client_secret);
  fetch::Request request;
  request.method = "POST";
  request.url = options_.endpoint;
  request.fields = {{"Authorization", "Basic " + crypto::base64(credentials)},
                    {"Content-Type", "application/x-www-form-urlencoded"},
                    {"Accept", "application/json"}};
  request.body = "token=" + protocol::form_encode(token) + "&token_type_hint=access_token";
  request.connect_timeout = options_.connect_timeout;
  request.timeout = options_.timeout;
  request.most_body_bytes = most_answer_bytes;
  request.ca_file = options_.ca_file;
  return fetch_document(connections_, request, what_, pause_);
}

// Whoever does not say clearly that the token is active or that it is not has said nothing.
std::optional<Token> Introspection::judge(const JsonDocument& document, std::int64_t now) const {
  try {
    const auto active = document.flag("active");
    if (!active) throw WrongMember("active", "is missing");
    return *active ? read(document, now) : std::nullopt;
  } catch (const WrongMember& wrong) {
    throw Unavailable(what_ + ": " + wrong.what());
  }
}

// RFC 7662 section 2.2. The server has judged; what it says is held against it all the same.
std::optional<Token> Introspection::read(const JsonDocument& document, std::int64_t now) const {
  Token token;
  token.expires_at = document.time("exp");
  if (!token.expires_at && document.names("exp")) throw WrongMember("exp", "is no time");
  token.audience = document.texts("aud").value_or(std::vector<std::string>());
  token.scopes = scopes_of(document);
  token.kind = document.text("token_kind").value_or("access");
  token.subject = document.text("sub").value_or("");
  token.user = document.text("username").value_or("");
  token.client = document.text("client_id").value_or("");
  token.id = document.text("jti").value_or("");
  const auto issuer = document.text("iss");
  const std::string type = text::lower(document.text("token_type").value_or("bearer"));
  const bool in_time = (!token.expires_at || *token.expires_at > now) &&
                       document.time("nbf").value_or(0) <= now + options_.leeway.count();
  const bool for_us = options_.resource.empty() || std::find(token.audience.begin(), token.audience.end(),
                                                             options_.resource) != token.audience.end();
  const bool from_whom = options_.issuer.empty() || issuer == options_.issuer;
  // Bound to a key (RFC 7800), it needs a proof that no bearer brings; a refresh token is for no API.
  const bool is_bearer = type == "bearer" && !document.names("cnf") && token.kind != "refresh";
  if (!in_time || !for_us || !from_whom || !is_bearer) return std::nullopt;
  return token;
}

}  // namespace

std::unique_ptr<Validator> introspection(IntrospectionOptions options) {
  require_allowed_url("endpoint", options.endpoint);
  if (options.client_id.empty()) throw std::invalid_argument("client_id is missing");
  return std::make_unique<Introspection>(std::move(options));
}

}  // namespace oauth2::resource_server
