#include "core/federation/oauth1_flow.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "core/crypto/base64url.h"
#include "core/crypto/hash.h"
#include "core/crypto/random.h"
#include "core/protocol/error.h"
#include "core/text.h"

namespace oauth2::federation {
namespace {

using protocol::form_decode;
using protocol::form_encode;  // RFC 5849 section 3.6 wants the same
using protocol::Params;

// Section 3.4.1.2: scheme and host in lowercase, no default port, no query.
std::string base_uri(std::string_view url) {
  url = url.substr(0, url.find('?'));
  const auto scheme_end = std::min(url.find("://"), url.size());
  const auto path = std::min(url.find('/', std::min(scheme_end + 3, url.size())), url.size());
  std::string origin = text::lower(url.substr(0, path));
  const std::string_view default_port = origin.starts_with("https:") ? ":443" : ":80";
  if (origin.ends_with(default_port)) origin.resize(origin.size() - default_port.size());
  return origin + (path == url.size() ? "/" : std::string(url.substr(path)));
}

void add_query(Pairs& parameters, std::string_view url) {
  const auto question = url.find('?');
  if (question == url.npos) return;
  for (const std::string_view pair : text::split(url.substr(question + 1), '&')) {
    if (pair.empty()) continue;
    const auto equals = std::min(pair.find('='), pair.size());
    const auto value = pair.substr(std::min(equals + 1, pair.size()));
    parameters.emplace_back(form_decode(pair.substr(0, equals)).value_or(""),
                            form_decode(value).value_or(""));
  }
}

// Section 3.5.1: the request with its Authorization header.
fetch::Request signed_request(const Remote& remote, const std::string& method, const std::string& url,
                              const Credentials& credentials, const Pairs& more = {}) {
  const Resolved& own = remote.provider;
  Pairs parameters = {{"oauth_consumer_key", own.client_id},
                      {"oauth_nonce", crypto::random_base62(22)},
                      {"oauth_signature_method", own.signature_method},
                      {"oauth_timestamp", std::to_string(remote.now)},
                      {"oauth_version", "1.0"}};
  if (!credentials.token.empty()) parameters.emplace_back("oauth_token", credentials.token);
  parameters.insert(parameters.end(), more.begin(), more.end());
  parameters.emplace_back("oauth_signature", oauth1_signature(own.signature_method,
                                                              signature_base_string(method, url, parameters),
                                                              own.client_secret, credentials.secret));
  std::vector<std::string> fields;
  for (const auto& [name, value] : parameters)
    fields.push_back(fmt::format("{}=\"{}\"", name, form_encode(value)));
  fetch::Request request;
  request.method = method;
  request.url = url;
  request.fields = {{"Authorization", "OAuth " + text::join(fields, ", ")}};
  return request;
}

struct CredentialsAnswer {
  Credentials credentials;
  bool callback_confirmed = false;
};

// A form with a token and its secret, which may be empty.
CredentialsAnswer ask_for_credentials(const Remote& remote, std::string_view whom, fetch::Request request) {
  const fetch::Response response = ask(remote, whom, std::move(request));
  if (response.status / 100 != 2) {
    const bool refused = response.status == 400 || response.status == 401 || response.status == 403;
    throw unexpected_status(refused ? FailureKind::token_refused : FailureKind::bad_answer, whom, response);
  }
  try {
    const Params form = Params::parse(text::trim(response.body));
    const CredentialsAnswer answer{
        {form.require("oauth_token"), form.find("oauth_token_secret").value_or("")},
        form.find("oauth_callback_confirmed") == "true"};
    if (!text::has_control(answer.credentials.token)) return answer;
  } catch (const protocol::Error&) {
  }
  throw Failure(FailureKind::bad_answer, fmt::format("{}: its answer has no token", whom));
}

void refuse_what_was_denied(const Params& query) {
  // RFC 5849 names no way to say no; these are the ones in use.
  const std::string problem = query.find("oauth_problem").value_or(query.find("error").value_or(""));
  if (query.has("denied") || problem == "user_refused" || problem == "permission_denied" ||
      problem == "access_denied")
    throw Failure(FailureKind::denied, "the person said no at the provider");
  if (!problem.empty())
    throw Failure(FailureKind::bad_answer, "the provider answers " + shown_error(problem));
}

}  // namespace

std::string signature_base_string(std::string_view method, std::string_view url, Pairs parameters) {
  add_query(parameters, url);
  for (auto& [name, value] : parameters) {
    name = form_encode(name);
    value = form_encode(value);
  }
  std::sort(parameters.begin(), parameters.end());
  std::vector<std::string> pairs;
  for (const auto& [name, value] : parameters) pairs.push_back(name + "=" + value);
  return fmt::format("{}&{}&{}", method, form_encode(base_uri(url)), form_encode(text::join(pairs, "&")));
}

std::string oauth1_signature(std::string_view signature_method, std::string_view base_string,
                             std::string_view client_secret, std::string_view token_secret) {
  const std::string key = form_encode(client_secret) + "&" + form_encode(token_secret);
  if (signature_method == "PLAINTEXT") return key;
  if (signature_method == "HMAC-SHA1") return crypto::base64(crypto::hmac_sha1(key, base_string));
  throw std::runtime_error("the signature method of a provider is neither HMAC-SHA1 nor PLAINTEXT");
}

Credentials request_token(const Remote& remote, const std::string& callback) {
  constexpr std::string_view whom = "request token endpoint";
  const auto answer = ask_for_credentials(
      remote, whom,
      signed_request(remote, "POST", remote.provider.request_token_url, {}, {{"oauth_callback", callback}}));
  // Without it the provider is one of OAuth 1.0, where whoever began a sign-in can have another finish it.
  if (!answer.callback_confirmed)
    throw Failure(FailureKind::bad_answer, fmt::format("{}: it does not confirm the callback", whom));
  return answer.credentials;
}

std::string oauth1_authorization_url(const Remote& remote, const std::string& token) {
  return with_query(remote.provider.authorize_url, "oauth_token=" + form_encode(token));
}

Credentials redeem_verifier(const Remote& remote, const Credentials& temporary, const Params& query) {
  refuse_what_was_denied(query);
  if (!crypto::equal_in_constant_time(query.find("oauth_token").value_or(""), temporary.token))
    throw Failure(FailureKind::mixed_up, "the answer is about another request token");
  const auto verifier = query.find("oauth_verifier");
  if (!verifier) throw Failure(FailureKind::bad_answer, "the answer has no oauth_verifier");
  return ask_for_credentials(remote, "token endpoint",
                             signed_request(remote, "POST", remote.provider.token_url, temporary,
                                            {{"oauth_verifier", *verifier}}))
      .credentials;
}

JsonDocument ask_as_user(const Remote& remote, const Credentials& credentials) {
  return ask_for_document(remote, "userinfo endpoint",
                          signed_request(remote, "GET", remote.provider.userinfo_url, credentials));
}

}  // namespace oauth2::federation
