#include "tests/resource_server/served.h"

#include <map>
#include <nlohmann/json.hpp>

#include "core/crypto/base64url.h"
#include "core/crypto/hash.h"
#include "core/crypto/jwt.h"
#include "core/resource_server/resource_server.h"

namespace rs = oauth2::resource_server;
namespace crypto = oauth2::crypto;
using crypto::PrivateKey;
using crypto::SigningAlgorithm;
using nlohmann::json;

namespace {

const PrivateKey& key_of(SigningAlgorithm algorithm) {
  static const std::map<SigningAlgorithm, PrivateKey> keys = [] {
    std::map<SigningAlgorithm, PrivateKey> made;
    for (const auto one : {SigningAlgorithm::eddsa, SigningAlgorithm::es256, SigningAlgorithm::rs256})
      made.emplace(one, PrivateKey::generate(one));
    return made;
  }();
  return keys.at(algorithm);
}

json published(const PrivateKey& key) {
  json jwk = json::parse(crypto::canonical_json(key.public_jwk()));
  jwk["kid"] = key.kid();
  jwk["alg"] = crypto::name(key.algorithm());
  jwk["use"] = "sig";
  return jwk;
}

std::string signed_jwt(const PrivateKey& key, const json& header, const std::string& claims) {
  const std::string input = crypto::base64url(header.dump()) + "." + crypto::base64url(claims);
  return input + "." + crypto::base64url(key.sign(input));
}

// An issuer that publishes what the case wants.
class Issuer {
 public:
  std::atomic<int> fetches = 0;  // of the keys
  std::atomic<bool> down = false;
  json keys = json::array();
  json metadata;
  std::string content_type = "application/json";
  std::int64_t now = 1'000'000;

  Issuer() {
    metadata = {{"issuer", url()}, {"jwks_uri", url() + "/jwks"}};
    for (const auto one : {SigningAlgorithm::eddsa, SigningAlgorithm::es256, SigningAlgorithm::rs256})
      keys.push_back(published(key_of(one)));
  }

  std::string url() const { return served_.url(); }
  rs::JwtOptions options() {
    rs::JwtOptions options;
    options.issuer = url();
    options.resource = "https://api.example";
    options.pause = std::chrono::milliseconds(0);
    options.connect_timeout = options.timeout = std::chrono::seconds(30);
    options.clock = [this] { return now; };
    return options;
  }
  json header(SigningAlgorithm algorithm = SigningAlgorithm::eddsa) const {
    return {{"alg", crypto::name(algorithm)}, {"typ", "at+jwt"}, {"kid", key_of(algorithm).kid()}};
  }
  json claims() const {
    return {{"jti", "id1"},       {"iss", url()},     {"sub", "u1"}, {"aud", "https://api.example"},
            {"client_id", "app"}, {"exp", now + 100}, {"iat", now},  {"scope", "read write"}};
  }
  std::string token(const json& header, const json& claims,
                    SigningAlgorithm algorithm = SigningAlgorithm::eddsa) const {
    return signed_jwt(key_of(algorithm), header, claims.dump());
  }
  std::string token() const { return token(header(), claims()); }

 private:
  Served served_{[this](httplib::Server& server) {
    server.Get("/.well-known/oauth-authorization-server",
               [this](const httplib::Request&, httplib::Response& response) { say(metadata, response); });
    server.Get("/jwks", [this](const httplib::Request&, httplib::Response& response) {
      ++fetches;
      say({{"keys", keys}}, response);
    });
  }};

  void say(const json& document, httplib::Response& response) const {
    response.status = down ? 503 : 200;
    response.set_content(document.dump(), content_type);
  }
};

struct Checked {
  Issuer issuer;
  std::unique_ptr<rs::Validator> validator = rs::jwt(issuer.options());

