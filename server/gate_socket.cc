#include "server/gate_socket.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <utility>

#include "server/tls.h"

namespace oauth2::server {
namespace {

constexpr std::chrono::milliseconds linger_time{1000};
constexpr std::size_t linger_bytes = 1 << 20;

timeval to_timeval(std::chrono::milliseconds time) {
  timeval value{};
  value.tv_sec = time.count() / 1000;
  value.tv_usec = time.count() % 1000 * 1000;
  return value;
}

}  // namespace

bool wait_for(int socket, short events, Deadline deadline) {
  for (;;) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    pollfd entry{socket, events, 0};
    const int ready = poll(&entry, 1, static_cast<int>(std::min<long long>(left.count(), INT_MAX)));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
}

Socket::Socket(int descriptor, std::chrono::milliseconds idle_deadline) noexcept
    : descriptor_(descriptor), idle_deadline_(idle_deadline) {
  const int on = 1;
  setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on,
             sizeof on);  // fails on unix sockets, which do not delay
  const timeval idle = to_timeval(idle_deadline);
  setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &idle, sizeof idle);
}

Socket::Socket(Socket&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      idle_deadline_(other.idle_deadline_),
      session_(std::move(other.session_)) {}

Socket::~Socket() {
  session_.reset();
  if (descriptor_ >= 0) close(descriptor_);
}

void Socket::secure(std::unique_ptr<TlsSession> session) { session_ = std::move(session); }

// A blocking recv under SO_RCVTIMEO: between two requests of a busy connection it costs one system call,
// where poll() and recv() would be two.
Received Socket::read_idle(char* data, std::size_t size) {
  const Deadline deadline = std::chrono::steady_clock::now() + idle_deadline_;
  if (session_) return session_->read(data, size, deadline);
  for (;;) {
    const ssize_t count = recv(descriptor_, data, size, 0);
    if (count >= 0) return {static_cast<std::size_t>(count), false};
    if (errno != EINTR) return {0, errno == EAGAIN || errno == EWOULDBLOCK};
    if (std::chrono::steady_clock::now() >= deadline) return {0, true};
  }
}

Received Socket::read(char* data, std::size_t size, Deadline deadline) {
  if (session_) return session_->read(data, size, deadline);
  for (;;) {
    const ssize_t count = recv(descriptor_, data, size, MSG_DONTWAIT);
    if (count >= 0) return {static_cast<std::size_t>(count), false};
    if (errno == EAGAIN || errno == EWOULDBLOCK) {
      if (!wait_for(descriptor_, POLLIN, deadline)) return {0, true};
    } else if (errno != EINTR) {
      return {};
    }
  }
}

std::size_t Socket::write_now(std::string_view bytes) {
  if (session_) return session_->write_now(bytes);
  const ssize_t count = send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  return count > 0 ? static_cast<std::size_t>(count) : 0;
}

bool Socket::write_waiting(std::string_view bytes, Deadline deadline) {
  if (session_) return session_->write(bytes, deadline);
  while (!bytes.empty()) {
    const ssize_t count = send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      if (!wait_for(descriptor_, POLLOUT, deadline)) return false;
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

void Socket::write_plain(std::string_view bytes) {
  // Short and first on its connection: it fits the send buffer or the client is not worth waiting for.
  if (send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT) < 0) return;
}

void Socket::finish(bool linger) {
  if (session_) session_->close_notify();
  shutdown(descriptor_, SHUT_WR);
  if (!linger) return;
  const Deadline deadline = std::chrono::steady_clock::now() + linger_time;
  char sink[2048];
  for (std::size_t total = 0; total < linger_bytes;) {
    const ssize_t count = recv(descriptor_, sink, sizeof sink, MSG_DONTWAIT);
    if (count > 0) {
      total += static_cast<std::size_t>(count);
    } else if (count == 0 || (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)) {
      return;
    } else if (!wait_for(descriptor_, POLLIN, deadline)) {
      return;
    }
  }
}

void Socket::interrupt(int how) { shutdown(descriptor_, how); }

}  // namespace oauth2::server
