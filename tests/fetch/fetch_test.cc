#include "core/fetch/fetch.h"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <functional>
#include <thread>
#include <tuple>

#include "tests/loopback.h"

namespace fetch = oauth2::fetch;
using Kind = fetch::Error::Kind;
using std::chrono::milliseconds;

namespace {

// Takes connections, one after the other, and hands each to `talk` with what was sent up to the blank line.
class LocalServer {
 public:
  explicit LocalServer(std::function<void(int, const std::string&)> talk) : talk_(std::move(talk)) {
    std::tie(socket_, port_) = listen_on_loopback();
    thread_ = std::thread([this] { run(); });
  }
  ~LocalServer() {
    ::shutdown(socket_, SHUT_RDWR);
    thread_.join();
    ::close(socket_);
  }
  LocalServer(const LocalServer&) = delete;
  LocalServer& operator=(const LocalServer&) = delete;

  std::string url(const std::string& path = "/") const {
    return "http://127.0.0.1:" + std::to_string(port_) + path;
  }

 private:
  void run() {
    for (int peer = 0; (peer = ::accept(socket_, nullptr, nullptr)) >= 0; ::close(peer)) {
      std::string head;
      char byte = 0;
      while (!head.ends_with("\r\n\r\n") && ::recv(peer, &byte, 1, 0) == 1) {
        head += byte;
        if (head[0] == 0x16) break;  // TLS, which ends no line
      }
      talk_(peer, head);
    }
  }

  std::function<void(int, const std::string&)> talk_;
  int socket_ = -1;
  int port_ = 0;
  std::thread thread_;
};

bool say(int peer, const std::string& text) {
  return ::send(peer, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
}

fetch::Request get(const std::string& url) {
  fetch::Request request;
  request.url = url;
  return request;
}

Kind refusal(const fetch::Request& request) {
  try {
    fetch::request(request);
  } catch (const fetch::Error& error) {
    CHECK(std::string(error.what()).find("secret") == std::string::npos);
    return error.kind;
  }
  FAIL("an answer came");
  return Kind::lost;
}

}  // namespace

TEST_CASE("a request is sent as it is, and asks for nothing that was not asked for") {
  std::string seen;
  const LocalServer server([&](int peer, const std::string& head) {
    char body[4];
    seen = head + std::string(body, static_cast<std::size_t>(::recv(peer, body, sizeof body, MSG_WAITALL)));
    say(peer, "HTTP/1.1 201 Made\r\nA: b\r\nContent-Length: 2\r\n\r\nok");
  });
  fetch::Request request = get(server.url("/a%2Fb?c=d%20e"));
  request.method = "POST";
  request.fields = {{"Accept", "application/json"}};
  request.body = "body";
  const auto response = fetch::request(request);
  CHECK(response.status == 201);
  CHECK(response.field("a") == "b");
  CHECK(response.body == "ok");
  CHECK(seen.starts_with("POST /a%2Fb?c=d%20e HTTP/1.1\r\nHost: 127.0.0.1:"));
  CHECK(seen.find("\r\nAccept: application/json\r\n") != std::string::npos);
  CHECK(seen.find("\r\nContent-Length: 4\r\n") != std::string::npos);
  CHECK(seen.find("\r\nConnection: close\r\n") != std::string::npos);
  CHECK(seen.find("Accept-Encoding") == std::string::npos);
  CHECK(seen.ends_with("\r\n\r\nbody"));
}

TEST_CASE("a redirect is an answer like any other") {
  int requests = 0;
  const LocalServer server([&](int peer, const std::string&) {
    ++requests;
    say(peer, "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n");
  });
  CHECK(fetch::request(get(server.url())).status == 302);
  CHECK(requests == 1);
}

TEST_CASE("a server that sends without end is cut off at the limit") {
  const LocalServer server([](int peer, const std::string&) {
    say(peer, "HTTP/1.1 200 OK\r\n\r\n");
    while (say(peer, std::string(65'536, 'x'))) {
    }
  });
  CHECK(refusal(get(server.url("/?secret"))) == Kind::too_large);
}

TEST_CASE("a server that drips its answer cannot hold the caller beyond the deadline") {
  const LocalServer server([](int peer, const std::string&) {
    say(peer, "HTTP/1.1 200 OK\r\n");
    while (say(peer, "A: b\r\n")) std::this_thread::sleep_for(milliseconds(20));
  });
  fetch::Request request = get(server.url("/?secret"));
  request.timeout = milliseconds(300);
  CHECK(refusal(request) == Kind::timed_out);
}

TEST_CASE("a server that says nothing, or leaves at once, is told apart") {
  const LocalServer silent([](int peer, const std::string&) {
    char byte = 0;
    ::recv(peer, &byte, 1, 0);
  });
  fetch::Request request = get(silent.url("/?secret"));
  request.timeout = milliseconds(200);
  CHECK(refusal(request) == Kind::timed_out);
  const LocalServer gone([](int, const std::string&) {});
  CHECK(refusal(get(gone.url("/?secret"))) == Kind::lost);
}

TEST_CASE("a port where nobody listens, and a name that is none, cannot be connected to") {
  const auto [bound, port] = bind_to_loopback();
  CHECK(refusal(get("http://127.0.0.1:" + std::to_string(port) + "/?secret")) == Kind::cannot_connect);
  ::close(bound);
  CHECK(refusal(get("https://no-such-host.invalid/?secret")) == Kind::cannot_connect);
}

TEST_CASE("plain http to another machine, and a field with a line break, are never sent") {
  CHECK(refusal(get("http://192.0.2.1/?secret")) == Kind::not_allowed);
  int requests = 0;
  const LocalServer server([&](int, const std::string&) { ++requests; });
  fetch::Request request = get(server.url());
  request.fields = {{"Authorization", "Bearer secret\r\nX: y"}};
  CHECK(refusal(request) == Kind::not_allowed);
  CHECK(requests == 0);
}

TEST_CASE("TLS with a server that speaks none fails, and says so") {
  const LocalServer server([](int peer, const std::string&) {
    say(peer, "HTTP/1.1 400 No\r\n\r\n");
    ::shutdown(peer, SHUT_WR);
    char bytes[4096];
    while (::recv(peer, bytes, sizeof bytes, 0) > 0) {
    }
  });
  fetch::Request request = get("https" + server.url("/?secret").substr(4));
  CHECK(refusal(request) == Kind::tls);
  request.ca_file = "/nowhere/ca.pem";
  CHECK(refusal(request) == Kind::tls);
}

TEST_CASE("many threads may ask at once") {
  const LocalServer server([](int peer, const std::string& head) {
    const std::string path = head.substr(4, head.find(' ', 4) - 4);
    say(peer, "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(path.size()) + "\r\n\r\n" + path);
  });
  std::vector<std::thread> threads;
  std::vector<std::string> bodies(8);
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    threads.emplace_back(
        [&, i] { bodies[i] = fetch::request(get(server.url("/" + std::to_string(i)))).body; });
  }
  for (std::thread& thread : threads) thread.join();
  for (std::size_t i = 0; i < bodies.size(); ++i) CHECK(bodies[i] == "/" + std::to_string(i));
}
