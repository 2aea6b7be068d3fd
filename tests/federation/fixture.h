#pragma once

#include <string>

#include "core/admin/users.h"
#include "core/federation/providers.h"
#include "core/federation/sealing.h"
#include "core/store/remote_accounts.h"
#include "tests/admin/fixture.h"

// A deployment with a server's key, and the users and providers that a case asks for.
struct FederationFixture : AdminFixture {
  FederationFixture() {
    ::setenv("OAUTH2_TEST_SERVER_KEY", "a server's key, which is long enough", 1);
    settings.server_key = "env:OAUTH2_TEST_SERVER_KEY";
  }

  oauth2::federation::ServerKey key() const {
    return oauth2::federation::require_server_key(settings, context.db);
  }

  oauth2::federation::NewProvider wanted(const std::string& name,
                                         const std::string& preset = "github") const {
    oauth2::federation::NewProvider made;
    made.name = name;
    made.preset = preset;
    made.fields.client_id = "our-id";
    made.fields.secret = "client-SECRET";
    return made;
  }

  // Answers the user's id.
  std::string add_user(const std::string& username, bool with_password = false) const {
    oauth2::admin::UserFields fields;
    fields.username = username;
    const std::string id =
        oauth2::admin::create_user(context, fields, oauth2::admin::IfExists::refuse).user.id;
    if (with_password) set_password_hash(id);
    return id;
  }

  void link(const std::string& id, const std::string& provider, const std::string& user_id) const {
    oauth2::store::RemoteAccount account;
    account.id = id;
    account.provider = provider;
    account.subject = "subject of " + id;
    account.user_id = user_id;
    account.created_at = context.now;
    context.db.write([&](oauth2::db::Connection& c) { oauth2::store::insert_remote_account(c, account); });
  }

 private:
  // Past the hashing, which takes its time.
  void set_password_hash(const std::string& id) const {
    context.db.write([&](oauth2::db::Connection& connection) {
      oauth2::store::User user = oauth2::store::find_user(connection, id).value();
      user.password_hash = "some hash";
      oauth2::store::update_user(connection, user);
    });
  }
};
