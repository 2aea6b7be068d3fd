#include "cli/flow/loopback.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "cli/exit_code.h"

namespace oauth2::cli {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t most_peers = 16;
constexpr std::size_t most_head_bytes = 16'384;
constexpr std::chrono::seconds peer_patience{10};

// Binds `socket` and answers the port it got, or -1.
int bind_loopback(int socket, bool ipv6, int port) {
  sockaddr_in6 six{};
  six.sin6_family = AF_INET6;
  six.sin6_addr = in6addr_loopback;
  six.sin6_port = htons(static_cast<std::uint16_t>(port));
  sockaddr_in four{};
  four.sin_family = AF_INET;
  four.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  four.sin_port = six.sin6_port;
  auto* address = ipv6 ? reinterpret_cast<sockaddr*>(&six) : reinterpret_cast<sockaddr*>(&four);
  socklen_t size = ipv6 ? sizeof six : sizeof four;
  if (::bind(socket, address, size) != 0 || ::listen(socket, SOMAXCONN) != 0 ||
      ::getsockname(socket, address, &size) != 0)
    return -1;
  return ntohs(ipv6 ? six.sin6_port : four.sin_port);
}

std::string reason_of(int status) {
  return status == 200   ? "OK"
         : status == 404 ? "Not Found"
         : status == 405 ? "Method Not Allowed"
                         : "Bad Request";
}

std::string response_of(const LoopbackListener::Reply& reply) {
  return fmt::format(
      "HTTP/1.1 {} {}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {}\r\n"
      "Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\n"
      "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n{}Connection: close\r\n\r\n{}",
      reply.status, reason_of(reply.status), reply.page.size(), reply.status == 405 ? "Allow: GET\r\n" : "",
      reply.page);
}

// The request line's method and target; empty when it is none.
std::pair<std::string_view, std::string_view> read_request_line(std::string_view head) {
  const std::string_view line = head.substr(0, head.find("\r\n"));
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == std::string_view::npos || first == last || !line.substr(last + 1).starts_with("HTTP/1."))
    return {};
  return {line.substr(0, first), line.substr(first + 1, last - first - 1)};
}

}  // namespace

LoopbackListener::LoopbackListener(bool ipv6, int port)
    : socket_(::socket(ipv6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
  const int on = 1;
  ::setsockopt(socket_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  port_ = bind_loopback(socket_, ipv6, port);
  if (port_ > 0) return;
  const int cause = errno;
  ::close(socket_);
  throw CommandError(Exit::failed, fmt::format("cannot listen on {}:{}: {}", ipv6 ? "[::1]" : "127.0.0.1",
                                               port, std::strerror(cause)));
}

LoopbackListener::~LoopbackListener() {
  for (const Peer& peer : peers_) ::close(peer.socket);
  ::close(socket_);
}

bool LoopbackListener::serve(steady_clock::time_point until, const Answer& answer) {
  for (;;) {
    std::vector<pollfd> waiting = {{socket_, POLLIN, 0}};
    auto next = until;
    for (const Peer& peer : peers_) {
      waiting.push_back({peer.socket, POLLIN, 0});
      next = std::min(next, peer.until);
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(next - steady_clock::now()).count();
    ::poll(waiting.data(), waiting.size(), static_cast<int>(std::clamp<long long>(left, 0, 60'000)));
    if (steady_clock::now() >= until) return false;
    for (std::size_t i = 0; i < peers_.size(); ++i) {
      if (waiting[i + 1].revents != 0 && hear(peers_[i], answer)) return true;
    }
    drop_finished();
    if (waiting[0].revents != 0) accept_peer();
  }
}

void LoopbackListener::accept_peer() {
  const int socket = ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (socket < 0) return;
  if (peers_.size() == most_peers) {  // the oldest has had its time
    ::close(peers_.front().socket);
    peers_.erase(peers_.begin());
  }
  peers_.push_back({socket, {}, steady_clock::now() + peer_patience});
}

// True when it was the last one. A peer that is done with has no time left.
bool LoopbackListener::hear(Peer& peer, const Answer& answer) {
  char bytes[4096];
  const ssize_t count = ::recv(peer.socket, bytes, sizeof bytes, 0);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return false;
  if (count > 0) peer.head.append(bytes, static_cast<std::size_t>(count));
  const bool is_whole = peer.head.find("\r\n\r\n") != std::string::npos;
  if (count > 0 && !is_whole && peer.head.size() <= most_head_bytes) return false;
  peer.until = {};
  if (!is_whole) return false;
  const auto [method, target] = read_request_line(peer.head);
  const Reply reply = method.empty() ? Reply{400, "This is no request.\n", false} : answer(method, target);
  const std::string response = response_of(reply);
  ::send(peer.socket, response.data(), response.size(), MSG_NOSIGNAL);  // small: the socket takes it at once
  ::shutdown(peer.socket, SHUT_WR);
  return reply.is_last;
}

void LoopbackListener::drop_finished() {
  const auto now = steady_clock::now();
  std::erase_if(peers_, [&](const Peer& peer) {
    if (peer.until > now) return false;
    ::close(peer.socket);
    return true;
  });
}

}  // namespace oauth2::cli
