#include "core/protocol/stored_request.h"

#include <algorithm>

#include "core/crypto/hash.h"
#include "core/crypto/random.h"
#include "core/json_text.h"
#include "core/protocol/client_auth.h"

namespace oauth2::protocol {
namespace {

constexpr std::string_view urn = "urn:ietf:params:oauth:request_uri:";
constexpr std::size_t request_id_size = 43;  // base62: 256 bits

// What an authorization request may say (RFC 6749, 7636, 8707, 9101). Nothing else is stored, and no
// client_secret that a careless client put there.
Params meaningful(const Params& params) {
  return params.only({"response_type", "client_id", "redirect_uri", "scope", "state", "response_mode",
                      "code_challenge", "code_challenge_method", "resource", "request", "request_uri"});
}

std::variant<RequestSource, Stale> usable(const Context& context, db::Connection& connection,
                                          const std::optional<store::AuthorizationRequest>& stored) {
  if (const auto stale = staleness(context, connection, stored)) return *stale;
  return RequestSource{Params::parse_noting_repeats(stored->parameters), stored->pushed,
                       stored->source_hash ? stored->source_hash : stored->request_hash, stored->expires_at};
}

// RFC 9126 section 4: client_id says whose it is; whatever else is sent beside it does not count.
std::variant<RequestSource, Stale> find_pushed(const Context& context, db::Connection& connection,
                                               const Params& params, std::string_view request_uri) {
  const auto stored =
      store::find_authorization_request(connection, request_hash_of(request_uri.substr(urn.size())));
  if (!stored || !stored->pushed || stored->source_hash) return Stale::unknown;
  if (params.find("client_id") != stored->client_id || params.is_repeated("client_id"))
    throw UntrustedRequest({invalid_request, "client_id is not that of the pushed request"},
                           UntrustedRequest::What::request);
  auto found = usable(context, connection, stored);
  // Once the user reads it, it is as any other: only until then it must be quick (RFC 9126 section 2.2).
  if (auto* source = std::get_if<RequestSource>(&found)) source->expires_at.reset();
  return found;
}

void insert(const Context& context, db::Connection& connection, std::string_view request_id,
            store::AuthorizationRequest request, std::int64_t seconds) {
  request.request_hash = request_hash_of(request_id);
  request.created_at = context.now;
  request.expires_at = context.now + seconds;
  store::insert_authorization_request(connection, request);
}

// The client's errors come at once, as JSON, and not later in a browser (RFC 9126 section 2.3).
void require_pushable(const Context& context, const store::Client& client, const Params& form) {
  if (form.has("request_uri")) throw Error(invalid_request, "request_uri cannot be pushed");
  const Params own = meaningful(form).with("client_id", client.id);
  context.db.read_latest([&](db::Connection& connection) {
    return require_authorization_request(context, connection, own, true).scope.size();
  });
}

}  // namespace

std::string request_hash_of(std::string_view request_id) { return crypto::sha256_base64url(request_id); }

std::optional<Stale> staleness(const Context& context, db::Connection& connection,
                               const std::optional<store::AuthorizationRequest>& stored) {
  if (!stored) return Stale::unknown;
  if (stored->used_at) return Stale::answered;
  if (stored->expires_at <= context.now) return Stale::expired;
  if (!stored->source_hash) return std::nullopt;
  const auto source = store::find_authorization_request(connection, *stored->source_hash);
  if (!source) return Stale::unknown;
  return source->used_at ? std::optional(Stale::answered) : std::nullopt;
}

std::variant<RequestSource, Stale> find_source(const Context& context, db::Connection& connection,
                                               const Params& params) {
  require_sent_once(params, {"request_id", "request_uri"});
  const auto request_id = params.find("request_id");
  if (request_id && !params.has("client_id")) {
    const auto stored = store::find_authorization_request(connection, request_hash_of(*request_id));
    if (stored && stored->pushed && !stored->source_hash)
      return Stale::unknown;  // has a URN, and a client_id
    return usable(context, connection, stored);
  }
  const auto request_uri = params.find("request_uri");
  if (request_uri && request_uri->starts_with(urn))
    return find_pushed(context, connection, params, *request_uri);
  return RequestSource{meaningful(params), false, std::nullopt, std::nullopt};
}

std::string store_request(const Context& context, db::Connection& connection, std::string_view client_id,
                          const RequestSource& source, const std::optional<std::string>& session_id) {
  std::string request_id = crypto::random_base62(request_id_size);
  store::AuthorizationRequest request;
  request.client_id = client_id;
  request.session_id = session_id;
  request.parameters = source.params.encode();
  request.pushed = source.pushed;
  request.source_hash = source.hash;
  const std::int64_t left = source.expires_at.value_or(context.now + stored_request_seconds) - context.now;
  insert(context, connection, request_id, request, std::min(left, stored_request_seconds));
  return request_id;
}

Answer push_request(const Context& context, const Params& form,
                    const std::optional<std::string>& authorization) {
  const ClientClaim claim = read_client_claim(authorization, form);
  const store::Client client = context.db.read_latest(
      [&](db::Connection& connection) { return authenticate_client(context, connection, claim); });
  spend_limit(context, context.limits.par, client.id, "too many pushed requests");
  require_pushable(context, client, form);
  store::AuthorizationRequest request;
  request.client_id = client.id;
  request.pushed = true;
  request.parameters = meaningful(form).with("client_id", client.id).encode();
  const std::string reference = crypto::random_base62(request_id_size);
  context.db.write([&](db::Connection& connection) {
    insert(context, connection, reference, request, pushed_request_seconds);
  });
  JsonText document;
  document.member("request_uri", std::string(urn) + reference);
  document.member("expires_in", pushed_request_seconds);
  return {document.take(), 201};
}

}  // namespace oauth2::protocol
