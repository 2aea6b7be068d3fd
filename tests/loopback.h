#pragma once

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <utility>

// A socket that listens on 127.0.0.1, and its port: for a server of a test that may lie.
inline std::pair<int, int> listen_on_loopback() {
  const int listening = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  REQUIRE(::bind(listening, reinterpret_cast<sockaddr*>(&address), size) == 0);
  REQUIRE(::listen(listening, 16) == 0);
  ::getsockname(listening, reinterpret_cast<sockaddr*>(&address), &size);
  return {listening, ntohs(address.sin_port)};
}
