#pragma once

#include <string_view>
#include <vector>

namespace oauth2::federation {

enum class Kind {
  oidc,    // OpenID Connect: endpoints by discovery, who it is from the ID token
  oauth2,  // who it is from the userinfo document alone
  oauth1,  // OAuth 1.0a (RFC 5849)
};

// What one service does in its own way.
enum class Special {
  none,
  github,  // errors come with status 200, e-mail addresses from a document of their own, the id is a number
  orcid,   // who it is stands in the token response (`orcid`, `name`); there is no e-mail
};

// How the token endpoint knows the client. Of OpenID Connect the provider's metadata decides, where it does.
enum class ClientAuth { header, form };

// Where the userinfo document says it: the first of these keys that is there counts.
using Keys = std::vector<std::string_view>;

// What is known of a service; "" where there is nothing. A new one is a row of all_presets().
struct Preset {
  std::string_view name = {};
  std::string_view title = {};    // on the button; "": the provider's own name
  std::string_view summary = {};  // for help texts
  Kind kind = Kind::oidc;
  Special special = Special::none;
  std::string_view issuer = {};
  std::string_view authorize_url = {};
  std::string_view token_url = {};
  std::string_view userinfo_url = {};
  std::string_view emails_url = {};  // GitHub only
  std::string_view request_token_url = {};
  std::string_view signature_method = {};
  std::string_view scope = {};
  bool pkce = true;
  ClientAuth client_auth = ClientAuth::header;
  Keys subject = {"sub"};
  Keys username = {"preferred_username"};
  Keys person_name = {"name"};
  Keys email = {"email"};
  Keys email_verified = {"email_verified"};   // a true there; {}: never verified
  std::vector<std::string_view> needed = {};  // fields that a deployment must give: issuer, token_url …
};

const std::vector<Preset>& all_presets();
const Preset* find_preset(std::string_view name);

}  // namespace oauth2::federation
