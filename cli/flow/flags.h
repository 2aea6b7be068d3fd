#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/console.h"
#include "cli/flow/remote.h"
#include "cli/options.h"

namespace oauth2::cli {

// The flags that all `flow` commands share.
struct FlowFlags {
  std::optional<std::string> issuer;
  std::optional<std::string> client_id;
  std::optional<std::string> secret_from;
  std::optional<std::string> auth_method;
  std::vector<std::string> scope;
  std::vector<std::string> resource;
  std::optional<std::string> ca_file;
  bool header = false;
  bool bare = false;

  void declare(Options& options);
};

// Judges the flags, asks the server for its metadata, and answers all that its endpoints need.
Remote open_remote(const FlowFlags& flags, Console& console);

// `form` with scope and resource, where they are given.
Form with_scope(const FlowFlags& flags, Form form);

// A token response, as the flags want it.
void print_tokens(const FlowFlags& flags, const JsonDocument& response, Console& console);

}  // namespace oauth2::cli
