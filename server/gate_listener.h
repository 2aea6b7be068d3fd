// Listening sockets: from "HOST:PORT", "[IPV6]:PORT" or "unix:PATH" to a descriptor that accepts.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace oauth2::server {

class Listener {
 public:
  // Binds and listens; a host name gives one listener for each of its addresses.
  // std::runtime_error names the address and the cause.
  static std::vector<Listener> open(const std::string& address);

  ~Listener();
  Listener(Listener&& other) noexcept;
  Listener& operator=(Listener&&) = delete;

  int descriptor() const { return descriptor_; }
  bool is_unix() const { return !path_.empty(); }
  const std::string& address() const { return address_; }  // "127.0.0.1:9000", "unix:/path"

 private:
  Listener(int descriptor, std::string address, std::string path);
  static Listener open_unix(const std::string& address);

  int descriptor_;
  std::string address_;
  std::string path_;  // of a unix socket; removed at the end if it is still ours
  dev_t device_ = 0;
  ino_t inode_ = 0;
};

}  // namespace oauth2::server
