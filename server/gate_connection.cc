#include "server/gate_connection.h"

#include <sys/socket.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <utility>

#include "server/http_body.h"
#include "server/httplib_bridge.h"
#include "server/tls.h"

namespace oauth2::server {
namespace {

constexpr std::size_t usual_buffer = 4096;
// Room behind a head for the pieces of a chunked body, which must not move the head's bytes.
constexpr std::size_t body_window = 2048;
// A body grows as it arrives: announcing 64 kB must not cost memory before sending them.
constexpr std::size_t body_step = 16384;

std::string_view status_text(int status) {
  switch (status) {
    case 400:
      return "Bad Request";
    case 408:
      return "Request Timeout";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 417:
      return "Expectation Failed";
    case 431:
      return "Request Header Fields Too Large";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Refused";
  }
}

RefusalAnswer as_json(int status, std::string_view reason) {
  std::string body = R"({"error":")";
  body += status == 503 ? "temporarily_unavailable" : "invalid_request";
  body.append(R"(","error_description":")").append(reason).append("\"}");
  return {{{"Cache-Control", "no-store"},
           {"Content-Type", "application/json"},
           {"X-Content-Type-Options", "nosniff"}},
          std::move(body)};
}

}  // namespace

Connection::Connection(const GateContext& context, Socket socket, std::string remote_address, std::string id)
    : context_(context),
      socket_(std::move(socket)),
      remote_address_(std::move(remote_address)),
      id_(std::move(id)),
      since_(Clock::now().time_since_epoch().count()) {}

Connection::~Connection() = default;

void Connection::run() noexcept {
  try {
    if (!greet()) return;
    while (serve_next()) {
    }
    if (linger_) enter(Phase::stalled);
    socket_.finish(linger_);
  } catch (...) {
    // Most likely out of memory: this connection ends, the others go on.
  }
}

void Connection::turn_away() noexcept {
  try {
    if (greet()) refuse(503, "too many connections");
    socket_.finish(true);
  } catch (...) {
  }
}

std::optional<Connection::Clock::time_point> Connection::evictable_since() const {
  const Phase phase = phase_.load();
  if (phase == Phase::serving || phase == Phase::evicted) return std::nullopt;
  return Clock::time_point(Clock::duration(since_.load(std::memory_order_relaxed)));
}

bool Connection::evict() {
  Phase phase = phase_.load();
  do {
    if (phase == Phase::serving || phase == Phase::evicted) return false;
  } while (!phase_.compare_exchange_weak(phase, Phase::evicted));
  socket_.interrupt(SHUT_RDWR);
  return true;
}

void Connection::finish_if_silent() {
  // Only the reading side: bytes that have arrived are still delivered and answered.
  if (phase_.load() != Phase::waiting) return;
  silenced_.store(true);
  socket_.interrupt(SHUT_RD);
}

void Connection::cut() { socket_.interrupt(SHUT_RDWR); }

bool Connection::enter(Phase next) {
  Phase phase = phase_.load();
  do {
    if (phase == Phase::evicted) return false;
  } while (!phase_.compare_exchange_weak(phase, next));
  if (next != Phase::serving)
    since_.store(Clock::now().time_since_epoch().count(), std::memory_order_relaxed);
  return true;
}

bool Connection::greet() {
  if (!context_.tls) return true;
  if (!enter(Phase::receiving)) return false;
  auto session = context_.tls->accept_on(socket_.descriptor());
  switch (session->handshake(Clock::now() + context_.options.request_deadline)) {
    case TlsSession::Handshake::done:
      socket_.secure(std::move(session));
      return true;
    case TlsSession::Handshake::plain_http:
      report_refusal(400, "this port speaks HTTPS");
      socket_.write_plain(refusal_text(400, as_json(400, "this port speaks HTTPS")));
      socket_.finish(true);
      return false;
    case TlsSession::Handshake::failed:
      return false;
  }
  return false;
}

bool Connection::serve_next() {
  request_id_.clear();
  body_.clear();
  head_.method = head_.target = {};
  HeadSpan span;
  if (!receive_head(span)) return false;
  const std::size_t head_begin = begin_ + span.begin;
  const std::size_t head_end = head_begin + span.length;
  if (buffer_.size() < head_end + body_window) buffer_.resize(head_end + body_window);
  request_id_ = id_ + "-" + std::to_string(++requests_);
  const auto refused = judge_head({buffer_.data() + head_begin, span.length}, context_.limits, head_);
  if (refused) return refuse(refused->status, refused->reason);
  begin_ = head_end;
  if (!receive_body(head_end)) return false;
  return enter(Phase::serving) && answer();
}

std::string_view Connection::unread() const { return {buffer_.data() + begin_, end_ - begin_}; }

