#include "server/tls.h"

#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <stdexcept>

namespace oauth2::server {
namespace {

// Forward secrecy and AEAD only; TLS 1.3 brings its own list.
constexpr char tls12_ciphers[] = "ECDHE+AESGCM:ECDHE+CHACHA20";

std::string openssl_cause() {
  const unsigned long code = ERR_get_error();
  ERR_clear_error();
  const char* text = code == 0 ? nullptr : ERR_reason_error_string(code);
  return text == nullptr ? "unknown cause" : text;
}

[[noreturn]] void fail(const std::string& what) { throw std::runtime_error(what + ": " + openssl_cause()); }

// A key that asks for a passphrase would make a daemon wait on a terminal that it does not have.
int no_passphrase(char*, int, int, void*) { return -1; }

// Only HTTP/1.1 is spoken: a client that offers other protocols and not this one has to hear it now.
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* length, const unsigned char* offered,
                    unsigned offered_length, void*) {
  static constexpr unsigned char ours[] = "\x08http/1.1";
  unsigned char* match = nullptr;
  if (SSL_select_next_proto(&match, length, ours, sizeof ours - 1, offered, offered_length) !=
      OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  }
  *chosen = match;
  return SSL_TLSEXT_ERR_OK;
}

std::shared_ptr<SSL_CTX> load(const std::string& certificate_file, const std::string& key_file) {
  ERR_clear_error();
  std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  if (!context) fail("TLS");
  SSL_CTX* const raw = context.get();
  SSL_CTX_set_default_passwd_cb(raw, no_passphrase);
  if (SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION) != 1) fail("TLS version");
  if (SSL_CTX_set_cipher_list(raw, tls12_ciphers) != 1) fail("TLS ciphers");
  SSL_CTX_set_options(raw, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_NO_COMPRESSION |
                               SSL_OP_IGNORE_UNEXPECTED_EOF);
  // Released buffers: an idle connection would keep 34 kB otherwise.
  SSL_CTX_set_mode(
      raw, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_session_cache_mode(raw, SSL_SESS_CACHE_OFF);  // tickets serve resumption without memory here
  SSL_CTX_set_num_tickets(raw, 1);
  SSL_CTX_set_alpn_select_cb(raw, choose_protocol, nullptr);
  if (SSL_CTX_use_certificate_chain_file(raw, certificate_file.c_str()) != 1) fail(certificate_file);
  if (SSL_CTX_use_PrivateKey_file(raw, key_file.c_str(), SSL_FILETYPE_PEM) != 1) fail(key_file);
  if (SSL_CTX_check_private_key(raw) != 1) fail(key_file + " is not the key of " + certificate_file);
  return context;
}

int clamp_size(std::size_t size) { return static_cast<int>(std::min<std::size_t>(size, INT_MAX)); }

}  // namespace

TlsSession::TlsSession(std::shared_ptr<ssl_ctx_st> context, int socket)
    : context_(std::move(context)), ssl_(SSL_new(context_.get())), socket_(socket) {
  if (ssl_ == nullptr || SSL_set_fd(ssl_, socket) != 1) {
    SSL_free(ssl_);
    fail("TLS session");
  }
}

TlsSession::~TlsSession() { SSL_free(ssl_); }

// True: try again. False: the session is over, or, when it is not broken, late.
bool TlsSession::wait_after(int result, Deadline deadline) {
  switch (SSL_get_error(ssl_, result)) {
    case SSL_ERROR_WANT_READ:
      return wait_for(socket_, POLLIN, deadline);
    case SSL_ERROR_WANT_WRITE:
      return wait_for(socket_, POLLOUT, deadline);
    case SSL_ERROR_ZERO_RETURN:
      return false;
    default:  // SSL_ERROR_SSL and SSL_ERROR_SYSCALL are final
      broken_ = true;
      return false;
  }
}

TlsSession::Handshake TlsSession::handshake(Deadline deadline) {
  for (;;) {
    ERR_clear_error();
    const int result = SSL_accept(ssl_);
    if (result == 1) return Handshake::done;
    const bool again = wait_after(result, deadline);
    if (broken_ && ERR_GET_REASON(ERR_peek_error()) == SSL_R_HTTP_REQUEST) return Handshake::plain_http;
    if (!again) return Handshake::failed;
  }
}

Received TlsSession::read(char* data, std::size_t size, Deadline deadline) {
  while (!broken_) {
    ERR_clear_error();
    const int count = SSL_read(ssl_, data, clamp_size(size));
    if (count > 0) return {static_cast<std::size_t>(count), false};
    const int error = SSL_get_error(ssl_, count);
    if (error == SSL_ERROR_ZERO_RETURN) break;
    if (!wait_after(count, deadline)) return {0, !broken_};
  }
  return {};
}

std::size_t TlsSession::write_now(std::string_view bytes) {
  std::size_t written = 0;
  while (!broken_ && written < bytes.size()) {
    ERR_clear_error();
    const int count = SSL_write(ssl_, bytes.data() + written, clamp_size(bytes.size() - written));
    if (count <= 0) {
      const int error = SSL_get_error(ssl_, count);
      broken_ = error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE;
      break;
    }
    written += static_cast<std::size_t>(count);
  }
  return written;
}

bool TlsSession::write(std::string_view bytes, Deadline deadline) {
  while (!bytes.empty()) {
    if (broken_) return false;
    ERR_clear_error();
    const int count = SSL_write(ssl_, bytes.data(), clamp_size(bytes.size()));
    if (count > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(count));
    } else if (!wait_after(count, deadline)) {
      return false;
    }
  }
  return true;
}

void TlsSession::close_notify() {
  if (broken_ || SSL_in_init(ssl_) != 0) return;
  ERR_clear_error();
  SSL_shutdown(ssl_);  // one way: the peer's own close_notify is not worth waiting for
}

TlsContext::TlsContext(const std::string& certificate_file, const std::string& key_file)
    : context_(load(certificate_file, key_file)) {}

void TlsContext::reload(const std::string& certificate_file, const std::string& key_file) {
  std::shared_ptr<SSL_CTX> fresh = load(certificate_file, key_file);
  const std::lock_guard<std::mutex> lock(mutex_);
  context_.swap(fresh);
}

std::unique_ptr<TlsSession> TlsContext::accept_on(int socket) const {
  std::shared_ptr<SSL_CTX> current;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    current = context_;
  }
  const int flags = fcntl(socket, F_GETFL);
  if (flags < 0 || fcntl(socket, F_SETFL, flags | O_NONBLOCK) != 0)
    throw std::runtime_error("fcntl on a connection");
  return std::make_unique<TlsSession>(std::move(current), socket);
}

}  // namespace oauth2::server
