#include "core/fetch/fetch.h"

#include <fmt/format.h>

#include "core/fetch/answer.h"
#include "core/fetch/connection.h"
#include "core/text.h"

namespace oauth2::fetch {
namespace {

std::string head_of(const Request& request, const Url& url) {
  std::string head = fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n", request.method,
                                 url.target(), url.authority());
  if (!request.body.empty() || request.method == "POST")
    head += fmt::format("Content-Length: {}\r\n", request.body.size());
  for (const auto& [name, value] : request.fields) {
    if (text::has_control(name) || text::has_control(value))
      throw Error(Error::Kind::not_allowed, "a header field of the request has control characters");
    head += fmt::format("{}: {}\r\n", name, value);
  }
  return head + "\r\n";
}

}  // namespace

std::string_view Response::field(std::string_view name) const {
  for (const auto& [found, value] : fields) {
    if (text::lower(found) == text::lower(name)) return value;
  }
  return {};
}

Response request(const Request& request) {
  const Url url = parse_url(request.url);
  const std::string head = head_of(request, url);
  const auto now = std::chrono::steady_clock::now();
  Connection connection(url, request.ca_file, now + request.connect_timeout, now + request.timeout);
  connection.write(head + request.body);
  return read_answer([&] { return connection.read(); }, request.method, request.most_body_bytes);
}

}  // namespace oauth2::fetch
