#include "core/account/clients.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "core/admin/grants.h"
#include "core/store/tokens.h"
#include "tests/account/own_fixture.h"

using namespace oauth2;
using account::ClientForm;

namespace {

struct Fixture : OwnFixture {
  static ClientForm form(const std::string& name) {
    return {name, "What it does", "https://e.org", "https://e.org/cb\r\n", false};
  }
  admin::ClientResult make(const std::string& user_id, const std::string& name) {
    return account::create_client(context(), user_id, form(name));
  }
  std::string refusal(const ClientForm& wanted) {
    return refusal_of([&] { account::create_client(context(), alice, wanted); });
  }
  // Made by an administrator.
  store::Client given(const std::string& name, bool internal) {
    admin::NewClient wanted;
    wanted.name = name;
    wanted.fields.owner = alice;
    wanted.fields.internal = internal;
    wanted.fields.grant_types = {"client_credentials"};
    return admin::create_client(admin(), wanted).client;
  }
  bool knows(const std::string& id, const std::string& secret) {
    return admin::verify_client_secret(admin(), id, secret);
  }
  void allow(const std::string& client_id, const std::string& user_id, std::size_t tokens) {
    write([&](db::Connection& connection) {
      store::Consent consent;
      consent.id = client_id + user_id;
      consent.user_id = user_id;
      consent.client_id = client_id;
      store::insert_or_widen_consent(connection, consent);
      for (std::size_t i = 0; i < tokens; ++i) {
        store::Token token;
        token.id = token.token_hash = fmt::format("{}{}{}", client_id, user_id, i);
        token.kind = i == 0 ? "refresh" : "access";
        token.user_id = user_id;
        token.client_id = client_id;
        token.expires_at = now + 3600;
        store::insert_token(connection, token);
      }
    });
  }
};

}  // namespace

TEST_CASE("a user registers a client for codes and refresh tokens, with a secret shown once") {
  Fixture f;
  const auto made = f.make(f.alice, " Wiki ");
  CHECK(made.client.name == "Wiki");
  CHECK(made.client.owner_id == f.alice);
  CHECK(made.client.grant_types == std::vector<std::string>{"authorization_code", "refresh_token"});
  CHECK(made.client.response_types == std::vector<std::string>{"code"});
  CHECK(made.client.redirect_uris == std::vector<std::string>{"https://e.org/cb"});
  CHECK(made.client.scope.empty());
  CHECK(made.client.token_endpoint_auth_method == "client_secret_basic");
  CHECK_FALSE(made.client.internal);
  CHECK_FALSE(made.client.skip_consent);
  REQUIRE(made.secret);
  CHECK(f.knows(made.client.id, *made.secret));
  CHECK(f.audit() ==
        std::vector<std::string>{fmt::format("user:{} client.create client:{}", f.alice, made.client.id)});
}

TEST_CASE("a public client has no secret and gets none") {
  Fixture f;
  ClientForm form = f.form("App");
  form.is_public = true;
  form.redirect_uris = "com.example.app:/cb";
  const auto made = account::create_client(f.context(), f.alice, form);
  CHECK(made.client.token_endpoint_auth_method == "none");
  CHECK_FALSE(made.secret);
  CHECK(refusal_of([&] { account::rotate_client_secret(f.context(), f.alice, made.client.id, ""); }) ==
        "client_type account_client_type_no_secret");
}

TEST_CASE("a client's name has 1 to 40 characters, whatever their bytes, and is one of its owner's") {
  Fixture f;
  CHECK(f.refusal(f.form("")) == "name account_name_empty");
  CHECK(f.refusal(f.form(" \t ")) == "name account_name_empty");
  CHECK(f.refusal(f.form(std::string(41, 'x'))) == "name account_name_length 40");
  CHECK(f.refusal(f.form(emoji(41))) == "name account_name_length 40");
  CHECK(f.refusal(f.form("a\nb")) == "name account_name_characters");
  CHECK(f.refusal(f.form("a\u202Eb")) == "name account_name_characters");
  CHECK(f.refusal(f.form(emoji(40))) == "");
  CHECK(f.refusal(f.form(std::string(40, 'x'))) == "");
  CHECK(f.refusal(f.form("x")) == "");
  CHECK(f.refusal(f.form("x")) == "name account_name_taken");
  CHECK(refusal_of([&] { f.make(f.bob, "x"); }) == "");
}

