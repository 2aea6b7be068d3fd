#include "server/gate_listener.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <utility>

namespace oauth2::server {
namespace {

constexpr int backlog = 1024;
constexpr char unix_prefix[] = "unix:";

[[noreturn]] void fail(const std::string& address, const std::string& cause) {
  throw std::runtime_error("cannot listen on " + address + ": " + cause);
}

[[noreturn]] void fail_errno(const std::string& address) { fail(address, std::strerror(errno)); }

// A descriptor that is closed unless it is released.
class Holder {
 public:
  explicit Holder(int descriptor) : descriptor_(descriptor) {}
  ~Holder() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  Holder(const Holder&) = delete;
  Holder& operator=(const Holder&) = delete;
  int operator*() const { return descriptor_; }
  int release() { return std::exchange(descriptor_, -1); }

 private:
  int descriptor_;
};

struct HostPort {
  std::string host;
  std::string port;
};

HostPort split(const std::string& address) {
  HostPort parts;
  const std::size_t colon = address.rfind(':');
  if (colon == address.npos) fail(address, "expected HOST:PORT or unix:PATH");
  parts.host = address.substr(0, colon);
  parts.port = address.substr(colon + 1);
  if (parts.host.size() > 2 && parts.host.front() == '[' && parts.host.back() == ']') {
    parts.host = parts.host.substr(1, parts.host.size() - 2);
  } else if (parts.host.find_first_of(":[]") != std::string::npos) {
    fail(address, "write an IPv6 address in brackets");
  }
  if (parts.host.empty()) fail(address, "the host is missing");
  unsigned port = 0;
  const char* const end = parts.port.data() + parts.port.size();
  const auto [stop, error] = std::from_chars(parts.port.data(), end, port);
  if (error != std::errc() || stop != end || port > 65535) fail(address, "the port must be 0 to 65535");
  return parts;
}

using AddressList = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

AddressList resolve(const std::string& address, const HostPort& parts) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int error = getaddrinfo(parts.host.c_str(), parts.port.c_str(), &hints, &found);
  if (error != 0) fail(address, gai_strerror(error));
  return {found, freeaddrinfo};
}

unsigned short port_of(const sockaddr_storage& bound) {
  return ntohs(bound.ss_family == AF_INET6 ? reinterpret_cast<const sockaddr_in6&>(bound).sin6_port
                                           : reinterpret_cast<const sockaddr_in&>(bound).sin_port);
}

void set_port(sockaddr* address, unsigned short port) {
  if (address->sa_family == AF_INET6) {
    reinterpret_cast<sockaddr_in6*>(address)->sin6_port = htons(port);
  } else {
    reinterpret_cast<sockaddr_in*>(address)->sin_port = htons(port);
  }
}

std::string to_text(const sockaddr_storage& bound) {
  char host[INET6_ADDRSTRLEN] = "";
  std::string text;
  if (bound.ss_family == AF_INET6) {
    inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6&>(bound).sin6_addr, host, sizeof host);
    text.append("[").append(host).append("]");
  } else {
    inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in&>(bound).sin_addr, host, sizeof host);
    text.append(host);
  }
  return text.append(":").append(std::to_string(port_of(bound)));
}

// The address as it was really bound, or errno and false.
bool bind_and_listen(int descriptor, const addrinfo& entry, sockaddr_storage& bound) {
  // SO_REUSEADDR, so that a restart does not wait for old connections to time out; never SO_REUSEPORT, which
  // would let a second instance share the port and take half of the requests.
  const int on = 1;
  setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (entry.ai_family == AF_INET6) setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  socklen_t length = sizeof bound;
  return bind(descriptor, entry.ai_addr, entry.ai_addrlen) == 0 && listen(descriptor, backlog) == 0 &&
         getsockname(descriptor, reinterpret_cast<sockaddr*>(&bound), &length) == 0;
}