  bool is_valid(const std::string& token) { return validator->validate(token).has_value(); }
  bool is_valid_with(const char* name, const json& value) {  // a claim
    json claims = issuer.claims();
    claims[name] = value;
    return is_valid(issuer.token(issuer.header(), claims));
  }
  bool is_valid_without(const char* name) {
    json claims = issuer.claims();
    claims.erase(name);
    return is_valid(issuer.token(issuer.header(), claims));
  }
  bool is_valid_with_header(const char* name, const json& value) {
    json header = issuer.header();
    header[name] = value;
    if (value.is_null()) header.erase(name);
    return is_valid(issuer.token(header, issuer.claims()));
  }
};

bool is_unavailable(const rs::Validator& validator, const std::string& token) {
  try {
    validator.validate(token);
    return false;
  } catch (const rs::Unavailable& error) {
    CHECK(std::string(error.what()).find(token.substr(0, 20)) == std::string::npos);
    return true;
  }
}

}  // namespace

TEST_CASE("a JWT access token becomes the token that handlers see") {
  Checked checked;
  const auto token = checked.validator->validate(checked.issuer.token());
  REQUIRE(token);
  CHECK(token->subject == "u1");
  CHECK(token->client == "app");
  CHECK(token->id == "id1");
  CHECK(token->kind == "access");
  CHECK(token->user.empty());
  CHECK(token->scopes == std::vector<std::string>{"read", "write"});
  CHECK(token->expires_at == 1'000'100);
  CHECK(token->audience == std::vector<std::string>{"https://api.example"});
  CHECK(checked.issuer.fetches == 1);
}

TEST_CASE("each of the three algorithms is checked, and all with one fetch of the keys") {
  Checked checked;
  for (const auto one : {SigningAlgorithm::eddsa, SigningAlgorithm::es256, SigningAlgorithm::rs256})
    CHECK(checked.is_valid(checked.issuer.token(checked.issuer.header(one), checked.issuer.claims(), one)));
  CHECK(checked.issuer.fetches == 1);
}

TEST_CASE("only what looks like a JWT is claimed") {
  Checked checked;
  CHECK(checked.validator->claims(checked.issuer.token()));
  CHECK(checked.validator->claims("a.b."));
  for (const char* token : {"o2a_opaque", "a.b", "a.b.c.d", ""})
    CHECK_FALSE(checked.validator->claims(token));
}

TEST_CASE("alg none, HS256 with a public key, and another algorithm than the key's are forgeries") {
  Checked checked;
  const std::string claims = crypto::base64url(checked.issuer.claims().dump());
  for (const char* alg : {"none", "None", "NONE", ""}) {
    json header = checked.issuer.header();
    header["alg"] = alg;
    CHECK_FALSE(checked.is_valid(crypto::base64url(header.dump()) + "." + claims + "."));
    CHECK_FALSE(checked.is_valid(
        signed_jwt(key_of(SigningAlgorithm::eddsa), header, checked.issuer.claims().dump())));
  }
  for (const auto one : {SigningAlgorithm::eddsa, SigningAlgorithm::rs256}) {
    const PrivateKey& key = key_of(one);
    json header = checked.issuer.header(one);
    header["alg"] = "HS256";
    const std::string input = crypto::base64url(header.dump()) + "." + claims;
    for (const std::string& secret : {key.public_key().pem(), key.public_jwk().x, key.public_jwk().n,
                                      crypto::canonical_json(key.public_jwk())}) {
      CHECK_FALSE(checked.is_valid(input + "." + crypto::base64url(crypto::hmac_sha256(secret, input))));
    }
  }
  json header = checked.issuer.header(SigningAlgorithm::es256);
  header["alg"] = "RS256";
  CHECK_FALSE(
      checked.is_valid(checked.issuer.token(header, checked.issuer.claims(), SigningAlgorithm::es256)));
  header = checked.issuer.header();
  header.erase("alg");
  CHECK_FALSE(checked.is_valid(checked.issuer.token(header, checked.issuer.claims())));
}

TEST_CASE("an algorithm that was not allowed is not taken, though its key is published") {
  Issuer issuer;
  auto options = issuer.options();
  options.algorithms = {"ES256"};
  const auto validator = rs::jwt(options);
  CHECK(validator->validate(
      issuer.token(issuer.header(SigningAlgorithm::es256), issuer.claims(), SigningAlgorithm::es256)));
  CHECK_FALSE(validator->validate(issuer.token()));
}

