#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace oauth2::cli {

// Where the browser brings the answer (RFC 8252 section 7.3): a few requests, on a loopback address only.
class LoopbackListener {
 public:
  struct Reply {
    int status = 200;
    std::string page;  // plain text
    bool is_last = false;
  };
  using Answer = std::function<Reply(std::string_view method, std::string_view target)>;

  // 127.0.0.1, or ::1. Port 0: any that is free. CommandError when it cannot listen.
  LoopbackListener(bool ipv6, int port);
  ~LoopbackListener();
  LoopbackListener(const LoopbackListener&) = delete;
  LoopbackListener& operator=(const LoopbackListener&) = delete;

  int port() const { return port_; }

  // Answers requests until the last one; false when `until` comes first. Browsers open connections that they
  // do not use, so several are read at once; what is no request is dropped.
  bool serve(std::chrono::steady_clock::time_point until, const Answer& answer);

 private:
  struct Peer {
    int socket = -1;
    std::string head;
    std::chrono::steady_clock::time_point until;
  };

  void accept_peer();
  bool hear(Peer& peer, const Answer& answer);
  void drop_finished();

  int socket_ = -1;
  int port_ = 0;
  std::vector<Peer> peers_;
};

}  // namespace oauth2::cli
