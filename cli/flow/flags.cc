#include "cli/flow/flags.h"

#include <fmt/format.h>

#include <cstdlib>

#include "cli/json.h"
#include "cli/secrets.h"
#include "core/fetch/error.h"
#include "core/fetch/url.h"
#include "core/text.h"

namespace oauth2::cli {
namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

std::string require_client_id(const FlowFlags& flags) {
  const std::string id = flags.client_id ? *flags.client_id : environment("OAUTH2_CLIENT_ID");
  if (id.empty()) throw UsageError("--client-id ID is missing", "or OAUTH2_CLIENT_ID in the environment");
  return id;
}

// The database is asked last: most machines that need a token have none.
std::string choose_issuer(const FlowFlags& flags, Console& console) {
  if (flags.issuer) return *flags.issuer;
  if (console.settings().is_default("issuer")) console.look_for_stored_issuer();
  return console.settings().settings.issuer;
}

std::string require_issuer(const FlowFlags& flags, Console& console) {
  const std::string issuer = choose_issuer(flags, console);
  if (issuer.find('?') != std::string::npos) throw UsageError("--issuer: an issuer has no query");
  try {
    fetch::parse_url(issuer);
    return issuer;
  } catch (const fetch::Error& error) {
    throw UsageError(fmt::format("--issuer: {}", error.what()));
  }
}

// Nobody chose the default, which may be anything but a server: the hint says so.
ServerMetadata find_server(const FlowFlags& flags, const std::string& issuer, Console& console) {
  const std::string ca_file = flags.ca_file.value_or("");
  try {
    return fetch_metadata(issuer, ca_file);
  } catch (const fetch::Error& error) {
    if (flags.issuer || !console.settings().is_default("issuer")) throw;
    throw CommandError(Exit::failed, error.what(), "this is the default issuer: --issuer URL names another");
  }
}

}  // namespace

void FlowFlags::declare(Options& options) {
  options.value("--issuer", "URL", issuer, "the server; else the setting 'issuer', else what 'init' stored");
  options.value("--client-id", "ID", client_id, "who asks; else OAUTH2_CLIENT_ID").offers(Offer::client);
  options.value("--client", "ID", client_id, "the same as --client-id").offers(Offer::client);
  options
      .value("--secret-from", "SOURCE", secret_from,
             "its secret: -, env:NAME or file:PATH; else OAUTH2_CLIENT_SECRET; else none, a public client")
      .offers(Offer::source);
  options
      .value("--auth-method", "METHOD", auth_method,
             "client_secret_basic, client_secret_post or none; else what fits")
      .one_of({"client_secret_basic", "client_secret_post", "none"});
  options.list("--scope", "SCOPES", scope, "what to ask for").offers(Offer::scope);
  options.list("--resource", "URI", resource, "for which API the token is (RFC 8707)");
  options.value("--ca-file", "FILE", ca_file, "certificates (PEM) to trust instead of the system's")
      .offers(Offer::file);
  options.on("--header", header, "print only 'Authorization: Bearer TOKEN', as curl -H takes it");
  options.on("--bare", bare, "print only the access token");
}

Remote open_remote(const FlowFlags& flags, Console& console) {
  if (flags.header && flags.bare) throw UsageError("--header and --bare exclude each other");
  if ((flags.header || flags.bare) && console.format() != Format::table)
    throw UsageError("--header and --bare exclude --output");
  if (console.globals().dry_run) throw UsageError("--dry-run cannot be kept: a real server is asked");
  Remote remote;
  remote.client_id = require_client_id(flags);
  remote.ca_file = flags.ca_file.value_or("");
  const std::string asked = flags.auth_method.value_or("");
  if (asked == "none" && flags.secret_from) throw UsageError("--auth-method none takes no --secret-from");
  const std::string issuer = require_issuer(flags, console);
  if (asked != "none") {
    remote.client_secret = flags.secret_from ? read_secret("--secret-from", *flags.secret_from)
                                             : environment("OAUTH2_CLIENT_SECRET");
  }
  choose_auth_method(asked, !remote.client_secret.empty(), {});  // what is wrong whatever the server says
  remote.server = find_server(flags, issuer, console);
  remote.auth_method = choose_auth_method(asked, !remote.client_secret.empty(), remote.server);
  return remote;
}

Form with_scope(const FlowFlags& flags, Form form) {
  if (!flags.scope.empty()) form.emplace_back("scope", text::join(flags.scope));
  for (const std::string& resource : flags.resource) form.emplace_back("resource", resource);
  return form;
}

void print_tokens(const FlowFlags& flags, const JsonDocument& response, Console& console) {
  check_tokens(response);
  const std::string token = response.require_text("access_token");
  const bool as_document = console.format() == Format::json || console.format() == Format::jsonl;
  if (flags.header) {
    const std::string type = response.require_text("token_type");
    if (text::lower(type) != "bearer") {
      throw CommandError(Exit::failed,
                         fmt::format("the token is no bearer token: its type is '{}'", shortened(type)),
                         "--bare");
    }
    console.print_text(fmt::format("Authorization: Bearer {}\n", token));
  } else if (flags.bare) {
    console.print_text(token + "\n");
  } else if (as_document && !console.globals().quiet) {
    console.print_text(response.dump(console.format() == Format::jsonl ? -1 : 2) + "\n");
  } else {
    console.print(read_json_object(response.dump(-1)));
  }
}

}  // namespace oauth2::cli
