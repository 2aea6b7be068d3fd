// cpp-httplib as it comes, for comparison with the gate: PORT as the only argument, 200 bytes for GET and
// POST /.
#include <httplib.h>

#include <cstdlib>
#include <limits>
#include <string>

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  httplib::Server server;
  server.new_task_queue = [] { return new httplib::ThreadPool(64); };
  server.set_tcp_nodelay(true);
  server.set_keep_alive_max_count(std::numeric_limits<std::size_t>::max());
  const std::string body(200, 'x');
  const auto answer = [&body](const httplib::Request&, httplib::Response& response) {
    response.set_content(body, "application/json");
  };
  server.Get("/", answer);
  server.Post("/", answer);
  return server.listen("127.0.0.1", std::atoi(argv[1])) ? 0 : 1;
}
