// Server TLS over OpenSSL 3: a certificate that can be exchanged while running, and sessions on non-blocking
// sockets. No OpenSSL type in this header.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "server/gate_socket.h"

struct ssl_st;
struct ssl_ctx_st;

namespace oauth2::server {

class TlsSession {
 public:
  enum class Handshake { done, failed, plain_http };

  TlsSession(std::shared_ptr<ssl_ctx_st> context, int socket);
  ~TlsSession();
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;

  Handshake handshake(Deadline deadline);
  Received read(char* data, std::size_t size, Deadline deadline);
  bool write(std::string_view bytes, Deadline deadline);
  std::size_t write_now(std::string_view bytes);  // what could be sent without waiting
  void close_notify();

 private:
  bool wait_after(int result, Deadline deadline);

  std::shared_ptr<ssl_ctx_st> context_;
  ssl_st* ssl_;
  int socket_;
  bool broken_ = false;  // after a fatal error OpenSSL forbids any further call, the shutdown included
};

class TlsContext {
 public:
  // PEM files; the certificate file may hold the chain. std::runtime_error names the file and the cause.
  TlsContext(const std::string& certificate_file, const std::string& key_file);

  // New handshakes use the new pair, running sessions keep theirs. When it throws, the old pair stays.
  void reload(const std::string& certificate_file, const std::string& key_file);

  // `socket` stays the caller's; it is made non-blocking.
  std::unique_ptr<TlsSession> accept_on(int socket) const;

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<ssl_ctx_st> context_;
};

}  // namespace oauth2::server
