#include "server/httplib_bridge.h"

#include <httplib.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace oauth2::server {
namespace {

// httplib parses a request line again; ours would lose to its percent-decoding and its table of methods.
constexpr std::string_view stand_in_request = "GET / HTTP/1.1\r\n\r\n";

// Beyond this a response leaves in several pieces rather than being held whole.
constexpr std::size_t flush_size = 65536;

// httplib would act on these by itself (ranges, compression: BREACH), or they were the gate's to answer.
constexpr std::string_view withheld[] = {"Range", "Accept-Encoding", "Expect",
                                         "TE",    "Keep-Alive",      "X-Request-Id"};

bool is_withheld(std::string_view name) {
  return std::any_of(std::begin(withheld), std::end(withheld),
                     [name](std::string_view other) { return equals_ignoring_case(name, other); });
}

class GatheringStream final : public httplib::Stream {
 public:
  GatheringStream(std::string& gathered, const HttplibBridge::Sink& sink)
      : gathered_(gathered), sink_(sink) {}

  bool flush() {
    failed_ = failed_ || !sink_(gathered_);
    gathered_.clear();
    return !failed_;
  }

  bool is_readable() const override { return true; }
  bool is_writable() const override { return !failed_; }

  ssize_t read(char* data, size_t size) override {
    const size_t count = std::min(size, request_.size());
    std::memcpy(data, request_.data(), count);
    request_.remove_prefix(count);
    return static_cast<ssize_t>(count);
  }

  ssize_t write(const char* data, size_t size) override {
    gathered_.append(data, size);
    if (gathered_.size() >= flush_size) flush();
    return failed_ ? -1 : static_cast<ssize_t>(size);
  }

  void get_remote_ip_and_port(std::string&, int&) const override {}
  void get_local_ip_and_port(std::string&, int&) const override {}
  // httplib refuses descriptors above FD_SETSIZE, although nothing here is ever given to select().
  socket_t socket() const override { return 0; }

 private:
  std::string& gathered_;
  const HttplibBridge::Sink& sink_;
  std::string_view request_ = stand_in_request;
  bool failed_ = false;
};

void answer_500(httplib::Response& response) {
  response.status = 500;
  response.headers.clear();
  response.headers.emplace("Cache-Control", "no-store");
  response.headers.emplace("X-Content-Type-Options", "nosniff");
  response.set_content(R"({"error":"server_error","error_description":"the request could not be completed"})",
                       "application/json");
}

// A line break or NUL would end the field early: what follows would be the client's to choose.
bool has_unsafe_field(const httplib::Headers& headers) {
  const auto is_unsafe = [](const std::string& text) {
    return std::any_of(text.begin(), text.end(), [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
  };
  return std::any_of(headers.begin(), headers.end(),
                     [&](const auto& field) { return is_unsafe(field.first) || is_unsafe(field.second); });
}

void set_field(httplib::Response& response, const char* name, std::string_view value) {
  response.headers.erase(name);
  response.headers.emplace(name, value);
}

}  // namespace

class HttplibBridge::Server final : private httplib::Server {
 public:
  Server(const Gate::Handler& handler, Sink sink) : handler_(handler), sink_(std::move(sink)) {
    // Every request ends here, so that no route, and so no regular expression, is ever tried.
    set_pre_routing_handler([this](const httplib::Request& request, httplib::Response& response) {
      run_handler(request, response);
      return HandlerResponse::Handled;
    });
    set_exception_handler([](const httplib::Request&, httplib::Response& response, std::exception_ptr) {
      answer_500(response);
    });
    set_post_routing_handler(
        [this](const httplib::Request&, httplib::Response& response) { finish(response); });
  }

  bool answer(Exchange& exchange) {
    exchange_ = &exchange;
    gathered_.clear();
    GatheringStream stream(gathered_, sink_);
    bool closed = false;
    // "Close" always: the other branch of httplib formats a Keep-Alive field that finish() would only drop
    // again.
    const bool processed =
        process_request(stream, true, closed, [this](httplib::Request& request) { fill(request); });
    exchange_ = nullptr;
    return stream.flush() && processed;
  }

 private:
  void fill(httplib::Request& request) {
    const Head& head = exchange_->head;
    request.method = head.method;
    request.target = head.target;
    request.path = head.path;
    request.version = head.minor_version == 0 ? "HTTP/1.0" : "HTTP/1.1";
    request.remote_addr = exchange_->remote_address;
    request.body = std::move(exchange_->body);
    request.params.clear();
    request.headers.clear();
    for (const HeadField& field : head.fields) {
      if (!is_withheld(field.name)) request.headers.emplace(field.name, field.value);
    }
    request.headers.emplace("X-Request-Id", exchange_->request_id);
  }

  void run_handler(const httplib::Request& request, httplib::Response& response) {
    if (request.path == "*") {  // OPTIONS * (RFC 9110, 9.3.7) asks about the server, not about a resource
      response.status = 204;
      response.headers.emplace("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
      return;
    }
    handler_(request, response);
    // Framing is httplib's to state, once.
    response.headers.erase("Content-Length");
    response.headers.erase("Transfer-Encoding");
    const auto connection = response.headers.find("Connection");
    if (connection != response.headers.end() && equals_ignoring_case(connection->second, "close")) {
      exchange_->keep_alive = false;
    }
    if (has_unsafe_field(response.headers)) answer_500(response);
  }

  // After httplib has added its own fields and before they are written.
  void finish(httplib::Response& response) {
    response.headers.erase("Keep-Alive");
    response.headers.erase("Accept-Ranges");
    if (response.status == 204 || response.status == 304) {
      response.headers.erase("Content-Length");
      response.headers.erase("Content-Type");
      response.body.clear();
    }
    set_field(response, "Date", exchange_->date);
    set_field(response, "X-Request-Id", exchange_->request_id);
    response.headers.erase("Connection");
    if (exchange_->stopping.load()) exchange_->keep_alive = false;
    if (!exchange_->keep_alive) {
      response.headers.emplace("Connection", "close");
    } else if (exchange_->head.minor_version == 0) {
      response.headers.emplace("Connection", "keep-alive");
    }
  }

  const Gate::Handler& handler_;
  Sink sink_;
  Exchange* exchange_ = nullptr;
  std::string gathered_;
};

HttplibBridge::HttplibBridge(const Gate::Handler& handler, Sink sink)
    : server_(std::make_unique<Server>(handler, std::move(sink))) {}

HttplibBridge::~HttplibBridge() = default;

bool HttplibBridge::answer(Exchange& exchange) { return server_->answer(exchange); }

}  // namespace oauth2::server
