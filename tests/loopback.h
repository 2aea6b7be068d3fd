#pragma once

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <utility>

// A socket that is bound to 127.0.0.1, and its port: where nobody listens, and nobody else can begin to.
inline std::pair<int, int> bind_to_loopback() {
  const int bound = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  REQUIRE(::bind(bound, reinterpret_cast<sockaddr*>(&address), size) == 0);
  ::getsockname(bound, reinterpret_cast<sockaddr*>(&address), &size);
  return {bound, ntohs(address.sin_port)};
}

// One that listens: for a server of a test that may lie.
inline std::pair<int, int> listen_on_loopback() {
  const auto bound = bind_to_loopback();
  REQUIRE(::listen(bound.first, 16) == 0);
  return bound;
}