TEST_CASE("a description and a website that cannot be are refused at their fields") {
  Fixture f;
  ClientForm form = f.form("Wiki");
  form.description = std::string(501, 'x');
  CHECK(f.refusal(form) == "description account_description_length 500");
  form.description = "a\x01";
  CHECK(f.refusal(form) == "description account_description_characters");
  form.description = emoji(500);
  for (const char* malformed :
       {"e.org", "javascript:alert(1)", "https://", "http://", "https://a b", "ftp://e.org"}) {
    CAPTURE(malformed);
    form.website = malformed;
    CHECK(f.refusal(form) == "website account_website_malformed");
  }
  form.website = "https://e.org/" + std::string(500, 'x');
  CHECK(f.refusal(form) == "website account_website_length 500");
  form.website = "https://e.org/\x7F";
  CHECK(f.refusal(form) == "website account_website_characters");
  form.website = " ";
  CHECK(f.refusal(form) == "");
}

TEST_CASE("a redirect URI that cannot be is refused with its line and why") {
  Fixture f;
  const auto refusal = [&](const std::string& uris, bool is_public = false) {
    ClientForm form = f.form("Wiki");
    form.redirect_uris = uris;
    form.is_public = is_public;
    return f.refusal(form);
  };
  CHECK(refusal("") == "redirect_uris account_redirect_uris_missing");
  CHECK(refusal(" \r\n\r\n") == "redirect_uris account_redirect_uris_missing");
  CHECK(refusal("https://e.org/cb\r\n\r\n http://e.org/cb \r\n") ==
        "redirect_uris account_redirect_uris_http http://e.org/cb 3");
  CHECK(refusal("https://e.org/#f") == "redirect_uris account_redirect_uris_fragment https://e.org/#f 1");
  struct Case {
    const char* uri;
    const char* why;
  };
  for (const Case& each :
       {Case{"https://*.e.org/", "wildcard"}, Case{"https://e.org/a b", "characters"},
        Case{"https://u@e.org/", "user"}, Case{"https:///cb", "no_host"}, Case{"https://e.org:0/", "port"},
        Case{"https://a:b:1/", "host"}, Case{"/cb", "no_scheme"}, Case{"javascript:alert(1)", "scheme"},
        Case{"com.example.app:/cb", "private_use"}}) {
    CAPTURE(each.uri);
    CHECK(refusal(each.uri) ==
          fmt::format("redirect_uris account_redirect_uris_{} {} 1", each.why, each.uri));
  }
  CHECK(refusal("com.example.app:cb", true) ==
        "redirect_uris account_redirect_uris_private_use_path com.example.app:cb 1");
  const std::string long_one = "https://e.org/" + std::string(2000, 'x');
  CHECK(refusal(long_one) == "redirect_uris account_redirect_uris_too_long " + long_one + " 1");
  std::string many;
  for (int i = 0; i < 51; ++i) many += fmt::format("https://e.org/{}\n", i);
  CHECK(refusal(many) == "redirect_uris account_redirect_uris_too_many");
  CHECK(f.audit().empty());
}

TEST_CASE("all of a client's form is changed, and nothing else") {
  Fixture f;
  const auto made = f.make(f.alice, "Wiki");
  const std::string id = made.client.id;
  ClientForm form{"Mail", "", "", "https://m.org/cb\nhttps://m.org/2", false};
  CHECK(account::update_client(f.context(), f.alice, id, form).changed);
  CHECK_FALSE(account::update_client(f.context(), f.alice, id, form).changed);
  auto after = *account::find_client(f.context(), f.alice, id);
  CHECK(after.name == "Mail");
  CHECK_FALSE(after.description);
  CHECK_FALSE(after.client_uri);
  CHECK(after.redirect_uris == std::vector<std::string>{"https://m.org/cb", "https://m.org/2"});
  CHECK(after.grant_types == made.client.grant_types);
  CHECK(f.knows(id, *made.secret));
  form.is_public = true;
  account::update_client(f.context(), f.alice, id, form);
  CHECK_FALSE(f.knows(id, *made.secret));
  form.is_public = false;
  account::update_client(f.context(), f.alice, id, form);
  CHECK_FALSE(f.knows(id, *made.secret));  // no secret comes back
  const auto reset = account::rotate_client_secret(f.context(), f.alice, id, "");
  CHECK(f.knows(id, reset.secret));
}

TEST_CASE("what an administrator made may keep its long name and its grants") {
  Fixture f;
  const std::string name(60, 'x');
  const auto given = f.given(name, false);
  ClientForm form{name, "new", "", "", false};
  CHECK(account::update_client(f.context(), f.alice, given.id, form).changed);
  form.name += "y";
  CHECK(refusal_of([&] { account::update_client(f.context(), f.alice, given.id, form); }) ==
        "name account_name_length 40");
  form.name = name;
  form.is_public = true;
  CHECK(refusal_of([&] { account::update_client(f.context(), f.alice, given.id, form); }) ==
        "client_type account_client_type_grant");
}

