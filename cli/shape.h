#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace oauth2::cli {

enum class FieldKind { text, number, flag, list, time, seconds, bytes, browser, secret };

struct Field {
  std::string key;
  FieldKind kind = FieldKind::text;
  std::string heading;  // of its column in a list; "" for what only `show` shows
};

// What a command prints: the keys of its records and what each output format makes of them. Known before the
// command runs, so that a wrong -o value=FIELD is refused while nothing has changed.
struct Shape {
  std::string plural;  // "no clients"
  std::vector<Field> fields;
  std::vector<std::string> quiet;  // the first of these that is not null is what -q prints
  std::vector<std::pair<std::string, std::string>> variables;  // of -o env, with the key that each takes
  bool is_document = false;  // keys that are nowhere to be foretold: any -o value=FIELD will do

  const Field* find(std::string_view key) const;
  std::vector<std::string> keys() const;
};

Shape client_shape();
Shape changed_client_shape();  // of a mutation
Shape new_client_shape();      // with its secret
Shape client_secret_shape();
Shape new_client_secret_shape();
Shape verified_secret_shape();
Shape scope_shape();
Shape changed_scope_shape();
Shape user_shape();
Shape changed_user_shape();
Shape reset_link_shape();
Shape token_shape();
Shape changed_token_shape();
Shape new_token_shape();      // with the token itself
Shape revoked_token_shape();  // of leaked ones, line by line, too
Shape verified_token_shape();
Shape inspected_token_shape();
Shape grant_shape();
Shape changed_grant_shape();
Shape session_shape();
Shape changed_session_shape();
Shape key_shape();
Shape listed_key_shape();  // with which of them signs by default
Shape changed_key_shape();
Shape retired_key_shape();  // with how many tokens that ended
Shape provider_shape();
Shape changed_provider_shape();
Shape account_shape();
Shape changed_account_shape();
Shape account_token_shape();
Shape finding_shape();
Shape token_response_shape();  // of RFC 6749
Shape audit_shape();
Shape init_shape();
Shape database_shape();
Shape migrated_shape();
Shape problem_shape();
Shape pruned_shape();
Shape copied_shape();
Shape setting_shape();
Shape version_shape();

}  // namespace oauth2::cli
