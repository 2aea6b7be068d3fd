#include "core/fetch/fetch.h"

#include <fmt/format.h>

#include <iterator>

#include "core/fetch/answer.h"
#include "core/fetch/connection.h"
#include "core/text.h"

namespace oauth2::fetch {
namespace {

using std::chrono::steady_clock;

std::string head_of(const Request& request, const Url& url, bool keep) {
  std::string head =
      fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\n", request.method, url.target(), url.authority());
  if (!keep) head += "Connection: close\r\n";
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
  const std::string head = head_of(request, url, false);
  const auto now = steady_clock::now();
  Connection connection(url, request.ca_file, now + request.connect_timeout, now + request.timeout);
  connection.write(head + request.body);
  return read_answer([&] { return connection.read(); }, request.method, request.most_body_bytes);
}

struct KeptConnections::Kept {
  std::string place;
  std::unique_ptr<Connection> connection;
  steady_clock::time_point since;
};

KeptConnections::KeptConnections(std::size_t most, std::chrono::seconds longest)
    : most_(most), longest_(longest) {}

KeptConnections::~KeptConnections() = default;

std::unique_ptr<Connection> KeptConnections::take(const std::string& place) {
  const auto now = steady_clock::now();
  std::vector<Kept> dead;  // closed after the lock
  std::lock_guard lock(mutex_);
  for (auto one = kept_.rbegin(); one != kept_.rend();) {
    const bool fresh = now - one->since < longest_ && one->connection->is_quiet();
    if (fresh && one->place != place) {
      ++one;
      continue;
    }
    Kept taken = std::move(*one);
    one = std::make_reverse_iterator(kept_.erase(std::next(one).base()));
    if (fresh) return std::move(taken.connection);
    dead.push_back(std::move(taken));
  }
  return nullptr;
}

void KeptConnections::keep(const std::string& place, std::unique_ptr<Connection> connection) {
  std::vector<Kept> oldest;  // closed after the lock
  std::lock_guard lock(mutex_);
  kept_.push_back({place, std::move(connection), steady_clock::now()});
  if (kept_.size() <= most_) return;
  oldest.push_back(std::move(kept_.front()));
  kept_.erase(kept_.begin());
}

Response KeptConnections::request(const Request& request) {
  const Url url = parse_url(request.url);
  const std::string message = head_of(request, url, true) + request.body;
  const std::string place = url.origin() + '\n' + request.ca_file;
  const auto now = steady_clock::now();
  const auto done_by = now + request.timeout;
  for (std::unique_ptr<Connection> connection = take(place);; connection = nullptr) {
    const bool used_before = connection != nullptr;
    bool answered = false;
    try {
      if (used_before) connection->set_deadline(done_by);
      if (!used_before)
        connection =
            std::make_unique<Connection>(url, request.ca_file, now + request.connect_timeout, done_by);
      connection->write(message);
      const auto read = [&] {
        std::string bytes = connection->read();
        answered = answered || !bytes.empty();
        return bytes;
      };
      bool reusable = false;
      Response response = read_answer(read, request.method, request.most_body_bytes, &reusable);
      if (reusable) keep(place, std::move(connection));
      return response;
    } catch (const Error& error) {
      // The server ended it while the request was on its way.
      const bool stale = used_before && !answered && error.kind != Error::Kind::timed_out;
      if (!stale) throw;
    }
  }
}

}  // namespace oauth2::fetch