TEST_CASE("where a client that asks for no consent leads is an administrator's to change") {
  Fixture f;
  const auto made = f.make(f.alice, "Wiki");
  admin::ClientFields trusted;
  trusted.skip_consent = true;
  admin::update_client(f.admin(), made.client.id, trusted);
  ClientForm form = f.form("Mail");
  const auto refusal = [&](const std::string& uris) {
    form.redirect_uris = uris;
    return refusal_of([&] { account::update_client(f.context(), f.alice, made.client.id, form); });
  };
  const std::string by_admin = "redirect_uris account_redirect_uris_by_admin";
  CHECK(refusal("https://mine.org/cb") == by_admin);
  CHECK(refusal("https://e.org/cb\nhttps://mine.org/cb") == by_admin);
  CHECK(refusal("") == by_admin);
  CHECK(account::find_client(f.context(), f.alice, made.client.id)->name == "Wiki");
  CHECK(refusal("\r\nhttps://e.org/cb\r\n") == "");
  CHECK(account::find_client(f.context(), f.alice, made.client.id)->name == "Mail");
  trusted.skip_consent = false;
  admin::update_client(f.admin(), made.client.id, trusted);
  CHECK(refusal("https://mine.org/cb") == "");
}

TEST_CASE(
    "a client may ask for the scopes it is registered with, else for the default ones, and no internal one") {
  Fixture f;
  const auto made = f.make(f.alice, "Wiki");
  const auto names = [&] {
    std::string all;
    const auto client = *account::find_client(f.context(), f.alice, made.client.id);
    for (const auto& scope : account::list_client_scopes(f.context(), client)) all += scope.name + " ";
    return all;
  };
  CHECK(names() == "");
  admin::ScopeFields by_default;
  by_default.is_default = true;
  admin::update_scope(f.admin(), "write", by_default);
  CHECK(names() == "write ");
  admin::ClientFields fields;
  fields.scope = {"user:email", "read"};
  admin::update_client(f.admin(), made.client.id, fields);
  const std::string registered = names();
  CHECK((registered == "user:email read " || registered == "read user:email "));
  admin::ScopeFields internal;
  internal.internal = true;
  admin::update_scope(f.admin(), "read", internal);
  CHECK(names() == "user:email ");
}

TEST_CASE("the secrets that are listed are those that work") {
  Fixture f;
  const auto made = f.make(f.alice, "Wiki");
  const auto count = [&] { return account::list_client_secrets(f.context(), made.client).size(); };
  CHECK(count() == 1);
  account::rotate_client_secret(f.context(), f.alice, made.client.id, "1h");
  CHECK(count() == 2);
  f.now += 3599;
  CHECK(count() == 2);
  f.now += 1;
  CHECK(count() == 1);
}

TEST_CASE("a secret that is reset dies at once, or after the overlap") {
  Fixture f;
  const auto made = f.make(f.alice, "Wiki");
  const std::string id = made.client.id;
  const auto second = account::rotate_client_secret(f.context(), f.alice, id, "1h");
  CHECK(f.knows(id, *made.secret));
  CHECK(f.knows(id, second.secret));
  f.now += 3600;
  CHECK_FALSE(f.knows(id, *made.secret));
  const auto third = account::rotate_client_secret(f.context(), f.alice, id, "");
  CHECK_FALSE(f.knows(id, second.secret));
  CHECK(f.knows(id, third.secret));
  CHECK(refusal_of([&] { account::rotate_client_secret(f.context(), f.alice, id, "9d"); }) ==
        "overlap account_overlap_unknown");
}

TEST_CASE("a deletion says what it breaks and takes the client along") {
  Fixture f;
  const std::string id = f.make(f.alice, "Wiki").client.id;
  f.allow(id, f.alice, 1);
  f.allow(id, f.bob, 2);
  const auto use = account::count_client_use(f.context(), f.alice, id);
  CHECK(use.users == 2);
  CHECK(use.tokens == 3);
  f.now += 3600;
  CHECK(account::count_client_use(f.context(), f.alice, id).tokens == 0);
  CHECK(account::delete_client(f.context(), f.alice, id).name == "Wiki");
  CHECK_FALSE(account::find_client(f.context(), f.alice, id));
  CHECK(f.audit().back() == fmt::format("user:{} client.delete client:{}", f.alice, id));
  CHECK(refusal_of([&] { account::delete_client(f.context(), f.alice, id); }) == "not found");
}