TEST_CASE("a JWT of another type is no access token") {
  Checked checked;
  CHECK(checked.is_valid_with_header("typ", "AT+JWT"));
  CHECK(checked.is_valid_with_header("typ", "application/at+jwt"));
  for (const json& typ :
       {json("JWT"), json("jwt"), json(""), json("at+jwt "), json("id_token+jwt"), json(1), json()}) {
    CAPTURE(typ.dump());
    CHECK_FALSE(checked.is_valid_with_header("typ", typ));
  }
}

TEST_CASE(
    "an extension that must be understood is refused, and keys that the header brings are not looked at") {
  Checked checked;
  CHECK_FALSE(checked.is_valid_with_header("crit", json::array({"exp"})));
  CHECK_FALSE(checked.is_valid_with_header("crit", json::array()));
  const PrivateKey foreign = PrivateKey::generate(SigningAlgorithm::eddsa);
  const int before = checked.issuer.fetches;
  json header = checked.issuer.header();
  header["jwk"] = published(foreign);
  header["jku"] = checked.issuer.url() + "/jwks";
  header["x5u"] = checked.issuer.url() + "/jwks";
  header["x5c"] = json::array({"AAAA"});
  CHECK_FALSE(checked.is_valid(signed_jwt(foreign, header, checked.issuer.claims().dump())));
  CHECK(checked.is_valid(checked.issuer.token(header, checked.issuer.claims())));
  CHECK(checked.issuer.fetches == before + 1);
}

TEST_CASE("every required claim is required, and of its type") {
  Checked checked;
  CHECK(checked.is_valid_without("scope"));
  for (const char* name : {"iss", "exp", "aud", "sub", "client_id", "iat", "jti"}) {
    CAPTURE(name);
    CHECK_FALSE(checked.is_valid_without(name));
    for (const json& wrong : {json(), json(true), json::object(), json::array({1}), json::array()})
      CHECK_FALSE(checked.is_valid_with(name, wrong));
    const bool is_time = std::string(name) == "exp" || std::string(name) == "iat";
    CHECK_FALSE(checked.is_valid_with(name, is_time ? json("1000100") : json(1'000'100)));
    CHECK_FALSE(checked.is_valid_with(name, ""));
  }
  CHECK_FALSE(checked.is_valid_with("scope", json::array({"read"})));
  CHECK_FALSE(checked.is_valid_with("scope", "a\"b"));
  CHECK_FALSE(checked.is_valid_with("nbf", "1"));
  CHECK_FALSE(checked.is_valid_with("exp", 1e300));
  CHECK_FALSE(checked.is_valid_with("cnf", json::object()));
}

TEST_CASE("a foreign issuer and a foreign audience are refused, exactly") {
  Checked checked;
  const std::string issuer = checked.issuer.url();
  for (const std::string& other : {issuer + "/", issuer + "x", std::string("https://evil.example")})
    CHECK_FALSE(checked.is_valid_with("iss", other));
  CHECK(checked.is_valid_with("aud", json::array({"https://other.example", "https://api.example"})));
  for (const json& other :
       {json("https://other.example"), json("https://api.example/"), json("HTTPS://api.example"),
        json::array({"https://other.example"}), json(issuer)})
    CHECK_FALSE(checked.is_valid_with("aud", other));
}

TEST_CASE(
    "an expired token, one from the future and one that does not count yet are refused, but for the leeway") {
  Checked checked;
  const std::int64_t now = checked.issuer.now;
  CHECK(checked.is_valid_with("exp", now - 29));
  CHECK(checked.is_valid_with("exp", now + 0.5));
  CHECK_FALSE(checked.is_valid_with("exp", now - 30));
  CHECK_FALSE(checked.is_valid_with("exp", 0));
  CHECK(checked.is_valid_with("iat", now + 30));
  CHECK_FALSE(checked.is_valid_with("iat", now + 31));
  CHECK(checked.is_valid_with("nbf", now + 30));
  CHECK_FALSE(checked.is_valid_with("nbf", now + 31));
}

