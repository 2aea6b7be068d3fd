#include "core/fetch/connection.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>

#include "core/fetch/error.h"

namespace oauth2::fetch {
namespace {

using Kind = Error::Kind;
using std::chrono::steady_clock;

// Waits for `events`; false when the deadline comes first.
bool wait_until(int socket, short events, Deadline deadline) {
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - steady_clock::now()).count();
    if (left <= 0) return false;
    pollfd waiting{socket, events, 0};
    const int ready = ::poll(&waiting, 1, static_cast<int>(std::min<long long>(left, INT_MAX)));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
}

bool is_loopback(const addrinfo& address) {
  if (address.ai_family == AF_INET6)
    return IN6_IS_ADDR_LOOPBACK(&reinterpret_cast<sockaddr_in6*>(address.ai_addr)->sin6_addr);
  return ntohl(reinterpret_cast<sockaddr_in*>(address.ai_addr)->sin_addr.s_addr) >> 24 == 127;
}

// A connected socket, or -1 with errno.
int connect_to(const addrinfo& address, Deadline deadline) {
  const int socket = ::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (socket < 0) return -1;
  int cause = 0;
  if (::connect(socket, address.ai_addr, address.ai_addrlen) != 0) {
    cause = errno;
    if (cause == EINPROGRESS) {
      socklen_t size = sizeof cause;
      cause = ETIMEDOUT;
      if (wait_until(socket, POLLOUT, deadline)) ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &cause, &size);
    }
  }
  if (cause == 0) {
    const int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return socket;
  }
  ::close(socket);
  errno = cause;
  return -1;
}

// The first address that answers; each gets an equal share of the time that is left.
int connect_to(const Url& url, Deadline deadline) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int failed = ::getaddrinfo(url.host.c_str(), std::to_string(url.port).c_str(), &hints, &found);
  if (failed != 0)
    throw Error(Kind::cannot_connect, fmt::format("cannot find {}: {}", url.host, ::gai_strerror(failed)));
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owned(found, ::freeaddrinfo);
  int left = 0;
  for (const addrinfo* address = found; address; address = address->ai_next) ++left;
  int cause = EADDRNOTAVAIL;
  for (const addrinfo* address = found; address; address = address->ai_next, --left) {
    if (!url.is_https && !is_loopback(*address)) continue;  // whatever "localhost" may be resolved to
    const auto now = steady_clock::now();
    const int socket = connect_to(*address, now + (deadline - now) / left);
    if (socket >= 0) return socket;
    cause = errno;
  }
  if (cause == ETIMEDOUT)
    throw Error(Kind::timed_out, fmt::format("{} did not answer in time", url.origin()));
  throw Error(Kind::cannot_connect,
              fmt::format("cannot connect to {}: {}", url.origin(), std::strerror(cause)));
}

std::string openssl_cause() {
  const unsigned long code = ERR_get_error();
  ERR_clear_error();
  const char* text = code == 0 ? nullptr : ERR_reason_error_string(code);
  return text ? text : "unknown cause";
}

}  // namespace

