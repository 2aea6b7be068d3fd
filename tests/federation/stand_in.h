#pragma once

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include "core/text.h"
#include "tests/loopback.h"

// A provider on this machine, as far as a test needs one: a small HTTP server that answers by path.
class StandIn {
 public:
  struct Request {
    std::string method;
    std::string path;
    std::string query;
    std::string authorization;
    std::string head;
    std::string body;
  };
  struct Response {
    int status = 200;
    std::string body;
    std::string type = "application/json";
    std::string more = "";  // header lines
    bool hangs = false;     // says nothing until the client has gone
    bool is_cut = false;    // promises more than it has
  };
  using Handler = std::function<Response(const Request&)>;

  StandIn() {
    std::tie(socket_, port_) = listen_on_loopback();
    thread_ = std::thread([this] { run(); });
  }
  ~StandIn() { stop(); }
  StandIn(const StandIn&) = delete;
  StandIn& operator=(const StandIn&) = delete;

  // From now on nobody listens.
  void stop() {
    if (!thread_.joinable()) return;
    ::shutdown(socket_, SHUT_RDWR);
    thread_.join();
    ::close(socket_);
  }

  std::string url(const std::string& path = "") const {
    return "http://127.0.0.1:" + std::to_string(port_) + path;
  }
  void on(const std::string& path, Handler handler) {
    const std::lock_guard lock(mutex_);
    handlers_[path] = std::move(handler);
  }
  void answer(const std::string& path, Response response) {
    on(path, [response](const Request&) { return response; });
  }
  void answer(const std::string& path, const std::string& body) { answer(path, Response{200, body}); }

  std::vector<Request> requests(const std::string& path) const {
    const std::lock_guard lock(mutex_);
    std::vector<Request> found;
    for (const Request& request : requests_) {
      if (request.path == path) found.push_back(request);
    }
    return found;
  }
  std::size_t count(const std::string& path) const { return requests(path).size(); }
  std::size_t count() const {
    const std::lock_guard lock(mutex_);
    return requests_.size();
  }

 private:
  static std::string field(const std::string& head, const std::string& name) {
    const auto at = oauth2::text::lower(head).find("\r\n" + name + ": ");
    if (at == std::string::npos) return "";
    const auto start = at + name.size() + 4;
    return head.substr(start, head.find("\r\n", start) - start);
  }

  static Request read(int peer) {
    Request request;
    char byte = 0;
    while (!request.head.ends_with("\r\n\r\n") && ::recv(peer, &byte, 1, 0) == 1) request.head += byte;
    const std::string length = field(request.head, "content-length");
    request.body.resize(length.empty() ? 0 : std::stoul(length));
    if (!request.body.empty()) ::recv(peer, request.body.data(), request.body.size(), MSG_WAITALL);
    request.method = request.head.substr(0, request.head.find(' '));
    const auto start = std::min(request.method.size() + 1, request.head.size());
    const std::string target = request.head.substr(start, request.head.find(' ', start) - start);
    const auto question = std::min(target.find('?'), target.size());
    request.path = target.substr(0, question);
    request.query = target.substr(std::min(question + 1, target.size()));
    request.authorization = field(request.head, "authorization");
    return request;
  }

  void run() {
    for (int peer = 0; (peer = ::accept(socket_, nullptr, nullptr)) >= 0; ::close(peer)) {
      const Request request = read(peer);
      Handler handler;
      {
        const std::lock_guard lock(mutex_);
        requests_.push_back(request);
        const auto found = handlers_.find(request.path);
        if (found != handlers_.end()) handler = found->second;
      }
      const Response response = handler ? handler(request) : Response{404, "{}"};
      if (response.hangs) {
        char byte = 0;
        ::recv(peer, &byte, 1, 0);
        continue;
      }
      const std::string text = "HTTP/1.1 " + std::to_string(response.status) + " X\r\nConnection: close\r\n" +
                               "Content-Type: " + response.type + "\r\nContent-Length: " +
                               std::to_string(response.body.size() + response.is_cut) + "\r\n" +
                               response.more + "\r\n" + response.body;
      ::send(peer, text.data(), text.size(), MSG_NOSIGNAL);
    }
  }

  mutable std::mutex mutex_;
  std::map<std::string, Handler> handlers_;
  std::vector<Request> requests_;
  int socket_ = -1;
  int port_ = 0;
  std::thread thread_;
};
