#include "core/federation/remote.h"

#include <fmt/format.h>

#include <algorithm>

namespace oauth2::federation {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t most_body_bytes = 1'048'576;
constexpr std::size_t longest_error = 60;

FailureKind kind_of(const fetch::Error& error) {
  switch (error.kind) {
    case fetch::Error::Kind::cannot_connect:
    case fetch::Error::Kind::tls:
    case fetch::Error::Kind::timed_out:
    case fetch::Error::Kind::lost:
      return FailureKind::provider_down;
    default:
      return FailureKind::bad_answer;
  }
}

}  // namespace

Remote reach(const Outside& outside, const store::Provider& provider, std::int64_t now) {
  return {outside, resolve(provider, outside.server_key), now, steady_clock::now() + outside.patience};
}

fetch::Response ask(const Remote& remote, std::string_view whom, fetch::Request request) {
  const auto left = std::chrono::duration_cast<milliseconds>(remote.deadline - steady_clock::now());
  if (left <= milliseconds(0))
    throw Failure(FailureKind::provider_down, fmt::format("{}: no time is left to ask it", whom));
  request.connect_timeout = request.timeout = std::min(left, remote.outside.timeout);
  request.most_body_bytes = most_body_bytes;
  request.fields.emplace_back("Accept", "application/json");
  request.fields.emplace_back("User-Agent", "oauth2ctl");  // GitHub answers nobody without a name
  try {
    const fetch::Response response = fetch::request(request);
    if (response.status == 429 || response.status >= 500)
      throw unexpected_status(FailureKind::provider_down, whom, response);
    if (response.status / 100 == 3) throw unexpected_status(FailureKind::bad_answer, whom, response);
    return response;
  } catch (const fetch::Error& error) {
    throw Failure(kind_of(error), fmt::format("{}: {}", whom, error.what()));
  }
}

JsonDocument ask_for_document(const Remote& remote, std::string_view whom, fetch::Request request) {
  const fetch::Response response = ask(remote, whom, std::move(request));
  if (response.status != 200) {
    const bool refused = response.status == 401;
    throw unexpected_status(refused ? FailureKind::token_refused : FailureKind::bad_answer, whom, response);
  }
  return require_document(whom, response);
}

JsonDocument require_document(std::string_view whom, const fetch::Response& response) {
  auto document = JsonDocument::parse(response.body);
  if (!document) throw Failure(FailureKind::bad_answer, fmt::format("{}: it answers no JSON object", whom));
  return std::move(*document);
}

Failure unexpected_status(FailureKind kind, std::string_view whom, const fetch::Response& response) {
  return Failure(kind, fmt::format("{}: it answers {}{}", whom, response.status,
                                   response.status / 100 == 3 ? ", a redirect, which is not followed" : ""));
}

std::string shown_error(std::string_view code) {
  const bool is_shown =
      !code.empty() && code.size() <= longest_error &&
      std::all_of(code.begin(), code.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
  return is_shown ? std::string(code) : "an error with a strange code";
}

std::string with_query(const std::string& url, const std::string& parameters) {
  return url + (url.find('?') == std::string::npos ? '?' : '&') + parameters;
}

}  // namespace oauth2::federation