TEST_CASE("another's client, an internal one, a name and a prefix are as unknown as no client") {
  Fixture f;
  const std::string others = f.make(f.bob, "Bobs").client.id;
  const auto mine = f.make(f.alice, "Wiki").client;
  const std::string internal = f.given("Internal", true).id;
  const auto acts = f.audit();
  for (const std::string& id : {others, internal, std::string("none"), std::string(), mine.name,
                                mine.id.substr(0, 10), mine.id + "x"}) {
    CAPTURE(id);
    CHECK_FALSE(account::find_client(f.context(), f.alice, id));
    CHECK(refusal_of([&] { account::update_client(f.context(), f.alice, id, f.form("New")); }) ==
          "not found");
    CHECK(refusal_of([&] { account::rotate_client_secret(f.context(), f.alice, id, ""); }) == "not found");
    CHECK(refusal_of([&] { account::count_client_use(f.context(), f.alice, id); }) == "not found");
    CHECK(refusal_of([&] { account::delete_client(f.context(), f.alice, id); }) == "not found");
  }
  CHECK(f.audit() == acts);
  CHECK(account::find_client(f.context(), f.alice, mine.id)->id == mine.id);
  CHECK(account::list_clients(f.context(), f.alice, {}).total == 1);
}

TEST_CASE("with account.applications = admin users reset and delete, and neither register nor change") {
  Fixture f;
  const std::string id = f.make(f.alice, "Wiki").client.id;
  f.settings.account_applications = "admin";
  const std::string by_admin = " account_applications_by_admin";
  CHECK(f.refusal(f.form("New")) == by_admin);
  CHECK(refusal_of([&] { account::update_client(f.context(), f.alice, id, f.form("New")); }) == by_admin);
  CHECK(refusal_of([&] { account::update_client(f.context(), f.bob, id, f.form("New")); }) == "not found");
  CHECK(account::list_clients(f.context(), f.alice, {}).total == 1);
  CHECK(account::find_client(f.context(), f.alice, id)->name == "Wiki");
  account::rotate_client_secret(f.context(), f.alice, id, "");
  account::delete_client(f.context(), f.alice, id);
}

TEST_CASE("with account.applications = off users have no clients") {
  Fixture f;
  const std::string id = f.make(f.alice, "Wiki").client.id;
  f.settings.account_applications = "off";
  CHECK(account::list_clients(f.context(), f.alice, {}).total == 0);
  CHECK_FALSE(account::find_client(f.context(), f.alice, id));
  CHECK(f.refusal(f.form("New")) == "not found");
  CHECK(refusal_of([&] { account::update_client(f.context(), f.alice, id, f.form("New")); }) == "not found");
  CHECK(refusal_of([&] { account::rotate_client_secret(f.context(), f.alice, id, ""); }) == "not found");
  CHECK(refusal_of([&] { account::count_client_use(f.context(), f.alice, id); }) == "not found");
  CHECK(refusal_of([&] { account::delete_client(f.context(), f.alice, id); }) == "not found");
}

TEST_CASE("clients come in pages by name") {
  Fixture f;
  for (const char* name : {"c", "a", "b"}) f.make(f.alice, name);
  const auto first = account::list_clients(f.context(), f.alice, {2, 0});
  const auto second = account::list_clients(f.context(), f.alice, {2, 2});
  CHECK(first.total == 3);
  REQUIRE(first.rows.size() == 2);
  CHECK(first.rows[0].name == "a");
  CHECK(first.rows[1].name == "b");
  REQUIRE(second.rows.size() == 1);
  CHECK(second.rows[0].name == "c");
}

TEST_CASE("what the rules refuse and no text is there for is refused in general") {
  const auto error = account::form_error(admin::Refused("because"));
  CHECK(error.field.empty());
  CHECK(error.text == "account_refused");
  CHECK(std::string(error.what()) == "because");
  CHECK(account::form_error(admin::Refused("x", {}, {"name", "of_late", {}})).text == "account_refused");
}

TEST_CASE("a reset for a secret that was replaced meanwhile changes nothing, with and without an overlap") {
  Fixture f;
  const auto made = f.make(f.alice, "Wiki");
  const std::string& id = made.client.id;
  const auto reset = [&](const std::string& overlap, const std::string& replaced) {
    return refusal_of([&] { account::rotate_client_secret(f.context(), f.alice, id, overlap, replaced); });
  };
  const auto secrets = [&] { return account::list_client_secrets(f.context(), made.client); };
  const std::string replaced = " account_secret_replaced";
  for (const std::string overlap : {"1h", ""}) {
    f.now += 1;  // secrets are listed by when they were made
    const std::string before = secrets().back().id;
    CHECK(reset(overlap, "") == replaced);
    CHECK(reset(overlap, "unknown") == replaced);
    CHECK(secrets().back().id == before);
    CHECK(reset(overlap, before) == "");
    CHECK(reset(overlap, before) == replaced);
    CHECK(secrets().size() == (overlap.empty() ? 1 : 2));
  }
  admin::revoke_client_secret(f.admin(), id, secrets().back().id);
  CHECK(reset("", "") == "");
  CHECK(reset("", "") == replaced);
}
