#include "core/protocol/check.h"

#include <algorithm>
#include <array>

#include "core/protocol/error.h"
#include "core/protocol/params.h"
#include "core/protocol/scope.h"
#include "core/text.h"

namespace oauth2::protocol {
namespace {

// access_token is the claim's, where the settings let it be.
constexpr std::array<std::string_view, 5> names = {"scope", "resource", "optional", "session",
                                                   "access_token"};

bool read_flag(const std::string& name, const std::string& value) {
  if (value != "0" && value != "1") throw Error(forbidden_request, name + " must be 0 or 1");
  return value == "1";
}

std::string read_item(const std::string& value) {
  const auto words = parse_scope(value);
  if (!words) throw Error(forbidden_request, "scope has a character that no scope has");
  if (words->empty()) throw Error(forbidden_request, "scope names nothing");
  return text::join(*words);
}

void take(CheckRequest& request, const std::string& name, const std::string& value) {
  if (name == "scope") request.requirement.scopes.push_back(read_item(value));
  if (name == "optional") request.optional = read_flag(name, value);
  if (name == "session") request.session = read_flag(name, value);
  if (name == "resource") {
    if (value.empty()) throw Error(forbidden_request, "resource is empty");
    request.requirement.resource = value;
  }
}

}  // namespace

CheckRequest read_check_request(std::string_view query) {
  CheckRequest request;
  std::vector<std::string> seen;
  for (const std::string_view pair : text::split(query, '&')) {
    if (pair.empty()) continue;
    const auto equals = std::min(pair.find('='), pair.size());
    const auto name = form_decode(pair.substr(0, equals));
    const auto value = form_decode(pair.substr(std::min(equals + 1, pair.size())));
    if (!name || !value) throw Error(forbidden_request, "a parameter is not percent-encoded UTF-8");
    if (std::find(names.begin(), names.end(), *name) == names.end())
      throw Error(forbidden_request, "there is a parameter that /oauth/check does not have");
    const bool again = std::find(seen.begin(), seen.end(), *name) != seen.end();
    if (again && *name != "scope" && *name != "access_token")
      throw Error(forbidden_request, *name + " is there twice");
    seen.push_back(*name);
    take(request, *name, *value);
  }
  return request;
}

Passed check(const Context& context, const BearerClaim& claim, const CheckRequest& request) {
  if (request.optional && !carries_token(context, claim)) return {};
  store::Token token = require_bearer(context, claim, request.requirement);
  return {std::move(token.username), std::move(token.client_id), std::move(token.scope), std::move(token.id)};
}

}  // namespace oauth2::protocol
