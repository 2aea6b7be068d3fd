#include "core/admin/keys.h"

#include <algorithm>
#include <set>
#include <string>

#include "core/admin/error.h"
#include "core/admin/maintenance.h"
#include "core/protocol/key_seal.h"
#include "core/server_key.h"
#include "core/store/audit.h"
#include "core/store/clients.h"
#include "core/store/tokens.h"
#include "tests/admin/key_fixture.h"

using namespace oauth2;

namespace {

struct Keys : KeyFixture {
  // An access token that this key signed.
  void insert_token(const std::string& id, const std::string& kid, std::int64_t expires_at) {
    write([&](db::Connection& connection) {
      store::Token token;
      token.id = id;
      token.token_hash = "hash of " + id;
      token.kind = "access";
      token.created_at = now;
      token.expires_at = expires_at;
      store::insert_token(connection, token);
      connection.run("UPDATE tokens SET signing_kid = $2 WHERE id = $1", {id, kid});
    });
  }
  bool is_active(const std::string& id) {
    return write([&](db::Connection& c) { return store::find_token(c, id); })->is_active(now);
  }
  store::SigningKey row(const std::string& kid) { return admin::require_key(admin(), kid); }
  std::string status(const std::string& kid) { return std::string(admin::key_status(row(kid), now)); }
  std::vector<std::string> audited() {
    std::vector<std::string> lines;
    for (const auto& entry : admin::list_audit(admin(), {}))
      lines.push_back(entry.action + " " + entry.object);
    return lines;
  }
  bool is_audited(const std::string& line) {
    const auto lines = audited();
    return std::find(lines.begin(), lines.end(), line) != lines.end();
  }
};

}  // namespace

TEST_CASE_FIXTURE(Keys, "a rotated key signs no more, and stays published until its last token has expired") {
  const std::string old = kid_for(std::nullopt);
  CHECK(is_audited("key.create key:" + old));
  const auto result = admin::rotate_key(admin(), std::nullopt, std::nullopt);
  CHECK(is_audited("key.rotate key:" + result.key.kid));
  REQUIRE(result.old.size() == 1);
  CHECK(result.old.front().kid == old);
  CHECK(row(old).retired_at == now);
  CHECK(row(old).expires_at == now + settings.access_token_ttl + 60);
  CHECK(status(old) == "retiring");
  CHECK(status(result.key.kid) == "active");
  CHECK(is_published(old));
  CHECK(is_published(result.key.kid));
  now += settings.access_token_ttl + 59;
  CHECK(is_published(old));
  now += 1;
  CHECK_FALSE(is_published(old));
  CHECK(status(old) == "retired");
  CHECK(kid_for(std::nullopt) == result.key.kid);
}

