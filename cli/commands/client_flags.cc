#include "cli/commands/client_flags.h"

#include "core/protocol/registration.h"
#include "core/protocol/resource.h"
#include "core/text.h"

namespace oauth2::cli {

std::vector<std::string> grant_choices() {
  std::vector<std::string> out;
  for (const auto& type : protocol::registrable_grant_types()) {
    const auto colon = type.name.rfind(':');  // a URN goes by its last word
    out.emplace_back(colon == std::string_view::npos ? type.name : type.name.substr(colon + 1));
  }
  return out;
}

void declare_client_flags(Options& options, admin::ClientFields& fields) {
  options.on_or_off("--public", fields.is_public,
                    "it cannot keep a secret: an app on a phone or in a browser");
  options.words("--grant", "GRANT", fields.grant_types, text::join(grant_choices(), ", "))
      .one_of(grant_choices());
  options.list("--response-type", "TYPE", fields.response_types, "code, token; else what the grants need")
      .one_of({"code", "token"});
  options.list("--redirect-uri", "URI", fields.redirect_uris, "where users come back to; compared exactly");
  options.words("--scope", "SCOPE", fields.scope, "what it may ask for").offers(Offer::scope);
  options.words("--default-scope", "SCOPE", fields.default_scope, "what it gets when it asks for nothing")
      .offers(Offer::scope);
  options
      .value("--auth-method", "METHOD", fields.auth_method,
             text::join(protocol::registrable_auth_methods(), ", "))
      .one_of(protocol::registrable_auth_methods());
  options.value("--description", "TEXT", fields.description,
                "shown to users when they are asked for consent");
  options.value("--website", "URL", fields.client_uri, "its home page");
  options.value("--owner", "USER", fields.owner, "the user it belongs to").offers(Offer::user);
  options.on_or_off("--internal", fields.internal, "it may have internal scopes");
  options.duration("--access-token-ttl", fields.access_token_ttl,
                   "how long its access tokens live; else as the server's setting says");
  options.duration("--refresh-token-ttl", fields.refresh_token_ttl,
                   "how long its refresh tokens live; else as the server's setting says");
  options
      .value("--introspect", "WHOSE", fields.introspect, "whose tokens it may look at: any, audience or own")
      .one_of({"any", "audience", "own"});
  options
      .value("--access-token-format", "FORMAT", fields.access_token_format,
             "opaque: only this server can read its access tokens; jwt: signed ones (RFC 9068)")
      .one_of({"opaque", "jwt"});
  options
      .value("--signing-alg", "ALG", fields.signing_alg,
             "EdDSA, ES256 or RS256: of its tokens, else the server's; of introspection for it, else RS256")
      .one_of(protocol::signing_algs());
  options.list("--resource", "URI", fields.resources,
               "an API that its tokens may be for, where it asks for that (RFC 8707)");
  options.list("--audience", "URI", fields.audiences,
               "an API that it is itself: it may introspect tokens that are for it");
  options.on_or_off("--skip-consent", fields.skip_consent, "first-party: users are not asked for consent");
  options.on_or_off("--require-par", fields.require_par,
                    "only authorization requests that it pushed before count (RFC 9126)");
}

}  // namespace oauth2::cli
