#include "core/resource_server/remote.h"

#include <fmt/format.h>

#include "core/protocol/scope.h"
#include "core/resource_server/resource_server.h"
#include "core/text.h"
#include "core/time.h"

namespace oauth2::resource_server {

Clock clock_or_system(Clock clock) {
  return clock ? std::move(clock) : Clock([] { return now_seconds(); });
}

void require_allowed_url(std::string_view option, const std::string& url) {
  try {
    fetch::parse_url(url);
  } catch (const fetch::Error& error) {
    throw std::invalid_argument(fmt::format("{}: {}", option, error.what()));
  }
}

std::vector<std::string> scopes_of(const JsonDocument& document) {
  auto scopes = protocol::parse_scope(document.text("scope").value_or(""));
  if (!scopes) throw WrongMember("scope", "is no scope");
  return std::move(*scopes);
}

JsonDocument fetch_document(fetch::KeptConnections& connections, const fetch::Request& request,
                            std::string_view what, Pause& pause) {
  fetch::Response response;
  try {
    response = connections.request(request);
  } catch (const fetch::Error& error) {
    using Kind = fetch::Error::Kind;
    if (error.kind == Kind::cannot_connect || error.kind == Kind::timed_out) pause.begin();
    throw Unavailable(fmt::format("{}: {}", what, error.what()));
  }
  if (response.status != 200) throw Unavailable(fmt::format("{}: it answered {}", what, response.status));
  const std::string_view type = response.field("Content-Type");
  const std::string essence = text::lower(text::trim(type.substr(0, type.find(';'))));
  auto document = JsonDocument::parse(response.body);
  if (!document || (essence != "application/json" && essence != "application/jwk-set+json"))
    throw Unavailable(fmt::format("{}: its answer is no JSON object", what));
  return std::move(*document);
}

}  // namespace oauth2::resource_server
