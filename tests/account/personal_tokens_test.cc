#include "core/account/personal_tokens.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <set>

#include "tests/account/own_fixture.h"

using namespace oauth2;
using account::PersonalTokenForm;

namespace {

constexpr std::int64_t day = 86'400;

struct Fixture : OwnFixture {
  static PersonalTokenForm form(const std::string& name) { return {name, {"read"}, "30d", ""}; }
  admin::TokenResult make(const std::string& user_id, const std::string& name) {
    return account::create_personal_token(context(), user_id, form(name));
  }
  std::string refusal(const PersonalTokenForm& wanted) {
    return refusal_of([&] { account::create_personal_token(context(), alice, wanted); });
  }
  std::string update(const std::string& id, const std::string& name, const std::vector<std::string>& scopes) {
    return refusal_of([&] { account::update_personal_token(context(), alice, id, name, scopes); });
  }
  std::string extend(const std::string& id, const char* expires_in, const char* expires_on = "") {
    return refusal_of([&] { account::extend_personal_token(context(), alice, id, expires_in, expires_on); });
  }
  std::string rotate(const std::string& id) {
    return refusal_of([&] { account::rotate_personal_token(context(), alice, id, ""); });
  }
  std::string revoke(const std::string& id) {
    return refusal_of([&] { account::revoke_personal_token(context(), alice, id); });
  }
  std::optional<store::Token> find(const std::string& id) {
    return account::find_personal_token(context(), alice, id);
  }
  bool has(const std::string& secret, const std::string& scope) {
    return admin::verify_token(admin(), secret, {scope}).has_scope;
  }
  bool active(const std::string& secret) { return admin::verify_token(admin(), secret, {}).active; }
  // Made by an administrator.
  store::Token given(const std::string& name, const std::vector<std::string>& scope, bool internal = false,
                     std::optional<std::int64_t> expires_in = std::nullopt) {
    admin::NewToken wanted;
    wanted.user = alice;
    wanted.name = name;
    wanted.scope = scope;
    wanted.internal = internal;
    wanted.expires_in = expires_in;
    return admin::create_personal_token(admin(), wanted).token;
  }
  // "GROUP: NAME NAME*", * for those that are held, ! for those that may not be added.
  std::string offered(const store::Token* edited = nullptr) {
    std::string shown;
    for (const auto& group : account::list_offered_scopes(context(), edited)) {
      shown += group.name.value_or("-") + ":";
      for (const auto& each : group.scopes)
        shown += " " + each.scope.name + (each.is_held ? "*" : "") + (each.is_addable ? "" : "!");
      shown += "; ";
    }
    return shown;
  }
};

}  // namespace

TEST_CASE("a user makes a personal token, which works at once and is shown once") {
  Fixture f;
  const auto made = f.make(f.alice, "laptop");
  REQUIRE(made.secret);
  CHECK(f.has(*made.secret, "read"));
  CHECK_FALSE(f.has(*made.secret, "write"));
  CHECK(made.token.user_id == f.alice);
  CHECK_FALSE(made.token.internal);
  CHECK(made.token.expires_at == f.now + 30 * day);
  CHECK(f.audit() ==
        std::vector<std::string>{fmt::format("user:{} token.create token:{}", f.alice, made.token.id)});
  f.now += 30 * day;
  CHECK_FALSE(f.active(*made.secret));
}

TEST_CASE("a token's name has 1 to 40 characters and is one of its user's") {
  Fixture f;
  CHECK(f.refusal(f.form(" ")) == "name account_name_empty");
  CHECK(f.refusal(f.form(std::string(41, 'x'))) == "name account_name_length 40");
  CHECK(f.refusal(f.form(emoji(41))) == "name account_name_length 40");
  CHECK(f.refusal(f.form("a\x1Bz")) == "name account_name_characters");
  CHECK(f.refusal(f.form(emoji(40))) == "");
  CHECK(f.refusal(f.form("laptop")) == "");
  CHECK(f.refusal(f.form("laptop")) == "name account_name_taken");
  CHECK(refusal_of([&] { f.make(f.bob, "laptop"); }) == "");
  const auto other = f.make(f.alice, "other");
  CHECK(f.update(other.token.id, "laptop", {"read"}) == "name account_name_taken");
  CHECK(f.update(other.token.id, std::string(41, 'x'), {"read"}) == "name account_name_length 40");
}

