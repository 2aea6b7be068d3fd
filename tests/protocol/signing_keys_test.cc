#include "core/protocol/signing_keys.h"

#include <atomic>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>
#include <vector>

#include "core/crypto/base64url.h"
#include "core/crypto/seal.h"
#include "core/protocol/key_seal.h"
#include "core/server_key.h"
#include "core/store/audit.h"
#include "tests/admin/key_fixture.h"

using namespace oauth2;

TEST_CASE_FIXTURE(KeyFixture, "a key is made when it is first needed, and is the same from then on") {
  CHECK(rows().empty());
  CHECK(jwks() == R"({"keys":[]})");
  const auto key = protocol::require_signing_key(server(), std::nullopt);
  CHECK(key.key.algorithm() == crypto::SigningAlgorithm::eddsa);
  CHECK(key.kid == key.key.kid());
  CHECK(kid_for(std::nullopt) == key.kid);
  CHECK(kid_for("EdDSA") == key.kid);
  protocol::SigningKeys of_another_process;
  const auto again = protocol::require_signing_key(server(of_another_process), std::nullopt);
  CHECK(again.kid == key.kid);
  CHECK(key.key.public_key().verify("message", again.key.sign("message")));
  CHECK(kid_for("ES256") != key.kid);
  CHECK(rows().size() == 2);
  CHECK_THROWS(kid_for("HS256"));
  CHECK(rows().size() == 2);
}

TEST_CASE_FIXTURE(KeyFixture, "a server always has the deployment's algorithm and RS256") {
  protocol::prepare_signing_keys(server());
  std::set<std::string> algorithms;
  for (const auto& key : rows()) algorithms.insert(key.algorithm);
  CHECK(algorithms == std::set<std::string>{"EdDSA", "RS256"});
  protocol::prepare_signing_keys(server());
  CHECK(rows().size() == 2);
}

TEST_CASE_FIXTURE(KeyFixture, "of many that need the first key at once, one makes it and all get it") {
  std::set<std::string> kids;
  std::mutex mutex;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      protocol::SigningKeys own;  // as many processes as threads
      const std::string kid = protocol::require_signing_key(server(own), "ES256").kid;
      const std::lock_guard lock(mutex);
      kids.insert(kid);
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(kids.size() == 1);
  CHECK(rows().size() == 1);
}

TEST_CASE_FIXTURE(KeyFixture, "a rotation by another process is obeyed at the next request") {
  const std::string before = kid_for(std::nullopt);
  const std::string after = admin::rotate_key(admin(), std::nullopt, std::nullopt).key.kid;
  CHECK(after != before);
  CHECK(kid_for(std::nullopt) == after);
  const std::string es256 = admin::rotate_key(admin(), "ES256", std::nullopt).key.kid;
  CHECK(kid_for(std::nullopt) == es256);
  CHECK(kid_for("EdDSA") == after);  // of clients that asked for it
}

TEST_CASE_FIXTURE(KeyFixture, "JWKS has public members alone, a kid for each, use and alg") {
  for (const char* algorithm : {"EdDSA", "ES256", "RS256"}) kid_for(algorithm);
  const auto document = nlohmann::json::parse(jwks());
  CHECK(document.size() == 1);
  const std::set<std::string> allowed = {"kty", "crv", "x", "y", "n", "e", "use", "alg", "kid"};
  std::set<std::string> kids;
  for (const auto& jwk : document["keys"]) {
    for (const auto& [name, value] : jwk.items()) CHECK(allowed.count(name) == 1);
    CHECK(jwk["use"] == "sig");
    kids.insert(jwk["kid"].get<std::string>());
    const auto key = protocol::require_signing_key(server(), jwk["alg"].get<std::string>());
    CHECK(jwk["kid"] == key.kid);
    const auto member = [&](const char* name) { return jwk.value(name, ""); };
    const crypto::Jwk read = {member("kty"), member("crv"), member("x"),
                              member("y"),   member("n"),   member("e")};
    CHECK(crypto::thumbprint(read) == key.kid);
    CHECK(crypto::PublicKey::from(read, key.key.algorithm())->verify("message", key.key.sign("message")));
  }
  CHECK(kids.size() == 3);
}

