#include "core/protocol/explain.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "core/protocol/audience.h"
#include "core/protocol/authorization_request.h"
#include "core/protocol/grant.h"
#include "core/protocol/redirect_difference.h"
#include "core/protocol/stored_request.h"
#include "core/store/client_secrets.h"
#include "core/text.h"

namespace oauth2::protocol {
namespace {

using Result = Finding::Result;

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

// The one of the two that find_source() goes by.
std::string_view stored_name(const Params& params) {
  return params.has("request_id") && !params.has("client_id") ? "request_id" : "request_uri";
}

// As the authorization endpoint finds them, which may be somewhere else.
RequestSource usable_source(const Context& context, db::Connection& connection, const Params& params) {
  auto found = find_source(context, connection, params);
  if (auto* source = std::get_if<RequestSource>(&found)) return std::move(*source);
  const std::string_view name = stored_name(params);
  switch (std::get<Stale>(found)) {
    case Stale::expired:
      throw Error(invalid_request, fmt::format("the request that {} names has expired", name));
    case Stale::answered:
      throw Error(invalid_request, fmt::format("the request that {} names was used already", name));
    default:
      throw Error(
          invalid_request,
          fmt::format("{} names no request of this server, or one that expired and was removed", name));
  }
}

std::string origin_in_words(const Params& params, const RequestSource& source) {
  if (!source.hash) return "its own parameters";
  return fmt::format("those of the {} request that {} names", source.pushed ? "pushed" : "stored",
                     stored_name(params));
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

std::vector<Finding> explain_authorization(const Context& context, std::string_view query, bool pushed) {
  return context.db.read([&](db::Connection& connection) {
    std::vector<Finding> findings;
    RequestSource source;
    find_out(findings, "the request can be read", [&] {
      const Params params = Params::parse_noting_repeats(query);
      source = usable_source(context, connection, params);
      return origin_in_words(params, source);
    });
    AuthorizationRequest request;
    for (const AuthorizationRule& rule : authorization_rules()) {
      find_out(findings, std::string(rule.name), [&] {
        rule.check(context, connection, source.params, pushed || source.pushed, request);
        return rule.outcome ? rule.outcome(context, request) : std::string();
      });
      const bool refused = findings.back().result == Result::refused;
      if (refused && rule.is_about_trust && !request.redirect_uri.empty())
        findings.back().comparison = redirect_difference(request.client.redirect_uris, request.redirect_uri);
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

}  // namespace oauth2::protocol