TEST_CASE("a lifetime and a date that cannot be are refused, and so is what is over") {
  Fixture f;
  PersonalTokenForm form = f.form("laptop");
  form.expires_in = "5d";
  CHECK(f.refusal(form) == "expires_in account_expires_in_unknown");
  form.expires_in = "date";
  form.expires_on = "1970-01-01";
  CHECK(f.refusal(form) == "expires_on account_expires_on_past");
  form.expires_on = "1970-02-01";
  CHECK(f.refusal(form) == "");
  CHECK(account::list_personal_tokens(f.context(), f.alice, {}).rows.at(0).expires_at == 32 * day - 1);
}

TEST_CASE("a token is given what is offered: no internal scope, none that is unknown") {
  Fixture f;
  CHECK(f.offered() == "-: user:email; Data: read write; ");
  for (const char* scope : {"secret", "unknown", "\"bad", "read secret"}) {
    CAPTURE(scope);
    PersonalTokenForm form = f.form("laptop");
    form.scopes = {scope};
    CHECK(f.refusal(form).starts_with("scopes account_scopes_unavailable "));
  }
  PersonalTokenForm form = f.form("laptop");
  form.scopes = {};
  CHECK(f.refusal(form) == "");
  CHECK(f.audit().size() == 1);
}

TEST_CASE("account.token_scopes says what may be added, and what a token has may be kept or dropped") {
  Fixture f;
  const auto token = f.given("laptop", {"read", "write"});
  f.settings.account_token_scopes = {"read", "user:email", "secret"};
  CHECK(f.offered() == "-: user:email; Data: read; ");
  CHECK(f.offered(&token) == "-: user:email; Data: read* write*!; ");
  PersonalTokenForm form = f.form("ci");
  form.scopes = {"read", "write"};
  CHECK(f.refusal(form) == "scopes account_scopes_unavailable write");
  form.scopes = {"secret"};
  CHECK(f.refusal(form) == "scopes account_scopes_unavailable secret");
  CHECK(f.update(token.id, "laptop", {"write", "user:email"}) == "");
  CHECK(f.find(token.id)->scope == "write user:email");
  CHECK(f.update(token.id, "laptop", {"user:email"}) == "");
  CHECK(f.update(token.id, "laptop", {"user:email", "write"}) == "scopes account_scopes_unavailable write");
  CHECK(f.find(token.id)->scope == "user:email");
}

TEST_CASE("a scope that became internal stays on a token until it is dropped") {
  Fixture f;
  const auto made = f.make(f.alice, "laptop");
  admin::ScopeFields fields;
  fields.internal = true;
  admin::update_scope(f.admin(), "read", fields);
  CHECK(f.offered() == "-: user:email; Data: write; ");
  CHECK(f.offered(&made.token) == "-: user:email; Data: read*! write; ");
  CHECK(f.update(made.token.id, "desktop", {"read", "write"}) == "");
  CHECK(f.update(made.token.id, "desktop", {"write"}) == "");
  CHECK(f.update(made.token.id, "desktop", {"read"}) == "scopes account_scopes_unavailable read");
}

TEST_CASE("changing a token's name and scopes changes what the token itself may do") {
  Fixture f;
  const auto made = f.make(f.alice, "laptop");
  CHECK(f.update(made.token.id, " desktop ", {"write"}) == "");
  CHECK_FALSE(f.has(*made.secret, "read"));
  CHECK(f.has(*made.secret, "write"));
  CHECK(f.find(made.token.id)->name == "desktop");
  CHECK(f.update(made.token.id, "desktop", {}) == "");
  CHECK(f.active(*made.secret));
  CHECK_FALSE(f.has(*made.secret, "write"));
  CHECK(f.audit().back() == fmt::format("user:{} token.update token:{}", f.alice, made.token.id));
}