TEST_CASE("a token that was truncated, extended or changed is refused") {
  Checked checked;
  const std::string token = checked.issuer.token();
  REQUIRE(checked.is_valid(token));
  CHECK_FALSE(checked.is_valid(token.substr(0, token.size() - 1)));
  CHECK_FALSE(checked.is_valid(token + "A"));
  CHECK_FALSE(checked.is_valid(token + "="));
  CHECK_FALSE(checked.is_valid(token.substr(0, token.rfind('.') + 1)));
  const auto dot = token.find('.');
  for (const std::size_t place : {dot - 5, dot + 30, token.rfind('.') + 30}) {
    std::string changed = token;
    changed[place] = changed[place] == 'A' ? 'B' : 'A';
    CHECK_FALSE(checked.is_valid(changed));
  }
  json claims = checked.issuer.claims();
  claims["scope"] = "read write admin";
  const std::string other = crypto::base64url(claims.dump());
  CHECK_FALSE(checked.is_valid(token.substr(0, dot + 1) + other + token.substr(token.rfind('.'))));
}

TEST_CASE("a token that the issuer's key did not sign is refused, whatever kid it names") {
  Checked checked;
  const PrivateKey foreign = PrivateKey::generate(SigningAlgorithm::eddsa);
  CHECK_FALSE(checked.is_valid(signed_jwt(foreign, checked.issuer.header(), checked.issuer.claims().dump())));
  CHECK_FALSE(checked.is_valid_with_header("kid", key_of(SigningAlgorithm::es256).kid()));
  CHECK_FALSE(checked.is_valid_with_header("kid", json()));
  CHECK_FALSE(checked.is_valid_with_header("kid", 7));
}

TEST_CASE("header and claims with a member twice, or that are no objects, are refused") {
  Checked checked;
  const PrivateKey& key = key_of(SigningAlgorithm::eddsa);
  std::string claims = checked.issuer.claims().dump();
  CHECK(checked.is_valid(signed_jwt(key, checked.issuer.header(), claims)));
  CHECK_FALSE(checked.is_valid(signed_jwt(key, checked.issuer.header(), "[" + claims + "]")));
  CHECK_FALSE(checked.is_valid(signed_jwt(key, checked.issuer.header(), claims + "x")));
  claims.insert(1, R"("sub":"u2",)");
  CHECK_FALSE(checked.is_valid(signed_jwt(key, checked.issuer.header(), claims)));
}

TEST_CASE("a rotated key is found at once, and one that is no longer published signs nothing") {
  Issuer issuer;
  auto options = issuer.options();
  options.pause = std::chrono::hours(1);
  const auto validator = rs::jwt(options);
  REQUIRE(validator->validate(issuer.token()));
  const PrivateKey next = PrivateKey::generate(SigningAlgorithm::eddsa);
  json header = issuer.header();
  header["kid"] = next.kid();
  const std::string token = signed_jwt(next, header, issuer.claims().dump());
  issuer.keys = json::array({published(next)});
  CHECK(validator->validate(token));
  CHECK(issuer.fetches == 2);
  CHECK_FALSE(validator->validate(issuer.token()));
}

TEST_CASE("unknown keys cost the issuer one fetch in a while, however many tokens name them") {
  Issuer issuer;
  auto options = issuer.options();
  options.pause = std::chrono::hours(1);
  const auto validator = rs::jwt(options);
  for (int i = 0; i < 20; ++i) {
    json header = issuer.header();
    header["kid"] = "unknown" + std::to_string(i);
    CHECK_FALSE(validator->validate(issuer.token(header, issuer.claims())));
  }
  CHECK(issuer.fetches <= 2);
  CHECK(validator->validate(issuer.token()));
}

TEST_CASE("many threads at once fetch the keys once") {
  Issuer issuer;
  const auto validator = rs::jwt(issuer.options());
  const std::string token = issuer.token();
  std::vector<std::thread> threads;
  std::atomic<int> valid = 0;
  for (int i = 0; i < 8; ++i) threads.emplace_back([&] { valid += validator->validate(token).has_value(); });
  for (std::thread& thread : threads) thread.join();
  CHECK(valid == 8);
  CHECK(issuer.fetches == 1);
}

