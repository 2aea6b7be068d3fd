// A gate with a handler that tells what it saw, for the black-box tests in tests/gate.
//
//   gate_probe --listen ADDRESS… [--tls CERT KEY] [--max-connections N] [--max-body N] [--request-ms N]
//   [--idle-ms N]
//              [--write-ms N] [--drain-ms N] [--quiet]
//
// Paths with a meaning: /fixed (200 bytes) /slow (a line on standard output, the answer after one byte more
// of standard input, or its end)
// /large (8 MB) /throw /inject /close; every other one answers JSON of what came. SIGHUP reloads the
// certificate, SIGTERM drains. One line per refusal goes to standard error, unless --quiet.
#include <httplib.h>
#include <pthread.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <stdexcept>
#include <string>
#include <thread>

#include "server/gate.h"
#include "server/tls.h"

namespace {

using oauth2::server::Gate;
using oauth2::server::GateOptions;
using oauth2::server::Refusal;
using oauth2::server::TlsContext;

struct Arguments {
  GateOptions options;
  std::string certificate;
  std::string key;
  bool quiet = false;
};

std::string quoted(const std::string& text) {
  std::string json = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    char escape[8];
    std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(byte));
    if (byte < 0x20 || byte > 0x7e || c == '"' || c == '\\') {
      json += escape;
    } else {
      json += c;
    }
  }
  return json + "\"";
}

std::string describe(const httplib::Request& request) {
  std::string headers;
  for (const auto& [name, value] : request.headers) {
    headers += (headers.empty() ? "[" : ",[") + quoted(name) + "," + quoted(value) + "]";
  }
  return "{\"method\":" + quoted(request.method) + ",\"path\":" + quoted(request.path) +
         ",\"target\":" + quoted(request.target) + ",\"version\":" + quoted(request.version) +
         ",\"params\":" + std::to_string(request.params.size()) +
         ",\"body_length\":" + std::to_string(request.body.size()) + ",\"body\":" + quoted(request.body) +
         ",\"remote_addr\":" + quoted(request.remote_addr) + ",\"headers\":[" + headers + "]}";
}

void answer(const httplib::Request& request, httplib::Response& response) {
  static const std::string fixed(200, 'x');
  static const std::string large(8 << 20, 'x');
  if (request.path == "/fixed") return response.set_content(fixed, "application/json");
  if (request.path == "/large") return response.set_content(large, "application/octet-stream");
  if (request.path == "/throw") throw std::runtime_error("the secret of the handler");
  if (request.path == "/inject") response.headers.emplace("Location", "/\r\nSet-Cookie: a=b");
  if (request.path == "/close") response.set_header("Connection", "close");
  if (request.path == "/slow") {
    std::puts("serving /slow");
    std::fflush(stdout);
    std::getchar();
  }
  response.set_content(describe(request), "application/json");
}

Arguments parse(int argc, char** argv) {
  Arguments arguments;
  GateOptions& options = arguments.options;
  int i = 1;
  const auto next = [&]() -> std::string {
    if (i >= argc) throw std::runtime_error("an argument is missing");
    return argv[i++];
  };
  const auto number = [&] { return static_cast<std::size_t>(std::stoul(next())); };
  const auto time = [&] { return std::chrono::milliseconds(std::stol(next())); };
  while (i < argc) {
    const std::string flag = next();
    if (flag == "--listen") {
      options.listen.push_back(next());
    } else if (flag == "--tls") {
      arguments.certificate = next();
      arguments.key = next();
    } else if (flag == "--max-connections") {
      options.max_connections = number();
    } else if (flag == "--max-body") {
      options.max_body = number();
    } else if (flag == "--request-ms") {
      options.request_deadline = time();
    } else if (flag == "--idle-ms") {
      options.idle_deadline = time();
    } else if (flag == "--write-ms") {
      options.write_deadline = time();
    } else if (flag == "--drain-ms") {
      options.drain_deadline = time();
    } else if (flag == "--quiet") {
      arguments.quiet = true;
    } else {
      throw std::runtime_error("unknown flag " + flag);
    }
  }
  return arguments;
}

std::optional<oauth2::server::RefusalAnswer> report(const Refusal& refusal) {
  const std::string line = std::to_string(refusal.status) + " " + quoted(refusal.reason) + " " +
                           quoted(refusal.method) + " " + quoted(refusal.target) + " " + refusal.request_id +
                           " " + quoted(refusal.remote_address) + "\n";
  std::fputs(line.c_str(), stderr);
  return std::nullopt;
}

// Until SIGTERM or SIGINT.
void handle_signals(const sigset_t& signals, const Arguments& arguments, Gate& gate, TlsContext* tls) {
  for (;;) {
    int signal = 0;
    if (sigwait(&signals, &signal) != 0) continue;
    if (signal != SIGHUP) return gate.stop();
    if (tls == nullptr) continue;
    try {
      tls->reload(arguments.certificate, arguments.key);
      std::printf("reloaded\n");
    } catch (const std::exception& error) {
      std::printf("not reloaded: %s\n", error.what());
    }
    std::fflush(stdout);
  }
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const Arguments arguments = parse(argc, argv);
    sigset_t signals;
    sigemptyset(&signals);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, signal);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);

    std::shared_ptr<TlsContext> tls;
    if (!arguments.certificate.empty())
      tls = std::make_shared<TlsContext>(arguments.certificate, arguments.key);
    Gate::RefusalHandler observer;
    if (!arguments.quiet) observer = report;
    Gate gate(arguments.options, answer, observer, tls);
    gate.open();
    for (const std::string& address : gate.addresses()) std::printf("listening on %s\n", address.c_str());
    std::fflush(stdout);
    std::thread watcher([&] { handle_signals(signals, arguments, gate, tls.get()); });
    gate.serve();
    watcher.join();
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "gate_probe: %s\n", error.what());
    return 1;
  }
}
