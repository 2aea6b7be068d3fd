#include "core/protocol/audience.h"

#include <algorithm>

#include "core/protocol/error.h"
#include "core/protocol/resource.h"
#include "core/text.h"

namespace oauth2::protocol {
namespace {

bool contains(const std::vector<std::string>& uris, std::string_view uri) {
  return std::find(uris.begin(), uris.end(), uri) != uris.end();
}

bool may_ask_for(const store::Client& client, std::string_view uri, std::string_view issuer) {
  return uri == issuer || contains(client.resources, uri);
}

// As it is kept.
std::optional<std::string> audience_of(std::vector<std::string> uris, std::string_view issuer) {
  std::sort(uris.begin(), uris.end());
  uris.erase(std::unique(uris.begin(), uris.end()), uris.end());
  if (uris.size() == 1 && uris.front() == issuer) return std::nullopt;
  return text::join(uris);
}

// Each of `resource` as it came.
std::vector<std::string> allowed_resources(const store::Client& client, const Params& params,
                                           std::string_view issuer) {
  auto uris = params.find_all("resource");
  for (const std::string& uri : uris) {
    if (may_ask_for(client, uri, issuer)) continue;
    if (const auto problem = resource_problem(uri))
      throw Error(invalid_target, "resource is malformed: " + *problem);
    throw Error(invalid_target, "resource has one that the client is not registered for");
  }
  return uris;
}

}  // namespace

std::vector<std::string> audience_uris(const std::optional<std::string>& audience, std::string_view issuer) {
  if (!audience) return {std::string(issuer)};
  return text::words(*audience);
}

bool has_audience(const store::Token& token, std::string_view uri, std::string_view issuer) {
  return token.audience ? contains(text::words(*token.audience), uri) : uri == issuer;
}

std::optional<std::string> requested_audience(const store::Client& client, const Params& params,
                                              std::string_view issuer) {
  auto uris = allowed_resources(client, params, issuer);
  if (uris.empty()) return std::nullopt;
  return audience_of(std::move(uris), issuer);
}

std::optional<std::string> narrowed_audience(const store::Client& client,
                                             const std::optional<std::string>& granted, const Params& params,
                                             std::string_view issuer) {
  auto wanted = allowed_resources(client, params, issuer);
  if (wanted.empty() && !granted) return std::nullopt;  // nearly always
  auto uris = audience_uris(granted, issuer);
  if (!wanted.empty()) {
    const auto is_granted = [&](const std::string& uri) { return contains(uris, uri); };
    if (!std::all_of(wanted.begin(), wanted.end(), is_granted))
      throw Error(invalid_target, "resource has one that was not granted");
    return audience_of(std::move(wanted), issuer);
  }
  std::erase_if(uris, [&](const std::string& uri) { return !may_ask_for(client, uri, issuer); });
  if (uris.empty()) throw Error(invalid_target, "the client may ask for none of its resources any more");
  return audience_of(std::move(uris), issuer);
}

}  // namespace oauth2::protocol
