#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/db/connection.h"

namespace oauth2::store {

// Where people may sign in with an account that they have elsewhere. What is absent is the preset's.
struct Provider {
  std::string name;
  std::string preset;
  std::optional<std::string> title;
  std::optional<std::string> description;
  std::optional<std::string> icon;  // base64 of an image file
  std::string client_id;
  std::string secret_sealed;
  std::optional<std::string> issuer;
  std::optional<std::string> authorize_url;
  std::optional<std::string> token_url;
  std::optional<std::string> userinfo_url;
  std::optional<std::string> emails_url;
  std::optional<std::string> request_token_url;
  std::optional<std::string> signature_method;
  std::optional<std::vector<std::string>> scope;
  bool hidden = false;
  bool link_only = false;
  std::string signup = "auto";  // auto, ask, off
  bool trust_email = false;
  std::optional<std::int64_t> disabled_at;
  std::int64_t created_at = 0;
  std::int64_t updated_at = 0;

  bool is_enabled() const { return !disabled_at; }
  // Whether anybody gets in by it now.
  bool offers_sign_in() const { return !disabled_at && !hidden && !link_only; }
};

void insert_provider(db::Connection& connection, const Provider& provider);  // db::Conflict: name is taken
void update_provider(db::Connection& connection, const Provider& provider);  // by name
bool delete_provider(db::Connection& connection, std::string_view name);     // with the accounts linked by it

std::optional<Provider> find_provider(db::Connection& connection, std::string_view name);
std::vector<Provider> list_providers(db::Connection& connection);  // by name

}  // namespace oauth2::store
