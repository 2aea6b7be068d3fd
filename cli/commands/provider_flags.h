#pragma once

#include <string>
#include <vector>

#include "cli/console.h"
#include "cli/options.h"
#include "cli/record.h"
#include "core/federation/providers.h"

namespace oauth2::cli {

struct ProviderFlags {
  federation::ProviderFields fields;
  std::optional<std::string> secret_from;
  std::optional<std::string> icon_file;

  void declare(Options& options);  // those that `provider create` and `provider update` share
  void read_icon();                // CommandError where it cannot be read
};

std::vector<std::string> preset_names();

// With the URL that is to be registered there, as `redirect_uri`.
Record record_of(const store::Provider& provider, Console& console);

}  // namespace oauth2::cli