TEST_CASE("extending counts from now, and a rotated token lives as long as was asked for last") {
  Fixture f;
  const auto made = f.make(f.alice, "laptop");
  f.now += 10 * day;
  CHECK(f.extend(made.token.id, "90d") == "");
  CHECK(f.find(made.token.id)->expires_at == f.now + 90 * day);
  f.now += 10 * day;
  const auto rotated = account::rotate_personal_token(f.context(), f.alice, made.token.id, "");
  CHECK(rotated.token.expires_at == f.now + 90 * day);
  CHECK(rotated.token.name == "laptop");
  CHECK(f.has(*rotated.secret, "read"));
  CHECK_FALSE(f.active(*made.secret));
  CHECK_FALSE(f.find(made.token.id));
  const auto again = account::rotate_personal_token(f.context(), f.alice, rotated.token.id, "1d");
  CHECK(f.active(*rotated.secret));
  CHECK(account::list_personal_tokens(f.context(), f.alice, {}).total == 2);
  CHECK(f.find(rotated.token.id));
  f.now += day;
  CHECK(account::list_personal_tokens(f.context(), f.alice, {}).total == 1);
  CHECK_FALSE(f.find(rotated.token.id));
  CHECK_FALSE(f.active(*rotated.secret));
  CHECK(f.active(*again.secret));
  CHECK(f.extend(again.token.id, "never") == "");
  CHECK_FALSE(account::rotate_personal_token(f.context(), f.alice, again.token.id, "").token.expires_at);
}

TEST_CASE("nothing lives longer than account.token_max_lifetime: made, extended or rotated") {
  Fixture f;
  const auto never = f.given("ci", {"read"});
  const auto made = f.make(f.alice, "laptop");
  f.settings.account_token_max_lifetime = 30 * day;
  const std::string too_long = "expires_in account_expires_in_too_long_days 30";
  PersonalTokenForm form = f.form("new");
  for (const char* length : {"90d", "1y", "never"}) {
    CAPTURE(length);
    form.expires_in = length;
    CHECK(f.refusal(form) == too_long);
    CHECK(f.extend(made.token.id, length) == too_long);
  }
  CHECK(f.extend(made.token.id, "date", "1971-01-01") == too_long);
  CHECK(f.rotate(never.id) == " account_rotate_too_long");
  CHECK(f.update(never.id, "ci", {"write"}) == "");
  CHECK(f.extend(never.id, "30d") == "");
  CHECK(f.rotate(never.id) == "");
  f.settings.account_token_max_lifetime = 90 * 60;
  CHECK(f.refusal(f.form("new")) == "expires_in account_expires_in_too_long 90m");
}

TEST_CASE("a token that ended in the meantime is not changed any more, and says why") {
  Fixture f;
  const auto expired = f.given("expired", {"read"}, false, 60);
  const auto revoked = f.make(f.alice, "revoked").token;
  const auto rotated = f.make(f.alice, "rotated").token;
  CHECK(f.revoke(revoked.id) == "");
  CHECK(f.rotate(rotated.id) == "");
  f.now += 60;
  for (const auto& [id, text] :
       {std::pair(expired.id, " account_token_expired"), std::pair(revoked.id, " account_token_revoked"),
        std::pair(rotated.id, " account_token_rotated")}) {
    CAPTURE(text);
    CHECK(f.update(id, "new", {"read"}) == text);
    CHECK(f.extend(id, "7d") == text);
    CHECK(f.rotate(id) == text);
    CHECK(f.revoke(id) == "");
  }
}

TEST_CASE("an expired token is shown until it is pruned; revoked and rotated ones are not") {
  Fixture f;
  const auto expired = f.given("expired", {"read"}, false, 60);
  CHECK(f.revoke(f.make(f.alice, "revoked").token.id) == "");
  CHECK(f.rotate(f.make(f.alice, "rotated").token.id) == "");
  f.now += 60;
  std::set<std::string> names;
  for (const auto& token : account::list_personal_tokens(f.context(), f.alice, {}).rows)
    names.insert(*token.name);
  CHECK(names == std::set<std::string>{"expired", "rotated"});  // the successor
  CHECK(f.find(expired.id)->expires_at == f.now);
}

