#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace oauth2::server {

// Whose X-Forwarded-For is believed: addresses, networks (CIDR), and "unix" for peers on a unix socket.
class TrustedProxies {
 public:
  // SettingError for what is neither.
  explicit TrustedProxies(const std::vector<std::string>& entries);

  // The client's address: the peer's own, or, from a trusted peer, the last address of X-Forwarded-For that
  // is not a trusted one itself. `peer` is "" on a unix socket.
  std::string client_address(const std::string& peer, std::string_view forwarded_for) const;

 private:
  using Address = std::array<std::uint8_t, 16>;  // IPv4 as ::ffff:a.b.c.d
  struct Network {
    Address address;
    int bits;
  };
  bool trusts(std::string_view address) const;

  std::vector<Network> networks_;
  bool unix_peers_ = false;
};

}  // namespace oauth2::server
