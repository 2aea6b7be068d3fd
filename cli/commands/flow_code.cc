#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <unistd.h>

#include <memory>

#include "cli/command.h"
#include "cli/flow/authorization.h"
#include "cli/flow/callback.h"
#include "cli/flow/flags.h"
#include "cli/flow/loopback.h"
#include "core/crypto/random.h"
#include "core/time.h"

namespace oauth2::cli {
namespace {

struct Values {
  FlowFlags flags;
  std::optional<std::string> redirect_uri;
  std::optional<std::string> port;
  std::optional<std::int64_t> timeout;
  bool par = false;
  bool open = false;
};

// The browser gets none of our environment but what it needs: a secret may be in it.
void open_browser(const std::string& url, const Console& console) {
  std::vector<std::string> environment;
  for (const char* name : {"PATH", "HOME", "USER", "LANG", "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY",
                           "BROWSER", "XDG_RUNTIME_DIR", "XDG_CURRENT_DESKTOP", "XDG_DATA_DIRS",
                           "XDG_CONFIG_HOME", "DBUS_SESSION_BUS_ADDRESS"}) {
    if (const char* value = std::getenv(name)) environment.push_back(fmt::format("{}={}", name, value));
  }
  std::vector<char*> pointers;
  for (std::string& entry : environment) pointers.push_back(entry.data());
  pointers.push_back(nullptr);
  std::string program = "xdg-open";
  std::string target = url;
  char* const arguments[] = {program.data(), target.data(), nullptr};
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t child = 0;
  const int failed = ::posix_spawnp(&child, program.c_str(), &actions, nullptr, arguments, pointers.data());
  ::posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) console.note("xdg-open cannot be started: open the address yourself");
}

// A client or redirect URI that the server does not know is told to the browser, and never to us.
void tell(const std::string& url, const std::string& registered_uri, const Console& console) {
  if (console.globals().quiet) return console.note(url);
  // The address before any other: who reads along takes the first.
  console.note(
      fmt::format("open this address in a browser:\n{}\n"
                  "if the browser shows an error page: the client needs the redirect URI {}",
                  url, registered_uri));
}

// The code that the browser brings.
std::string wait_for_code(LoopbackListener& listener, const ExpectedCallback& expected,
                          std::int64_t timeout) {
  CallbackVerdict verdict;
  const auto answer = [&](std::string_view method, std::string_view target) {
    verdict = judge_callback(expected, method, target);
    return LoopbackListener::Reply{verdict.status, verdict.page, verdict.is_last};
  };
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(timeout);
  if (!listener.serve(until, answer)) {
    throw CommandError(Exit::failed, fmt::format("nobody signed in within {}", format_duration(timeout)),
                       "--timeout waits for longer");
  }
  if (verdict.failure) throw CommandError(*verdict.failure);
  return verdict.code;
}

Exit run(const Values& values, Console& console) {
  const LoopbackRedirect redirect = choose_redirect(values.redirect_uri, values.port);
  const Remote remote = open_remote(values.flags, console);
  const std::string endpoint =
      require_endpoint(remote.server.authorization_endpoint, "authorization_endpoint");
  const std::string token_endpoint = require_endpoint(remote.server.token_endpoint, "token_endpoint");
  LoopbackListener listener(redirect.is_ipv6, redirect.port);
  const std::string redirect_uri = redirect.uri_at(listener.port());
  const std::string state = crypto::random_base62(32);
  const std::string code_verifier = crypto::random_base62(64);

  Form request = authorization_request(with_scope(values.flags, {}), remote.client_id, redirect_uri, state,
                                       code_verifier);
  if (values.par || remote.server.require_pushed_authorization_requests)
    request = push_request(remote, request);
  const std::string url = with_query(endpoint, request);
  tell(url, redirect.registered_uri(listener.port()), console);
  if (values.open) open_browser(url, console);

  const ExpectedCallback expected = {redirect.path, state, remote.server.issuer,
                                     remote.server.authorization_response_iss_parameter_supported};
  Form form = {{"grant_type", "authorization_code"},
               {"code", wait_for_code(listener, expected, values.timeout.value_or(300))},
               {"redirect_uri", redirect_uri},
               {"code_verifier", code_verifier}};
  for (const std::string& resource : values.flags.resource) form.emplace_back("resource", resource);
  print_tokens(values.flags, post(remote, token_endpoint, form), console);
  return Exit::done;
}

Action bind(Options& options) {
  const auto values = std::make_shared<Values>();
  values->flags.declare(options);
  options.value("--redirect-uri", "URI", values->redirect_uri,
                "where the browser brings the answer; else http://127.0.0.1:PORT/callback");
  options.value("--port", "N", values->port, "the port to listen on; else any that is free");
  options.duration("--timeout", values->timeout, "how long to wait for the browser; else 5m");
  options.on("--par", values->par,
             "push the request first (RFC 9126), also where the server does not insist");
  options.on("--open", values->open, "open the browser with xdg-open");
  return [values](Console& console) { return run(*values, console); };
}

}  // namespace

extern const Command flow_code;
const Command flow_code = {
    .path = "flow code",
    .summary = "sign in with a browser, at any OAuth 2.0 server",
    .details =
        "RFC 6749 section 4.1 with PKCE. Says on stderr which address to open, and waits on a loopback "
        "address for "
        "the browser to come back. The client's redirect URI is http://127.0.0.1/callback, with any port.",
    .examples =
        {{"oauth2ctl flow code --issuer https://auth.example.org --client-id app --scope 'read write'", ""},
         {"oauth2ctl flow code --client-id app --port 8400 --open --bare", "with the default browser"}},
    .shape = token_response_shape,
    .bind = bind};

}  // namespace oauth2::cli