TEST_CASE("another's token, an internal one, a name and a prefix are as unknown as no token") {
  Fixture f;
  const auto mine = f.make(f.alice, "laptop").token;
  const auto others = f.make(f.bob, "bobs");
  const std::string internal = f.given("internal", {"secret"}, true).id;
  const auto access = f.write([&](db::Connection& connection) {
    store::Token token;
    token.id = token.token_hash = "access-token";
    token.kind = "access";
    token.user_id = f.alice;
    store::insert_token(connection, token);
    return token.id;
  });
  const auto acts = f.audit();
  for (const std::string& id : {others.token.id, internal, access, std::string("none"), std::string(),
                                *mine.name, mine.id.substr(0, 10), mine.id + "x", *others.secret}) {
    CAPTURE(id);
    CHECK_FALSE(f.find(id));
    CHECK(f.update(id, "new", {"read"}) == "not found");
    CHECK(f.extend(id, "7d") == "not found");
    CHECK(f.rotate(id) == "not found");
    CHECK(f.revoke(id) == "not found");
  }
  CHECK(f.audit() == acts);
  CHECK(f.active(*others.secret));
  CHECK(f.find(mine.id)->id == mine.id);
  CHECK(account::list_personal_tokens(f.context(), f.alice, {}).total == 1);
}

TEST_CASE("with account.personal_tokens = admin users revoke theirs, and neither make nor change them") {
  Fixture f;
  const std::string id = f.make(f.alice, "laptop").token.id;
  f.settings.account_personal_tokens = "admin";
  const std::string by_admin = " account_personal_tokens_by_admin";
  CHECK(f.refusal(f.form("new")) == by_admin);
  CHECK(f.update(id, "new", {"read"}) == by_admin);
  CHECK(f.extend(id, "7d") == by_admin);
  CHECK(f.rotate(id) == by_admin);
  CHECK(f.extend("none", "7d") == "not found");
  CHECK(account::list_personal_tokens(f.context(), f.alice, {}).total == 1);
  CHECK(f.find(id));
  CHECK(f.revoke(id) == "");
}

TEST_CASE("with account.personal_tokens = off users have none") {
  Fixture f;
  const std::string id = f.make(f.alice, "laptop").token.id;
  f.settings.account_personal_tokens = "off";
  CHECK(account::list_personal_tokens(f.context(), f.alice, {}).total == 0);
  CHECK_FALSE(f.find(id));
  CHECK(f.refusal(f.form("new")) == "not found");
  CHECK(f.update(id, "new", {"read"}) == "not found");
  CHECK(f.extend(id, "7d") == "not found");
  CHECK(f.rotate(id) == "not found");
  CHECK(f.revoke(id) == "not found");
}

TEST_CASE("200 tokens come in pages, each once, newest first and always in the same order") {
  Fixture f;
  for (int i = 0; i < 200; ++i) {
    f.now = 1'000'000 + i / 20;  // many of one second
    f.make(f.alice, fmt::format("token {}", i));
  }
  f.make(f.bob, "bobs");
  std::vector<std::string> ids;
  std::int64_t created_at = f.now;
  for (std::int64_t offset = 0; offset < 200; offset += 30) {
    const auto page = account::list_personal_tokens(f.context(), f.alice, {30, offset});
    CHECK(page.total == 200);
    CHECK(page.rows.size() == (offset == 180 ? 20 : 30));
    for (const auto& token : page.rows) {
      CHECK(token.created_at <= created_at);
      created_at = token.created_at;
      ids.push_back(token.id);
    }
  }
  CHECK(std::set<std::string>(ids.begin(), ids.end()).size() == 200);
  const auto whole = account::list_personal_tokens(f.context(), f.alice, {1000, 0});
  for (std::size_t i = 0; i < whole.rows.size(); ++i) CHECK(whole.rows[i].id == ids[i]);
  CHECK(account::list_personal_tokens(f.context(), f.alice, {30, 200}).rows.empty());
}
