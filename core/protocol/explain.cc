#include "core/protocol/explain.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "core/protocol/audience.h"
#include "core/protocol/authorization_request.h"
#include "core/protocol/grant.h"
#include "core/store/client_secrets.h"
#include "core/text.h"

namespace oauth2::protocol {
namespace {

using Result = Finding::Result;

constexpr std::size_t longest_shown = 300;

// What a check came to, in words; "" where there is nothing to add.
using Check = std::function<std::string()>;

void find_out(std::vector<Finding>& findings, std::string name, const Check& check) {
  Finding finding;
  finding.check = std::move(name);
  const bool stopped = std::any_of(findings.begin(), findings.end(),
                                   [](const Finding& before) { return before.result == Result::refused; });
  if (!stopped) {
    try {
      finding.detail = check();
      finding.result = Result::passed;
    } catch (const Error& error) {
      finding.result = Result::refused;
      finding.error = error.code.name;
      finding.detail = error.what();
    }
  }
  findings.push_back(std::move(finding));
}

std::vector<std::string> compared_uris(const AuthorizationRequest& request) {
  std::vector<std::string> lines;
  for (const std::string& uri : request.client.redirect_uris) {
    for (std::string& line : uri_difference(uri, request.redirect_uri)) lines.push_back(std::move(line));
  }
  return lines;
}

// As at the token endpoint: what its pipeline asks of the client before a grant has its say.
store::Client known_client(db::Connection& connection, const Params& params) {
  auto client = store::find_client(connection, params.require("client_id"));
  if (!client) throw Error(invalid_client, "client_id names no client");
  if (client->disabled_at) throw Error(invalid_client, "the client is disabled");
  if (client->owner_disabled_at) throw Error(invalid_client, "the client's owner is disabled");
  return *client;
}

std::string usable_auth_method(const Context& context, db::Connection& connection,
                               const store::Client& client, const std::string& auth_method) {
  const std::string& registered = client.token_endpoint_auth_method;
  if (!auth_method.empty() && auth_method != registered)
    throw Error(invalid_client, fmt::format("the client is registered for {}", registered));
  if (client.is_public()) return "none: a public client sends its client_id alone";
  const auto credentials = store::find_client_credentials(connection, client.id, context.now);
  if (!credentials || credentials->live_secret_hashes.empty())
    throw Error(invalid_client, "the client has no live secret");
  return registered;
}

std::string usable_grant(const Context& context, const Params& params) {
  const Grant* grant = find_grant(params.require("grant_type"));
  if (!grant) throw Error(unsupported_grant_type, "grant_type is not one that this server supports");
  if (!grant->is_offered(context.settings))
    throw Error(unsupported_grant_type, "grant_type is switched off in the server's settings");
  return "";
}

std::string allowed_grant(const store::Client& client, const Params& params) {
  const Grant* grant = find_grant(params.require("grant_type"));
  if (!client.has_grant(grant->type))
    throw Error(unauthorized_client, "the client is not registered for this grant_type");
  if (grant->confidential_only && client.is_public())
    throw Error(unauthorized_client, "this grant_type is for confidential clients");
  return "";
}

std::string allowed_scope(db::Connection& connection, const store::Client& client, const Params& params) {
  const std::string scope = text::join(granted_scope(connection, client, params.find("scope")));
  return scope.empty() ? "none" : scope;
}

std::string allowed_resource(const Context& context, const store::Client& client, const Params& params) {
  const std::string& issuer = context.settings.issuer;
  return text::join(audience_uris(requested_audience(client, params, issuer), issuer));
}

}  // namespace

std::vector<Finding> explain_authorization(const Context& context, const Params& params, bool pushed) {
  return context.db.read([&](db::Connection& connection) {
    std::vector<Finding> findings;
    AuthorizationRequest request;
    for (const AuthorizationRule& rule : authorization_rules()) {
      find_out(findings, std::string(rule.name), [&] {
        rule.check(context, connection, params, pushed, request);
        return rule.outcome ? rule.outcome(context, request) : std::string();
      });
      const bool refused = findings.back().result == Result::refused;
      if (refused && rule.is_about_trust && !request.redirect_uri.empty())
        findings.back().comparison = compared_uris(request);
    }
    return findings;
  });
}

std::vector<Finding> explain_token(const Context& context, const TokenQuestion& question) {
  return context.db.read([&](db::Connection& connection) {
    std::vector<Finding> findings;
    store::Client client;
    const Params& params = question.params;
    find_out(findings, "grant_type is offered", [&] { return usable_grant(context, params); });
    find_out(findings, "client_id names an enabled client", [&] {
      client = known_client(connection, params);
      return std::string();
    });
    find_out(findings, "the client can authenticate",
             [&] { return usable_auth_method(context, connection, client, question.auth_method); });
    find_out(findings, "the client is registered for the grant",
             [&] { return allowed_grant(client, params); });
    find_out(findings, "scope is one the client may ask for",
             [&] { return allowed_scope(connection, client, params); });
    find_out(findings, "resource is one the client may ask for",
             [&] { return allowed_resource(context, client, params); });
    return findings;
  });
}

std::vector<std::string> uri_difference(std::string_view registered, std::string_view sent) {
  // The port of a loopback address may vary (RFC 8252 section 7.3): it is no difference.
  std::size_t in_registered = 0;
  std::size_t in_sent = 0;
  for (const std::string_view host : {"http://127.0.0.1", "http://[::1]"}) {
    if (!registered.starts_with(host) || !sent.starts_with(host)) continue;
    in_registered = std::min(registered.find_first_of("/?", host.size()), registered.size());
    in_sent = std::min(sent.find_first_of("/?", host.size()), sent.size());
  }
  while (in_registered < registered.size() && in_sent < sent.size() &&
         registered[in_registered] == sent[in_sent]) {
    ++in_registered;
    ++in_sent;
  }
  const auto shown = [](std::string_view uri) { return text::escape_controls(uri.substr(0, longest_shown)); };
  const auto character = [&](std::string_view uri, std::size_t at) {
    return at < uri.size() ? fmt::format("'{}'", shown(uri.substr(at, 1))) : std::string("its end");
  };
  // Escaping may have made what stands before the mark longer.
  const std::size_t column = shown(sent.substr(0, in_sent)).size();
  return {fmt::format("registered  {}", shown(registered)), fmt::format("sent        {}", shown(sent)),
          fmt::format("{}^ character {}: registered has {}, sent has {}", std::string(12 + column, ' '),
                      in_sent + 1, character(registered, in_registered), character(sent, in_sent))};
}

}  // namespace oauth2::protocol
