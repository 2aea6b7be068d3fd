#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/admin/context.h"
#include "core/store/providers.h"

// What an administrator does about providers, known by their exact names. All throw NotFound, AlreadyExists,
// Refused or ServerKeyError, and then nothing has changed.
namespace oauth2::federation {

// What is named is set; what is absent is left alone (update) or is the preset's (create). "" is the preset's
// again, or nothing where it has none; so is an empty scope.
struct ProviderFields {
  std::optional<std::string> client_id;
  std::optional<std::string> secret;  // as it was given there, of any length
  std::optional<std::string> issuer;
  std::optional<std::string> authorize_url;
  std::optional<std::string> token_url;
  std::optional<std::string> userinfo_url;
  std::optional<std::string> emails_url;
  std::optional<std::string> request_token_url;
  std::optional<std::string> signature_method;  // HMAC-SHA1, PLAINTEXT
  std::optional<std::vector<std::string>> scope;
  std::optional<std::string> title;
  std::optional<std::string> description;
  std::optional<std::string> icon;  // the bytes of an image file
  std::optional<bool> hidden;
  std::optional<bool> link_only;
  std::optional<std::string> signup;  // auto, ask, off
  std::optional<bool> trust_email;
};

struct NewProvider {
  std::string name;
  std::string preset;
  ProviderFields fields;  // client_id and secret are needed
  admin::IfExists if_exists = admin::IfExists::refuse;
};

struct ProviderResult {
  store::Provider provider;
  bool changed = false;
  std::int64_t stranded = 0;  // accounts whose subjects were given by another issuer or another document
};

// A preset stays what it is: who somebody is at one service must not become somebody else at another.
ProviderResult create_provider(const admin::Context& context, const NewProvider& wanted);
ProviderResult update_provider(const admin::Context& context, std::string_view name,
                               const ProviderFields& fields);
ProviderResult enable_provider(const admin::Context& context, std::string_view name);
ProviderResult disable_provider(const admin::Context& context, std::string_view name);
ProviderResult delete_provider(const admin::Context& context, std::string_view name);  // what it was

store::Provider require_provider(const admin::Context& context, std::string_view name);
store::Provider require_provider(db::Connection& connection, std::string_view name);
std::vector<store::Provider> list_providers(const admin::Context& context);

// What a deletion takes along.
struct ProviderUse {
  std::int64_t accounts = 0;
  std::int64_t only_let_in = 0;  // users whom nothing else lets in
};
ProviderUse count_provider_use(const admin::Context& context, std::string_view name);

}  // namespace oauth2::federation
