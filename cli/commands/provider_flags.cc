#include "cli/commands/provider_flags.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "cli/exit_code.h"
#include "cli/streams.h"
#include "core/federation/flow.h"
#include "core/federation/presets.h"
#include "core/federation/provider_rules.h"

namespace oauth2::cli {
namespace {

struct File {
  explicit File(const std::string& path) : fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~File() {
    if (fd >= 0) ::close(fd);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int fd;
};

std::string read_image(const std::string& path) {
  const File file(path);
  if (file.fd < 0) {
    const Exit exit = errno == ENOENT   ? Exit::not_found
                      : errno == EACCES ? Exit::not_permitted
                                        : Exit::failed;
    throw CommandError(exit, fmt::format("cannot read {}: {}", path, std::strerror(errno)));
  }
  std::string bytes = read_all(file.fd, path, federation::most_icon_bytes);
  if (bytes.empty()) throw CommandError(Exit::refused, fmt::format("{} is empty", path));
  return bytes;
}

}  // namespace

std::vector<std::string> preset_names() {
  std::vector<std::string> names;
  for (const auto& preset : federation::all_presets()) names.emplace_back(preset.name);
  return names;
}

void ProviderFlags::declare(Options& options) {
  options.value("--client-id", "ID", fields.client_id, "the client id that this server was given there");
  options
      .value("--secret-from", "SOURCE", secret_from,
             "the secret that it was given, of any length: -, env:NAME or file:PATH; else asked for")
      .offers(Offer::source);
  options.value("--issuer", "URL", fields.issuer, "its issuer: where OpenID Connect discovery begins");
  options.value("--authorize-url", "URL", fields.authorize_url, "where people are sent to sign in");
  options.value("--token-url", "URL", fields.token_url, "where a code becomes a token");
  options.value("--userinfo-url", "URL", fields.userinfo_url, "where it says who signed in");
  options.value("--emails-url", "URL", fields.emails_url,
                "github: where the list of e-mail addresses is; else the userinfo URL + /emails");
  options.value("--request-token-url", "URL", fields.request_token_url,
                "oauth1: where temporary credentials come from");
  options
      .value("--signature-method", "METHOD", fields.signature_method,
             "oauth1: HMAC-SHA1, or PLAINTEXT over https")
      .one_of({"HMAC-SHA1", "PLAINTEXT"});
  options.words("--scope", "SCOPE", fields.scope,
                "what to ask for there, in the place of what the preset says");
  options.value("--title", "TEXT", fields.title, "on its button");
  options.value("--description", "TEXT", fields.description, "under its name on the page of linked accounts");
  options.value("--icon", "FILE", icon_file, "PNG, SVG, ICO or WebP of 32 kB or less; \"\" takes it away")
      .offers(Offer::file);
  options.on_or_off("--hidden", fields.hidden, "no button, and nobody can sign in with it");
  options.on_or_off("--link-only", fields.link_only,
                    "people who are signed in link an account for its tokens; nobody signs in with it");
  options
      .value("--signup", "HOW", fields.signup,
             "who is new becomes a user at once (auto, the default), after a form (ask), or not (off)")
      .one_of({"auto", "ask", "off"});
  options.on_or_off("--trust-email", fields.trust_email,
                    "an e-mail that it verified signs in the user here who has it");
}

void ProviderFlags::read_icon() {
  if (icon_file) fields.icon = icon_file->empty() ? "" : read_image(*icon_file);
}

Record record_of(const store::Provider& provider, Console& console) {
  return with(record_of(provider), "redirect_uri",
              federation::redirect_uri(console.settings().settings, provider.name));
}

}  // namespace oauth2::cli
