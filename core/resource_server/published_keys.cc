#include "core/resource_server/published_keys.h"

#include <algorithm>

#include "core/resource_server/remote.h"

namespace oauth2::resource_server {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t most_keys = 100;
constexpr std::size_t most_answer_bytes = 262'144;

// By its type, where the key does not say (RFC 7518 section 6.1, RFC 8037 section 2).
std::optional<crypto::SigningAlgorithm> algorithm_of(const JsonDocument& jwk) {
  if (const auto alg = jwk.text("alg")) return crypto::find_signing_algorithm(*alg);
  const std::string type = jwk.text("kty").value_or("");
  if (type == "OKP") return crypto::SigningAlgorithm::eddsa;
  if (type == "EC") return crypto::SigningAlgorithm::es256;
  if (type == "RSA") return crypto::SigningAlgorithm::rs256;
  return std::nullopt;
}

bool is_for_signatures(const JsonDocument& jwk) {
  const auto acts = jwk.texts("key_ops");
  return jwk.text("use").value_or("sig") == "sig" &&
         (!acts || std::find(acts->begin(), acts->end(), "verify") != acts->end());
}

std::optional<PublishedKey> read_key(const JsonDocument& jwk) {
  const auto kid = jwk.text("kid");
  const auto algorithm = algorithm_of(jwk);
  if (!kid || kid->empty() || !algorithm || !is_for_signatures(jwk)) return std::nullopt;
  const auto member = [&](const char* name) { return jwk.text(name).value_or(""); };
  const crypto::Jwk parts{member("kty"), member("crv"), member("x"), member("y"), member("n"), member("e")};
  auto key = crypto::PublicKey::from(parts, *algorithm);
  if (!key) return std::nullopt;
  return PublishedKey{*kid, std::move(*key)};
}

// RFC 8414 section 3: between the issuer's host and its path.
std::string metadata_url(const std::string& issuer) {
  const fetch::Url url = fetch::parse_url(issuer);
  const std::string path = url.path.ends_with('/') ? url.path.substr(0, url.path.size() - 1) : url.path;
  return url.origin() + "/.well-known/oauth-authorization-server" + path;
}

}  // namespace

std::vector<PublishedKey> read_keys(const JsonDocument& jwks) {
  const auto all = jwks.objects("keys");
  if (all.size() > most_keys) throw WrongMember("keys", "is too long");
  std::vector<PublishedKey> keys;
  for (const JsonDocument& jwk : all) {
    try {
      if (auto key = read_key(jwk)) keys.push_back(std::move(*key));
    } catch (const WrongMember&) {
      // As with a key of an unknown type: the others still count.
    }
  }
  return keys;
}

PublishedKeys::PublishedKeys(const JwtOptions& options) : options_(options) {}

bool PublishedKeys::has(std::string_view kid) const {
  return std::any_of(keys_.begin(), keys_.end(), [&](const PublishedKey& one) { return one.kid == kid; });
}

bool PublishedKeys::is_time_to_fetch(std::string_view kid, Time now) {
  if (failed_at_ && now - *failed_at_ < options_.pause) return false;
  if (!fetched_at_ || now - *fetched_at_ >= options_.refresh) return true;
  if (has(kid) || (asked_for_unknown_at_ && now - *asked_for_unknown_at_ < options_.pause)) return false;
  asked_for_unknown_at_ = now;
  return true;
}

std::optional<crypto::PublicKey> PublishedKeys::find(std::string_view kid,
                                                     crypto::SigningAlgorithm algorithm) {
  std::unique_lock lock(mutex_);
  const auto too_old = [&] { return !fetched_at_ || steady_clock::now() - *fetched_at_ >= options_.keep; };
  if (fetching_ && (too_old() || !has(kid))) {
    const std::uint64_t before = fetches_;
    fetched_.wait(lock, [&] { return fetches_ != before; });
  } else if (!fetching_ && is_time_to_fetch(kid, steady_clock::now())) {
    fetch(lock);
  }
  if (too_old() || (failed_at_ && !has(kid))) throw Unavailable(failure_);
  for (const PublishedKey& one : keys_) {
    if (one.kid == kid && one.key.algorithm() == algorithm) return one.key;
  }
  return std::nullopt;
}

void PublishedKeys::fetch(std::unique_lock<std::mutex>& lock) {
  fetching_ = true;
  lock.unlock();
  std::optional<std::vector<PublishedKey>> keys;
  std::string failure = "the issuer's keys cannot be fetched";
  try {
    keys = fetch_keys();
  } catch (const std::exception& error) {
    failure = error.what();
  }
  lock.lock();
  fetching_ = false;  // first: whatever goes wrong, nobody waits for ever
  ++fetches_;
  fetched_.notify_all();
  const Time now = steady_clock::now();
  if (keys) {
    keys_ = std::move(*keys);
    fetched_at_ = now;
    failed_at_.reset();
  } else {
    failed_at_ = now;
    failure_ = std::move(failure);
  }
}

std::vector<PublishedKey> PublishedKeys::fetch_keys() {
  std::string url = options_.jwks_uri;
  if (url.empty()) {
    const JsonDocument metadata = get(metadata_url(options_.issuer), "the issuer's metadata");
    // Or another's keys would count as the issuer's (RFC 8414 section 3.3).
    if (metadata.text("issuer") != options_.issuer)
      throw Unavailable("the issuer's metadata names another issuer");
    url = metadata.text("jwks_uri").value_or("");
    if (url.empty()) throw Unavailable("the issuer's metadata has no jwks_uri");
  }
  return read_keys(get(url, "the issuer's keys"));
}

JsonDocument PublishedKeys::get(const std::string& url, const char* what) {
  fetch::Request request;
  request.url = url;
  request.fields = {{"Accept", "application/json"}};
  request.connect_timeout = options_.connect_timeout;
  request.timeout = options_.timeout;
  request.most_body_bytes = most_answer_bytes;
  request.ca_file = options_.ca_file;
  Pause none{std::chrono::milliseconds(0)};
  return fetch_document(connections_, request, what, none);
}

}  // namespace oauth2::resource_server
