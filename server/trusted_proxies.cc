#include "server/trusted_proxies.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>

#include "core/settings.h"
#include "core/text.h"

namespace oauth2::server {
namespace {

using Address = std::array<std::uint8_t, 16>;

std::optional<Address> parse_address(std::string_view text) {
  const std::string terminated(text);
  Address address{};
  if (::inet_pton(AF_INET6, terminated.c_str(), address.data()) == 1) return address;
  std::array<std::uint8_t, 4> v4{};
  if (::inet_pton(AF_INET, terminated.c_str(), v4.data()) != 1) return std::nullopt;
  address[10] = address[11] = 0xFF;
  std::copy(v4.begin(), v4.end(), address.begin() + 12);
  return address;
}

bool same_network(const Address& a, const Address& b, int bits) {
  const auto bytes = static_cast<std::size_t>(bits / 8);
  if (std::memcmp(a.data(), b.data(), bytes) != 0) return false;
  const int rest = bits % 8;
  return rest == 0 || (a[bytes] >> (8 - rest)) == (b[bytes] >> (8 - rest));
}

}  // namespace

TrustedProxies::TrustedProxies(const std::vector<std::string>& entries) {
  for (const std::string& entry : entries) {
    if (entry == "unix") {
      unix_peers_ = true;
      continue;
    }
    const auto slash = entry.find('/');
    const auto address = parse_address(std::string_view(entry).substr(0, slash));
    const bool v4 = entry.find(':') == std::string::npos;
    int bits = v4 ? 32 : 128;
    const int most = bits;
    if (address && slash != std::string::npos) {
      const auto [end, error] = std::from_chars(entry.data() + slash + 1, entry.data() + entry.size(), bits);
      if (error != std::errc() || end != entry.data() + entry.size()) bits = -1;
    }
    if (!address || bits < 0 || bits > most) {
      throw SettingError(fmt::format("trusted_proxies: '{}' is not an address, a network or 'unix'",
                                     text::escape_controls(entry)));
    }
    networks_.push_back({*address, v4 ? bits + 96 : bits});
  }
}

bool TrustedProxies::trusts(std::string_view text) const {
  const auto address = parse_address(text);
  return address && std::any_of(networks_.begin(), networks_.end(), [&](const Network& network) {
           return same_network(*address, network.address, network.bits);
         });
}

std::string TrustedProxies::client_address(const std::string& peer, std::string_view forwarded_for) const {
  const bool trusted_peer = peer.empty() ? unix_peers_ : !networks_.empty() && trusts(peer);
  if (!trusted_peer || forwarded_for.empty()) return peer;
  std::string client = peer;
  const auto hops = text::split(forwarded_for, ',');
  for (auto hop = hops.rbegin(); hop != hops.rend(); ++hop) {
    const std::string_view address = text::trim(*hop);
    if (!parse_address(address)) break;  // beyond a hop that is no address nothing can be believed
    client = std::string(address);
    if (!trusts(address)) break;
  }
  return client;
}

}  // namespace oauth2::server
