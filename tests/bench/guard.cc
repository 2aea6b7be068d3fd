// cpp-httplib as in bare.cc behind the guard, which asks the database: PORT and the database's URL as
// arguments. GET and POST / need a token of scope records:read.
#include <httplib.h>

#include <cstdio>
#include <cstdlib>
#include <limits>
#include <string>

#include "core/resource_server/database/database_validator.h"

namespace rs = oauth2::resource_server;

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  httplib::Server server;
  server.new_task_queue = [] { return new httplib::ThreadPool(64); };
  server.set_tcp_nodelay(true);
  server.set_keep_alive_max_count(std::numeric_limits<std::size_t>::max());
  rs::Guard guard;
  guard.add(rs::database({.url = argv[2]}));
  guard.on_unavailable([](const std::string& reason) { std::fprintf(stderr, "%s\n", reason.c_str()); });
  const std::string body(200, 'x');
  const auto answer = [&body](const httplib::Request&, httplib::Response& response, const rs::Token&) {
    response.set_content(body, "application/json");
  };
  server.Get("/", guard.require({"records:read"}, answer));
  server.Post("/", guard.require({"records:read"}, answer));
  return server.listen("127.0.0.1", std::atoi(argv[1])) ? 0 : 1;
}