sockaddr_un unix_address(const std::string& address, const std::string& path) {
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  if (path.empty()) fail(address, "the path is missing");
  if (path.size() >= sizeof name.sun_path) fail(address, "the path is too long for a socket");
  std::memcpy(name.sun_path, path.c_str(), path.size() + 1);
  return name;
}

// A socket file outlives a killed server and would block the next one for ever; one that answers is in use.
void remove_stale(const std::string& address, const std::string& path, const sockaddr_un& name) {
  struct stat info {};
  if (lstat(path.c_str(), &info) != 0) return;
  if (!S_ISSOCK(info.st_mode)) fail(address, "the path exists and is not a socket");
  const Holder probe(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (*probe < 0) fail_errno(address);
  // Anything but a refusal, a full backlog included, means that somebody listens there.
  if (connect(*probe, reinterpret_cast<const sockaddr*>(&name), sizeof name) == 0 || errno != ECONNREFUSED) {
    fail(address, std::strerror(EADDRINUSE));
  }
  unlink(path.c_str());
}

}  // namespace

Listener::Listener(int descriptor, std::string address, std::string path)
    : descriptor_(descriptor), address_(std::move(address)), path_(std::move(path)) {}

Listener::Listener(Listener&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      address_(std::move(other.address_)),
      path_(std::exchange(other.path_, {})),
      device_(other.device_),
      inode_(other.inode_) {}

Listener::~Listener() {
  if (descriptor_ < 0) return;
  // Unlinked before it is closed: in between, a successor could have taken the file for stale and put its own
  // there.
  struct stat info {};
  if (is_unix() && lstat(path_.c_str(), &info) == 0 && info.st_dev == device_ && info.st_ino == inode_) {
    unlink(path_.c_str());
  }
  close(descriptor_);
}

std::vector<Listener> Listener::open(const std::string& address) {
  std::vector<Listener> listeners;
  if (address.rfind(unix_prefix, 0) == 0) {
    listeners.push_back(open_unix(address));
    return listeners;
  }
  const AddressList list = resolve(address, split(address));
  unsigned short port = 0;
  int last_error = 0;
  for (const addrinfo* entry = list.get(); entry != nullptr; entry = entry->ai_next) {
    Holder descriptor(socket(entry->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    // All addresses of one name listen on the same port, also when the first one chose it.
    if (port != 0) set_port(entry->ai_addr, port);
    sockaddr_storage bound{};
    if (*descriptor < 0 || !bind_and_listen(*descriptor, *entry, bound)) {
      last_error = errno;
      // "localhost" is two addresses, also where IPv6 is switched off.
      if (last_error == EADDRNOTAVAIL || last_error == EAFNOSUPPORT) continue;
      fail_errno(address);
    }
    port = port_of(bound);
    listeners.push_back(Listener(descriptor.release(), to_text(bound), ""));
  }
  if (listeners.empty()) fail(address, std::strerror(last_error));
  return listeners;
}

Listener Listener::open_unix(const std::string& address) {
  const std::string path = address.substr(sizeof unix_prefix - 1);
  const sockaddr_un name = unix_address(address, path);
  remove_stale(address, path, name);
  Holder descriptor(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (*descriptor < 0) fail_errno(address);
  // 0660: a reverse proxy in our group may connect, other accounts may not, because what comes through this
  // socket counts as the proxy. Set before bind(), so that the file is never more open than that; again after
  // it, because bind() applies the umask.
  constexpr mode_t mode = 0660;
  struct stat info {};
  if (fchmod(*descriptor, mode) != 0 ||
      bind(*descriptor, reinterpret_cast<const sockaddr*>(&name), sizeof name) != 0 ||
      chmod(path.c_str(), mode) != 0 || lstat(path.c_str(), &info) != 0 ||
      listen(*descriptor, backlog) != 0) {
    fail_errno(address);
  }
  Listener listener(descriptor.release(), address, path);
  listener.device_ = info.st_dev;
  listener.inode_ = info.st_ino;
  return listener;
}

}  // namespace oauth2::server
