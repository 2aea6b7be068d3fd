#include "core/protocol/client_auth.h"

#include <string_view>

#include "core/crypto/base64url.h"
#include "core/crypto/hash.h"
#include "core/protocol/error.h"
#include "core/store/clients.h"
#include "core/text.h"

namespace oauth2::protocol {
namespace {

using Method = ClientClaim::Method;

constexpr std::string_view method_names[] = {"", "none", "client_secret_basic", "client_secret_post"};

// Whoever names no client learns nothing of any by being told so.
constexpr ErrorCode unnamed{invalid_client.name, invalid_client.status, true};

// The reason goes to the log only: to the client, all failures of one that it names look alike.
[[noreturn]] void refuse(const char* reason) { throw Error(invalid_client, reason); }

ClientClaim read_basic(std::string_view header) {
  const auto blank = header.find(' ');
  if (text::lower(header.substr(0, blank)) != "basic" || blank == std::string_view::npos) {
    refuse("the Authorization header is not Basic");
  }
  const auto decoded = crypto::base64_decode(text::trim(header.substr(blank)));
  const auto colon = decoded ? decoded->find(':') : std::string::npos;
  if (colon == std::string::npos) refuse("the Basic credentials are malformed");
  const auto id = form_decode(std::string_view(*decoded).substr(0, colon));
  const auto secret = form_decode(std::string_view(*decoded).substr(colon + 1));
  if (!id || !secret || id->empty()) refuse("the Basic credentials are malformed");
  return {secret->empty() ? Method::none : Method::client_secret_basic, *id, *secret, {}};
}

struct Judgement {
  const char* failure = nullptr;  // why the claim fails
  store::Client client;           // when it does not
};

// Always reads the same and compares a hash, so that an unknown client takes as long as a wrong secret.
Judgement judge(const ClientClaim& claim, const LoadCredentials& load) {
  const std::string& hash = claim.secret_hash;
  auto credentials = load();
  bool secret_is_right = crypto::equal_in_constant_time(hash, std::string(hash.size(), '.'));
  if (!credentials) return {"the client is unknown", {}};
  for (const std::string& live : credentials->live_secret_hashes) {
    secret_is_right |= crypto::equal_in_constant_time(live, hash);
  }
  const std::string& registered = credentials->client.token_endpoint_auth_method;
  if (registered != method_names[static_cast<int>(claim.method)]) {
    return {registered == "none" ? "a public client presented a secret"
                                 : "not the method the client is registered for",
            {}};
  }
  if (registered != "none" && !secret_is_right) return {"the client's secret is wrong", {}};
  if (credentials->client.is_disabled()) return {"the client or its owner is disabled", {}};
  return {nullptr, std::move(credentials->client)};
}

ClientClaim read_claim(const std::optional<std::string>& authorization, const Params& form) {
  const auto id = form.find("client_id");
  const auto secret = form.find("client_secret");
  if (authorization) {
    ClientClaim claim = read_basic(*authorization);
    if (secret) throw Error(invalid_request, "two client authentication methods at once");
    if (id && *id != claim.client_id) {
      throw Error(invalid_request, "client_id is not that of the Authorization header");
    }
    return claim;
  }
  if (!id && secret) throw Error(invalid_request, "client_id is missing");
  if (!id) return {};
  return {secret ? Method::client_secret_post : Method::none, *id, secret.value_or(""), {}};
}

}  // namespace

ClientClaim read_client_claim(const std::optional<std::string>& authorization, const Params& form) {
  ClientClaim claim = read_claim(authorization, form);
  claim.secret_hash = crypto::sha256_base64url(claim.client_secret);
  return claim;
}

store::Client authenticate_client(const Context& context, const ClientClaim& claim,
                                  const LoadCredentials& load) {
  if (claim.method == Method::absent)
    throw Error(unnamed, "the request names no client: client_id is missing");
  const std::string key = claim.client_id + '\n' + context.address;
  if (const auto seconds = context.limits.failures.wait(key, context.steady_ms)) {
    throw Error(too_many_requests, "too many failed client authentications", seconds);
  }
  Judgement judgement = judge(claim, load);
  if (judgement.failure) {
    context.limits.failures.spend(key, context.steady_ms);
    refuse(judgement.failure);
  }
  if (context.client_id_for_log) *context.client_id_for_log = judgement.client.id;
  return std::move(judgement.client);
}

store::Client authenticate_client(const Context& context, db::Connection& connection,
                                  const ClientClaim& claim) {
  return authenticate_client(context, claim, [&] {
    return store::find_client_credentials(connection, claim.client_id, context.now);
  });
}

store::Client authenticate_confidential_client(const Context& context, const ClientClaim& claim,
                                               const LoadCredentials& load) {
  store::Client client = authenticate_client(context, claim, load);
  if (client.is_public()) refuse("the endpoint is for confidential clients");
  return client;
}

std::string secret_hash_of(const ClientClaim& claim) {
  return claim.client_secret.empty() ? "" : claim.secret_hash;
}

}  // namespace oauth2::protocol