TEST_CASE_FIXTURE(KeyFixture, "a private key lies sealed, bound to its kid and to the server's key") {
  const auto key = protocol::require_signing_key(server(), std::nullopt);
  store::SigningKey row = rows().front();
  CHECK(protocol::is_sealed(row));
  const std::string pkcs8 = key.key.pkcs8();
  const std::string text = row.private_sealed.substr(row.private_sealed.find(':') + 1);
  CHECK(crypto::base64url_decode(text).value().find(pkcs8.substr(pkcs8.size() - 32)) == std::string::npos);
  const auto sealing_key = protocol::find_sealing_key(settings, *database);
  CHECK(crypto::open(*sealing_key, text, "signing_keys/" + key.kid) == pkcs8);
  CHECK(protocol::open_private_key(row, sealing_key).kid() == key.kid);
  CHECK_THROWS_AS(protocol::open_private_key(row, std::nullopt), protocol::CannotOpen);
  const std::string other(32, 'x');
  CHECK_THROWS_AS(protocol::open_private_key(row, protocol::derive_sealing_key(other)), protocol::CannotOpen);
  row.kid = "another";
  CHECK_THROWS_AS(protocol::open_private_key(row, sealing_key), protocol::CannotOpen);
}

TEST_CASE_FIXTURE(KeyFixture, "a key that stands in another's row signs nothing") {
  const auto sealing_key = protocol::find_sealing_key(settings, *database);
  const auto key = protocol::make_private_key(crypto::SigningAlgorithm::es256);
  store::SigningKey row = protocol::signing_key_row(key, sealing_key, now);
  row.private_sealed = protocol::seal_private_key(protocol::make_private_key(crypto::SigningAlgorithm::es256),
                                                  row.kid, sealing_key);
  CHECK_THROWS_AS(protocol::open_private_key(row, sealing_key), protocol::CannotOpen);
  row.private_sealed = protocol::seal_private_key(key, row.kid, std::nullopt);
  CHECK_FALSE(protocol::is_sealed(row));
  CHECK(protocol::open_private_key(row, sealing_key).kid() == key.kid());
  row.algorithm = "EdDSA";
  CHECK_THROWS_AS(protocol::open_private_key(row, sealing_key), protocol::CannotOpen);
}

TEST_CASE_FIXTURE(KeyFixture, "without the server's key no key is made, and none that is sealed opens") {
  std::filesystem::permissions(key_path(), std::filesystem::perms(0644));
  CHECK_THROWS_AS(kid_for(std::nullopt), ServerKeyError);
  CHECK(rows().empty());
  std::filesystem::permissions(key_path(), std::filesystem::perms(0600));
  const std::string kid = kid_for(std::nullopt);
  std::filesystem::remove(key_path());
  CHECK(kid_for(std::nullopt) == kid);  // it was opened before
  protocol::SigningKeys fresh;
  CHECK_THROWS_AS(protocol::require_signing_key(server(fresh), std::nullopt), ServerKeyError);
  write_server_key(std::string(40, 'x'));
  CHECK_THROWS_AS(protocol::require_signing_key(server(fresh), std::nullopt), protocol::CannotOpen);
  CHECK_THROWS_AS(protocol::prepare_signing_keys(server(fresh)), protocol::CannotOpen);  // at its start
  CHECK(is_published(kid));
}

TEST_CASE_FIXTURE(KeyFixture, "without the setting: beside an SQLite file, and on PostgreSQL unsealed") {
  settings.server_key.clear();
  CHECK(protocol::lacks_server_key(settings, *database) == on_postgresql());
  if (on_postgresql()) {
    kid_for(std::nullopt);
    CHECK_FALSE(protocol::is_sealed(rows().front()));
    protocol::SigningKeys fresh;
    CHECK(protocol::require_signing_key(server(fresh), std::nullopt).kid == rows().front().kid);
    return;
  }
  CHECK_THROWS_AS(kid_for(std::nullopt), ServerKeyError);
  std::filesystem::rename(key_path(), database.url() + ".key");
  kid_for(std::nullopt);
  CHECK(protocol::is_sealed(rows().front()));
}

TEST_CASE("no kid begins with a dash: it would be a flag on a command line") {
  for (int i = 0; i < 300; ++i)
    CHECK(protocol::make_private_key(crypto::SigningAlgorithm::eddsa).kid()[0] != '-');
}