// Between memory buffers: OpenSSL's own sockets know no deadline and raise SIGPIPE.
class Connection::Tls {
 public:
  Tls(const Url& url, const std::string& ca_file)
      : context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free), ssl_(nullptr, SSL_free) {
    ERR_clear_error();
    const bool trusted =
        context_ && (ca_file.empty() ? SSL_CTX_set_default_verify_paths(context_.get()) == 1
                                     : SSL_CTX_load_verify_file(context_.get(), ca_file.c_str()) == 1);
    if (!trusted)
      throw Error(Kind::tls, fmt::format("cannot read the certificates to trust: {}", openssl_cause()));
    SSL_CTX_set_min_proto_version(context_.get(), TLS1_2_VERSION);
    SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
    ssl_.reset(SSL_new(context_.get()));
    in_ = BIO_new(BIO_s_mem());
    out_ = BIO_new(BIO_s_mem());
    if (!ssl_ || !in_ || !out_) throw std::bad_alloc();
    SSL_set_bio(ssl_.get(), in_, out_);
    SSL_set_connect_state(ssl_.get());
    if (!expect(url)) throw Error(Kind::tls, "TLS: " + openssl_cause());
  }

  // Runs `step` (SSL_connect, SSL_read …) until it is done, and answers what it answered; 0 when the peer has
  // announced the end.
  template <typename Step>
  int run(Connection& connection, Step step) {
    for (;;) {
      ERR_clear_error();
      const int result = step(ssl_.get());
      const int state = SSL_get_error(ssl_.get(), result);
      const std::string cause = state == SSL_ERROR_SSL ? openssl_cause() : "the connection was cut off";
      flush(connection);
      if (result > 0) return result;
      if (state == SSL_ERROR_ZERO_RETURN) return 0;
      if (state != SSL_ERROR_WANT_READ) fail(connection, cause);
      const std::string bytes = connection.receive_raw();
      if (bytes.empty())
        throw Error(Kind::lost, connection.url_.origin() + " ended the connection too early");
      BIO_write(in_, bytes.data(), static_cast<int>(bytes.size()));
    }
  }

  bool holds_bytes() const { return BIO_pending(in_) > 0 || SSL_pending(ssl_.get()) > 0; }

 private:
  bool expect(const Url& url) {
    static constexpr unsigned char http[] = "\x08http/1.1";
    X509_VERIFY_PARAM* rules = SSL_get0_param(ssl_.get());
    X509_VERIFY_PARAM_set_hostflags(rules, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    if (SSL_set_alpn_protos(ssl_.get(), http, sizeof http - 1) != 0) return false;
    in_addr ignored{};
    if (url.is_ipv6 || ::inet_pton(AF_INET, url.host.c_str(), &ignored) == 1)
      return X509_VERIFY_PARAM_set1_ip_asc(rules, url.host.c_str()) == 1;
    return SSL_set_tlsext_host_name(ssl_.get(), url.host.c_str()) == 1 &&
           SSL_set1_host(ssl_.get(), url.host.c_str()) == 1;
  }

  void flush(Connection& connection) {
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(out_, &bytes);
    if (size <= 0) return;
    const std::string copy(bytes, static_cast<std::size_t>(size));
    BIO_reset(out_);
    connection.send_raw(copy);
  }

  [[noreturn]] void fail(const Connection& connection, const std::string& cause) const {
    const long verified = SSL_get_verify_result(ssl_.get());
    const std::string what = verified == X509_V_OK ? cause : X509_verify_cert_error_string(verified);
    throw Error(Kind::tls, fmt::format("TLS with {} failed: {}", connection.url_.origin(), what));
  }

  std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context_;
  std::unique_ptr<SSL, void (*)(SSL*)> ssl_;
  BIO* in_ = nullptr;  // ssl_'s own, as the other
  BIO* out_ = nullptr;
};

Connection::Connection(const Url& url, const std::string& ca_file, Deadline connected_by, Deadline done_by)
    : url_(url), done_by_(done_by) {
  if (url_.is_https) tls_ = std::make_unique<Tls>(url_, ca_file);
  socket_ = connect_to(url_, std::min(connected_by, done_by));
  try {
    if (tls_) tls_->run(*this, SSL_connect);
  } catch (...) {
    ::close(socket_);
    throw;
  }
}

Connection::~Connection() { ::close(socket_); }

void Connection::write(std::string_view bytes) {
  if (!tls_) return send_raw(bytes);
  if (bytes.empty()) return;
  const int size = static_cast<int>(bytes.size());
  tls_->run(*this, [&](SSL* ssl) { return SSL_write(ssl, bytes.data(), size); });
}

std::string Connection::read() {
  if (!tls_) return receive_raw();
  std::string bytes(16'384, '\0');
  const int size = static_cast<int>(bytes.size());
  const int count = tls_->run(*this, [&](SSL* ssl) { return SSL_read(ssl, bytes.data(), size); });
  bytes.resize(static_cast<std::size_t>(count));
  return bytes;
}

bool Connection::is_quiet() const {
  pollfd look{socket_, POLLIN, 0};
  return ::poll(&look, 1, 0) == 0 && !(tls_ && tls_->holds_bytes());
}

void Connection::wait(short events) {
  if (!wait_until(socket_, events, done_by_))
    throw Error(Kind::timed_out, fmt::format("{} did not answer in time", url_.origin()));
}

void Connection::send_raw(std::string_view bytes) {
  while (!bytes.empty()) {
    wait(POLLOUT);
    const ssize_t count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (count < 0) {
      throw Error(Kind::lost,
                  fmt::format("the connection to {} was lost: {}", url_.origin(), std::strerror(errno)));
    }
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

std::string Connection::receive_raw() {
  std::string bytes(16'384, '\0');
  for (;;) {
    wait(POLLIN);
    const ssize_t count = ::recv(socket_, bytes.data(), bytes.size(), 0);
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (count < 0) {
      throw Error(Kind::lost,
                  fmt::format("the connection to {} was lost: {}", url_.origin(), std::strerror(errno)));
    }
    bytes.resize(static_cast<std::size_t>(count));
    return bytes;
  }
}

}  // namespace oauth2::fetch
