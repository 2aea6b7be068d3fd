#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cli/exit_code.h"
#include "cli/flow/form.h"
#include "cli/flow/server_metadata.h"
#include "core/json_document.h"

namespace oauth2::cli {

// An error of RFC 6749, in the server's own words.
struct Refusal : CommandError {
  Refusal(const std::string& error, const std::optional<std::string>& description, int status = 0,
          const std::string& hint = {});
  std::string error;
};

// The beginning of what a server wrote, for a message.
std::string shortened(std::string_view text);

// "302, a redirect, which is not followed"
std::string status_text(int status);
Exit exit_of_status(int status);

enum class AuthMethod { none, client_secret_basic, client_secret_post };

// Who asks whom.
struct Remote {
  ServerMetadata server;
  std::string client_id;
  std::string client_secret;
  AuthMethod auth_method = AuthMethod::none;
  std::string ca_file;
};

// "" for what fits the client and the server. UsageError where nothing does.
AuthMethod choose_auth_method(std::string_view asked, bool has_secret, const ServerMetadata& server);

// Posts `form` as the client and answers the JSON object that came. Throws Refusal, CommandError,
// fetch::Error.
JsonDocument post(const Remote& remote, const std::string& endpoint, Form form);

// What a response of the token endpoint must be (RFC 6749 section 5.1) to be of use: else CommandError.
void check_tokens(const JsonDocument& response);

}  // namespace oauth2::cli
