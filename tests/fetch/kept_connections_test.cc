#include <doctest/doctest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <thread>
#include <tuple>

#include "core/fetch/fetch.h"
#include "tests/loopback.h"

namespace fetch = oauth2::fetch;
using Kind = fetch::Error::Kind;

namespace {

constexpr const char* ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

// On each connection, answers the n-th request by what `answers` says for that connection and request; ""
// ends the connection.
class KeepingServer {
 public:
  using Answers = std::function<std::string(int connection, int request)>;

  explicit KeepingServer(Answers answers) : answers_(std::move(answers)) {
    int port = 0;
    std::tie(socket_, port) = listen_on_loopback();
    request_.url = "http://127.0.0.1:" + std::to_string(port) + "/";
    request_.timeout = std::chrono::milliseconds(30'000);
    thread_ = std::thread([this] { run(); });
  }
  ~KeepingServer() {
    ::shutdown(socket_, SHUT_RDWR);
    thread_.join();
    for (const int peer : peers_) ::shutdown(peer, SHUT_RDWR);
    for (std::thread& talk : talks_) talk.join();
    for (const int peer : peers_) ::close(peer);
    ::close(socket_);
  }
  KeepingServer(const KeepingServer&) = delete;
  KeepingServer& operator=(const KeepingServer&) = delete;

  const fetch::Request& request() const { return request_; }
  int connections() const { return connections_; }
  // On the first connection, without having been asked.
  void say(const std::string& text) const { ::send(peers_.front(), text.data(), text.size(), MSG_NOSIGNAL); }

 private:
  void run() {
    for (int peer = 0; (peer = ::accept(socket_, nullptr, nullptr)) >= 0;) {
      const int connection = ++connections_;
      peers_.push_back(peer);
      talks_.emplace_back([this, peer, connection] {
        talk(peer, connection);
        ::shutdown(peer, SHUT_RDWR);
      });
    }
  }

  void talk(int peer, int connection) const {
    for (int request = 1;; ++request) {
      std::string head;
      char byte = 0;
      while (!head.ends_with("\r\n\r\n")) {
        if (::recv(peer, &byte, 1, 0) != 1) return;
        head += byte;
      }
      const std::string answer = answers_(connection, request);
      ::send(peer, answer.data(), answer.size(), MSG_NOSIGNAL);
      if (answer.empty() || answer.find("Length: 2") == std::string::npos) return;
    }
  }

  Answers answers_;
  fetch::Request request_;
  int socket_ = -1;
  std::atomic<int> connections_ = 0;
  std::vector<int> peers_;
  std::vector<std::thread> talks_;
  std::thread thread_;
};

}  // namespace

TEST_CASE("requests to one server share a connection") {
  KeepingServer server([](int, int) { return ok; });
  fetch::KeptConnections connections;
  for (int i = 0; i < 5; ++i) CHECK(connections.request(server.request()).body == "ok");
  CHECK(server.connections() == 1);
}

TEST_CASE("a connection that was used and then ended by the server is replaced, once") {
  KeepingServer server([](int connection, int request) { return connection == 1 && request == 2 ? "" : ok; });
  fetch::KeptConnections connections;
  CHECK(connections.request(server.request()).body == "ok");
  CHECK(connections.request(server.request()).body == "ok");
  CHECK(server.connections() == 2);
  KeepingServer ending([](int connection, int request) { return connection == 1 && request == 1 ? ok : ""; });
  CHECK(connections.request(ending.request()).body == "ok");
  CHECK_THROWS_AS(connections.request(ending.request()), fetch::Error);
  CHECK(ending.connections() == 2);
}

TEST_CASE("what a server says without being asked answers no request") {
  KeepingServer server([](int, int) { return ok; });
  fetch::KeptConnections connections;
  CHECK(connections.request(server.request()).body == "ok");
  server.say("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
  CHECK(connections.request(server.request()).body == "ok");
  CHECK(server.connections() == 2);
}

TEST_CASE("half an answer is an error, and the request is not sent again") {
  KeepingServer server(
      [](int, int request) { return request == 1 ? ok : "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok"; });
  fetch::KeptConnections connections;
  CHECK(connections.request(server.request()).body == "ok");
  CHECK_THROWS_AS(connections.request(server.request()), fetch::Error);
  CHECK(server.connections() == 1);
}

TEST_CASE("a connection is not used again when the server says so or when its answer has no clear end") {
  for (const char* answer : {
           "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok",
           "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
           "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil",
           "HTTP/1.1 200 OK\r\n\r\nok",
       }) {
    CAPTURE(answer);
    KeepingServer server([&](int, int) { return answer; });
    fetch::KeptConnections connections;
    CHECK(connections.request(server.request()).body == "ok");
    CHECK(connections.request(server.request()).body == "ok");
    CHECK(server.connections() == 2);
  }
}

TEST_CASE("no more connections stay open than were allowed, and none for longer") {
  KeepingServer one([](int, int) { return ok; });
  KeepingServer other([](int, int) { return ok; });
  fetch::KeptConnections few(1);
  for (int i = 0; i < 3; ++i) {
    few.request(one.request());
    few.request(other.request());
  }
  CHECK(one.connections() == 3);
  fetch::KeptConnections brief(8, std::chrono::seconds(0));
  KeepingServer third([](int, int) { return ok; });
  for (int i = 0; i < 3; ++i) brief.request(third.request());
  CHECK(third.connections() == 3);
}