TEST_CASE_FIXTURE(Keys,
                  "the overlap is that of the longest access token: of a client, or one that lives already") {
  write([&](db::Connection& connection) {
    store::Client client;
    client.id = client.name = "slow";
    client.access_token_ttl = 50'000;
    store::insert_client(connection, client);
  });
  const std::string first = kid_for("ES256");
  admin::rotate_key(admin(), "ES256", std::nullopt);
  CHECK(row(first).expires_at == now + 50'000 + 60);
  const std::string second = kid_for("ES256");
  insert_token("long", second, now + 90'000);  // made while the client had more
  admin::rotate_key(admin(), "ES256", std::nullopt);
  CHECK(row(second).expires_at == now + 90'000 + 60);
  const std::string third = kid_for("ES256");
  admin::rotate_key(admin(), "ES256", 300);
  CHECK(row(third).expires_at == now + 300);
}

TEST_CASE_FIXTURE(Keys, "--alg makes an algorithm the deployment's, and leaves keys of the others alone") {
  const std::string eddsa = kid_for(std::nullopt);
  const std::string es256 = admin::rotate_key(admin(), "ES256", std::nullopt).key.kid;
  CHECK(kid_for(std::nullopt) == es256);
  CHECK(status(eddsa) == "active");
  const auto again = admin::rotate_key(admin(), std::nullopt, std::nullopt);
  CHECK(again.key.algorithm == "ES256");
  CHECK(status(es256) == "retiring");
  CHECK(status(eddsa) == "active");
  CHECK(admin::require_current_key(admin(), std::nullopt).kid == again.key.kid);
  CHECK(admin::require_current_key(admin(), "EdDSA").kid == eddsa);
  CHECK_THROWS_AS(admin::require_current_key(admin(), "RS256"), admin::NotFound);
  for (const char* other : {"HS256", "none", "", "es256"})
    CHECK_THROWS_AS(admin::rotate_key(admin(), other, std::nullopt), admin::Refused);
  CHECK(rows().size() == 3);
}

TEST_CASE_FIXTURE(Keys, "a retired key is published no more, and all that it signed is revoked") {
  const std::string bad = kid_for(std::nullopt);
  const std::string other = kid_for("ES256");
  insert_token("a", bad, now + 100);
  insert_token("b", bad, now + 100);
  insert_token("expired", bad, now - 1);
  insert_token("good", other, now + 100);
  CHECK(admin::count_signed_tokens(admin(), bad) == 2);
  const auto result = admin::retire_key(admin(), bad);
  CHECK(result.changed);
  CHECK(result.revoked_tokens == 2);
  CHECK(is_audited("key.retire key:" + bad));
  CHECK_FALSE(is_active("a"));
  CHECK_FALSE(is_active("b"));
  CHECK(is_active("good"));
  CHECK_FALSE(is_published(bad));
  CHECK(is_published(other));
  CHECK(status(bad) == "retired");
  const auto rows_before = audited().size();
  CHECK_FALSE(admin::retire_key(admin(), bad).changed);
  CHECK(audited().size() == rows_before);
  const std::string fresh = kid_for(std::nullopt);  // the last one of its algorithm: a new one is made
  CHECK(fresh != bad);
  CHECK(status(fresh) == "active");
}

TEST_CASE_FIXTURE(Keys, "a retired key does not come back when the clock is set back") {
  const std::string bad = kid_for(std::nullopt);
  now += 100;
  admin::retire_key(admin(), bad);
  insert_token("late", bad, now + 100);
  now -= 1000;
  CHECK_FALSE(is_published(bad));
  CHECK(status(bad) == "retired");
  CHECK(kid_for(std::nullopt) != bad);
  CHECK(admin::retire_key(admin(), bad).revoked_tokens == 1);  // signed before, stored after: once more helps
}

TEST_CASE_FIXTURE(Keys, "a key that is retiring can be retired at once") {
  const std::string bad = kid_for(std::nullopt);
  admin::rotate_key(admin(), std::nullopt, std::nullopt);
  CHECK(is_published(bad));
  now += 10;
  CHECK(admin::retire_key(admin(), bad).changed);
  CHECK_FALSE(is_published(bad));
}

TEST_CASE_FIXTURE(Keys, "a key is named by its kid, or by 6 characters of it") {
  const std::string kid = kid_for(std::nullopt);
  CHECK(admin::require_key(admin(), kid).kid == kid);
  CHECK(admin::require_key(admin(), kid.substr(0, 6)).kid == kid);
  CHECK_THROWS_AS(admin::require_key(admin(), kid.substr(0, 5)), admin::NotFound);
  CHECK_THROWS_AS(admin::require_key(admin(), "nothing-like-it"), admin::NotFound);
}

TEST_CASE_FIXTURE(Keys, "rewrap seals all under the new server's key, or changes nothing at all") {
  const std::string first = kid_for("EdDSA");
  const std::string second = kid_for("ES256");
  const std::string old_key = "0123456789abcdefghijklmnopqrstuvwxyz";
  CHECK(admin::rewrap_keys(admin(), std::nullopt).empty());
  write_server_key(std::string(40, 'n'));
  CHECK_THROWS_AS(admin::rewrap_keys(admin(), std::nullopt), admin::Refused);
  CHECK_THROWS_AS(admin::rewrap_keys(admin(), std::string(40, 'w')), admin::Refused);
  CHECK_THROWS_AS(admin::export_private_key(admin(), first), admin::Refused);
  const auto rotated = admin::rotate_key(admin(), "EdDSA", std::nullopt);  // under the new one
  CHECK(std::set<std::string>(rotated.closed.begin(), rotated.closed.end()) == std::set{first, second});
  const std::string third = rotated.key.kid;
  CHECK_THROWS_AS(admin::rewrap_keys(admin(), std::string(40, 'w')), admin::Refused);
  CHECK(admin::rewrap_keys(admin(), old_key).size() == 2);
  CHECK(is_audited("key.rewrap key:" + first));
  CHECK_FALSE(is_audited("key.rewrap key:" + third));
  const auto sealing_key = protocol::find_sealing_key(settings, *database);
  for (const auto& key : rows()) CHECK(protocol::open_private_key(key, sealing_key).kid() == key.kid);
  CHECK(admin::rewrap_keys(admin(), old_key).empty());
  protocol::SigningKeys fresh;
  CHECK(protocol::require_signing_key(server(fresh), "ES256").kid == second);
}

TEST_CASE_FIXTURE(Keys, "rewrap seals what lay unsealed, and passes over what nobody needs any more") {
  const auto key = protocol::make_private_key(crypto::SigningAlgorithm::eddsa);
  write([&](db::Connection& connection) {
    store::insert_signing_key(connection, protocol::signing_key_row(key, std::nullopt, now));
  });
  CHECK_FALSE(protocol::is_sealed(row(key.kid())));
  CHECK(kid_for(std::nullopt) == key.kid());
  const std::string lost = kid_for("ES256");
  admin::retire_key(admin(), lost);
  write_server_key(std::string(40, 'n'));
  const auto changed = admin::rewrap_keys(admin(), std::nullopt);
  REQUIRE(changed.size() == 1);
  CHECK(changed.front().kid == key.kid());
  CHECK(protocol::is_sealed(row(key.kid())));
}

TEST_CASE_FIXTURE(Keys, "exporting a private key is audited, and the key is the one that signs") {
  const auto key = protocol::require_signing_key(server(), std::nullopt);
  CHECK(admin::export_private_key(admin(), key.kid) == key.key.pkcs8_pem());
  CHECK(is_audited("key.export key:" + key.kid));
}

TEST_CASE_FIXTURE(Keys, "pruning deletes keys that expired long ago, and no other") {
  const std::string gone = kid_for("EdDSA");
  const std::string retiring = kid_for("ES256");
  admin::retire_key(admin(), gone);
  now += 1000;
  admin::rotate_key(admin(), "ES256", std::nullopt);
  now += 1;
  admin::prune(admin(), 2000);
  CHECK(rows().size() == 3);
  admin::prune(admin(), 500);
  CHECK(rows().size() == 2);
  CHECK_THROWS_AS(row(gone), admin::NotFound);
  CHECK(status(retiring) == "retiring");
}