TEST_CASE("while the issuer is down, known keys still count for a while, unknown ones are 503") {
  Issuer issuer;
  auto options = issuer.options();
  options.refresh = std::chrono::seconds(0);
  const auto validator = rs::jwt(options);
  issuer.down = true;
  CHECK(is_unavailable(*validator, issuer.token()));
  issuer.down = false;
  CHECK(validator->validate(issuer.token()));
  issuer.down = true;
  CHECK(validator->validate(issuer.token()));
  json header = issuer.header();
  header["kid"] = "unknown";
  CHECK(is_unavailable(*validator, issuer.token(header, issuer.claims())));
  options.keep = std::chrono::seconds(0);
  CHECK(is_unavailable(*rs::jwt(options), issuer.token()));
}

TEST_CASE("keys are fetched again when they are old") {
  Issuer issuer;
  auto options = issuer.options();
  options.refresh = std::chrono::seconds(0);
  const auto validator = rs::jwt(options);
  CHECK(validator->validate(issuer.token()));
  issuer.keys = json::array();
  CHECK_FALSE(validator->validate(issuer.token()));
}

TEST_CASE("metadata of another issuer, without jwks_uri or with a forbidden one gives no keys") {
  Issuer issuer;
  const auto fails = [&] { return is_unavailable(*rs::jwt(issuer.options()), issuer.token()); };
  CHECK_FALSE(fails());
  issuer.metadata["issuer"] = "https://evil.example";
  CHECK(fails());
  issuer.metadata = {{"issuer", issuer.url()}};
  CHECK(fails());
  issuer.metadata["jwks_uri"] = "http://192.0.2.1/jwks";
  CHECK(fails());
  issuer.metadata["jwks_uri"] = 7;
  CHECK(fails());
  auto options = issuer.options();
  options.jwks_uri = issuer.url() + "/jwks";
  CHECK(rs::jwt(options)->validate(issuer.token()));
}

TEST_CASE("of published keys those count that are for signatures and well-formed; the others harm nothing") {
  Issuer issuer;
  const json good = published(key_of(SigningAlgorithm::eddsa));
  const auto valid_with = [&](const char* name, const json& value) {
    json key = good;
    key[name] = value;
    if (value.is_null()) key.erase(name);
    issuer.keys = json::array({json{{"kty", "oct"}, {"k", "AAAA"}, {"kid", "x"}}, json{{"kty", 7}}, key});
    return rs::jwt(issuer.options())->validate(issuer.token()).has_value();
  };
  CHECK(valid_with("use", "sig"));
  CHECK(valid_with("use", json()));
  CHECK(valid_with("alg", json()));
  CHECK(valid_with("key_ops", json::array({"verify"})));
  CHECK_FALSE(valid_with("use", "enc"));
  CHECK_FALSE(valid_with("key_ops", json::array({"encrypt"})));
  CHECK_FALSE(valid_with("alg", "ES256"));
  CHECK_FALSE(valid_with("alg", "HS256"));
  CHECK_FALSE(valid_with("kid", json()));
  CHECK_FALSE(valid_with("x", "AAAA"));
  issuer.content_type = "text/plain";
  CHECK(is_unavailable(*rs::jwt(issuer.options()), issuer.token()));
}

TEST_CASE("options that cannot be are refused when the JWT validator is made") {
  Issuer issuer;
  const auto refused = [&](auto&& change) {
    auto options = issuer.options();
    change(options);
    CHECK_THROWS_AS(rs::jwt(options), std::invalid_argument);
  };
  refused([](rs::JwtOptions& options) { options.issuer = ""; });
  refused([](rs::JwtOptions& options) { options.issuer = "http://as.example"; });
  refused([](rs::JwtOptions& options) { options.resource = ""; });
  refused([](rs::JwtOptions& options) { options.jwks_uri = "ftp://as.example"; });
  refused([](rs::JwtOptions& options) { options.algorithms = {}; });
  refused([](rs::JwtOptions& options) { options.algorithms = {"EdDSA", "none"}; });
  refused([](rs::JwtOptions& options) { options.algorithms = {"HS256"}; });
}
