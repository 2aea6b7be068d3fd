#pragma once

#include <doctest/doctest.h>
#include <httplib.h>

#include <atomic>
#include <functional>
#include <limits>
#include <string>
#include <thread>
#include <utility>
#include <vector>

// A cpp-httplib server on a free port, for as long as the object lives.
class Served {
 public:
  explicit Served(const std::function<void(httplib::Server&)>& set_up) {
    set_up(server_);
    server_.set_tcp_nodelay(true);
    server_.set_keep_alive_max_count(std::numeric_limits<std::size_t>::max());
    server_.set_keep_alive_timeout(60);  // whoever keeps a connection ends it first
    port_ = server_.bind_to_any_port("127.0.0.1");
    REQUIRE(port_ > 0);
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) std::this_thread::yield();
  }
  ~Served() {
    server_.stop();
    thread_.join();
  }
  Served(const Served&) = delete;
  Served& operator=(const Served&) = delete;

  std::string url(const std::string& path = "") const {
    return "http://127.0.0.1:" + std::to_string(port_) + path;
  }
  int port() const { return port_; }

 private:
  httplib::Server server_;
  int port_ = 0;
  std::thread thread_;
};

// One request with these header fields, which may repeat.
inline httplib::Response ask(const Served& served, const std::string& path,
                             const httplib::Headers& fields = {}, const std::string& method = "GET") {
  httplib::Client client("127.0.0.1", served.port());
  httplib::Request request;
  request.method = method;
  request.path = path;
  request.headers = fields;
  auto result = client.send(request);
  REQUIRE(result);
  return *result;
}

inline httplib::Headers bearer(const std::string& token) { return {{"Authorization", "Bearer " + token}}; }