// Moves what is unread to the front and gives back memory that a large request left behind.
void Connection::prepare_buffer() {
  if (begin_ != 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (buffer_.size() > 2 * usual_buffer && end_ <= usual_buffer) {
    buffer_.resize(usual_buffer);
    buffer_.shrink_to_fit();
  }
  if (buffer_.size() < usual_buffer) buffer_.resize(usual_buffer);
}

bool Connection::receive_head(HeadSpan& span) {
  prepare_buffer();
  if (end_ == 0) {
    if (!enter(Phase::waiting)) return false;
    // After the phase is set: either drain sees a silent connection or this sees that the gate stops.
    if (context_.stopping.load()) return false;
    end_ = socket_.read_idle(buffer_.data(), buffer_.size()).count;
    if (end_ == 0) return false;
  }
  if (!enter(Phase::receiving)) return false;
  deadline_ = Clock::now() + context_.options.request_deadline;
  for (;;) {
    span = find_head(unread(), context_.limits);
    if (span.refusal) {
      glimpse(unread().substr(span.begin), head_);
      return refuse(span.refusal->status, span.refusal->reason);
    }
    if (span.length != 0) return true;
    if (end_ == buffer_.size()) buffer_.resize(2 * buffer_.size());
    if (!receive_more()) return false;
  }
}

// Appends to the buffer, or refuses the request if nothing comes in time.
bool Connection::receive_more() {
  const Received received = socket_.read(buffer_.data() + end_, buffer_.size() - end_, deadline_);
  end_ += received.count;
  return received.count != 0 || refuse_unfinished(received);
}

bool Connection::refuse_unfinished(const Received& received) {
  if (phase_.load() == Phase::evicted) return false;
  if (received.late) return refuse(408, "the request did not arrive in time");
  // Its first bytes came just as we closed the reading side: not the client's fault, and nothing was done.
  return silenced_.load() ? refuse(503, "the server is stopping") : refuse(400, "the request ended early");
}

bool Connection::receive_body(std::size_t head_end) {
  if (!head_.chunked && head_.content_length == 0) return true;
  if (head_.expect_continue && begin_ == end_ && !send("HTTP/1.1 100 Continue\r\n\r\n")) return false;
  return head_.chunked ? receive_chunked_body(head_end) : receive_plain_body();
}

// Into the body directly: it may be larger than the buffer, and nothing behind it is read.
bool Connection::receive_plain_body() {
  const std::size_t buffered = std::min(end_ - begin_, head_.content_length);
  body_.assign(buffer_.data() + begin_, buffered);
  begin_ += buffered;
  while (body_.size() < head_.content_length) {
    const std::size_t had = body_.size();
    body_.resize(std::min(had + body_step, head_.content_length));
    const Received received = socket_.read(body_.data() + had, body_.size() - had, deadline_);
    body_.resize(had + received.count);
    if (received.count == 0) return refuse_unfinished(received);
  }
  return true;
}

bool Connection::receive_chunked_body(std::size_t head_end) {
  ChunkedBody chunks(context_.limits.max_body, context_.limits.max_head);
  for (;;) {
    begin_ += chunks.feed(unread(), body_);
    if (chunks.refusal()) return refuse(chunks.refusal()->status, chunks.refusal()->reason);
    if (chunks.done()) return true;
    begin_ = end_ = head_end;
    if (!receive_more()) return false;
  }
}

bool Connection::answer() {
  if (!bridge_) {
    bridge_ = std::make_unique<HttplibBridge>(context_.handler,
                                              [this](std::string_view bytes) { return send(bytes); });
  }
  Exchange exchange{head_, body_, remote_address_, request_id_, date(), context_.stopping, head_.keep_alive};
  const bool sent = bridge_->answer(exchange);
  // A client that has sent more than we will read must not lose this answer to a reset.
  linger_ = sent && begin_ != end_;
  return sent && exchange.keep_alive;
}

bool Connection::send(std::string_view bytes) {
  const auto may_wait = [this] { return enter(Phase::stalled); };
  return socket_.write(bytes, context_.options.write_deadline, may_wait) && phase_.load() != Phase::evicted;
}

std::optional<RefusalAnswer> Connection::report_refusal(int status, std::string_view reason) {
  if (request_id_.empty()) request_id_ = id_ + "-" + std::to_string(++requests_);
  if (!context_.on_refusal) return std::nullopt;
  return context_.on_refusal({status, std::string(reason), std::string(head_.method),
                              std::string(head_.target), request_id_, remote_address_});
}

// Always false: after a refusal nobody knows where the next request would begin.
bool Connection::refuse(int status, std::string_view reason) {
  const auto answer = report_refusal(status, reason);
  send(refusal_text(status, answer ? *answer : as_json(status, reason)));
  linger_ = true;
  return false;
}

std::string Connection::refusal_text(int status, const RefusalAnswer& answer) {
  std::string text = "HTTP/1.1 " + std::to_string(status) + " ";
  text.append(status_text(status)).append("\r\nConnection: close\r\n");
  text.append("Content-Length: ").append(std::to_string(answer.body.size()));
  text.append("\r\nDate: ").append(date());
  for (const auto& [name, value] : answer.fields) text.append("\r\n").append(name).append(": ").append(value);
  if (status == 503) text.append("\r\nRetry-After: 1");
  text.append("\r\nX-Request-Id: ").append(request_id_).append("\r\n\r\n");
  if (head_.method != "HEAD") text += answer.body;
  return text;
}

// Formatted once a second; by hand, because strftime would follow the locale.
std::string_view Connection::date() {
  const std::time_t now = std::time(nullptr);
  if (now != date_second_) {
    static constexpr char days[] = "SunMonTueWedThuFriSat";
    static constexpr char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    std::tm parts{};
    gmtime_r(&now, &parts);
    std::snprintf(date_, sizeof date_, "%.3s, %02d %.3s %04d %02d:%02d:%02d GMT", days + 3 * parts.tm_wday,
                  parts.tm_mday % 100, months + 3 * parts.tm_mon, (parts.tm_year + 1900) % 10000,
                  parts.tm_hour % 100, parts.tm_min % 100, parts.tm_sec % 100);
    date_second_ = now;
  }
  return date_;
}

}  // namespace oauth2::server
