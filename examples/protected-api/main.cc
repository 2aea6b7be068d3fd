// An API with an open page, one for any token, one per scope and an optional one. The README is the tutorial.
#include <httplib.h>
#include <oauth2ctl/database_validator.h>
#include <oauth2ctl/resource_server.h>

#include <cstdlib>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>

namespace rs = oauth2::resource_server;
using httplib::Request;
using httplib::Response;

namespace {

std::string environment(const char* name, const std::string& otherwise) {
  const char* value = std::getenv(name);
  return value && *value ? value : otherwise;
}

// How tokens are checked: by asking the authorization server, by its published keys, or in its database.
std::unique_ptr<rs::Validator> make_validator() {
  const std::string how = environment("API_VALIDATOR", "introspection");
  const std::string issuer = environment("OAUTH2_ISSUER", "http://127.0.0.1:9000");
  const std::string resource = environment("API_RESOURCE", issuer);
  if (how == "introspection") {
    return rs::introspection({.endpoint = issuer + "/oauth/introspect",
                              .client_id = environment("OAUTH2_CLIENT_ID", ""),
                              .client_secret = environment("OAUTH2_CLIENT_SECRET", ""),
                              .resource = resource,
                              .cache = std::chrono::seconds(std::stoi(environment("API_CACHE", "30")))});
  }
  if (how == "jwt") return rs::jwt({.issuer = issuer, .resource = resource});
  if (how == "database") {
    const bool sessions = environment("API_SESSIONS", "off") == "on";
    return rs::database({.resource = resource, .sessions = sessions});  // OAUTH2CTL_DB says where
  }
  throw std::runtime_error("API_VALIDATOR is introspection, jwt or database");
}

void say(Response& response, const std::string& text) { response.set_content(text + "\n", "text/plain"); }

// Whoever stands behind a token: a user, or a client that speaks for itself.
std::string name_of(const rs::Token& token) {
  if (!token.user.empty()) return token.user;
  return token.subject;
}

void add_pages(httplib::Server& server, const rs::Guard& guard) {
  server.Get("/", [](const Request&, Response& response) { say(response, "Everybody may read this."); });

  server.Get("/whoami", guard.require({}, [](const Request&, Response& response, const rs::Token& token) {
    std::string scopes;
    for (const std::string& scope : token.scopes) scopes += " " + scope;
    say(response, name_of(token) + ", by a token of kind " + token.kind + " with the scopes" + scopes);
  }));

  server.Get("/records", guard.require({"records:read"}, [](const Request&, Response& response) {
    say(response, "Two records.");
  }));

  server.Post("/records", guard.require({"records:write"},
                                        [](const Request&, Response& response, const rs::Token& token) {
                                          say(response, "Written for " + name_of(token) + ".");
                                        }));

  // Both scopes, or the one of administrators.
  server.Get("/export",
             guard.require({"records:read records:write", "records:admin"},
                           [](const Request&, Response& response) { say(response, "All of it."); }));

  server.Get("/greeting", guard.optional([](const Request&, Response& response, const rs::Token* token) {
    say(response, "Hello, " + (token ? name_of(*token) : std::string("stranger")) + ".");
  }));

  // What is needed may depend on what is asked for.
  server.Get(R"(/records/(\w+))", [guard](const Request& request, Response& response) {
    const bool is_public = request.matches[1] == "welcome";
    const auto access =
        guard.acquire(request, is_public ? rs::ScopeRequirement() : rs::ScopeRequirement({"records:read"}));
    if (!access) return access.refuse(response);
    say(response, "The record " + request.matches[1].str() + " for " + name_of(*access) + ".");
  });
}

}  // namespace

int main() {
  try {
    rs::Guard guard("records");
    guard.add(make_validator());
    guard.on_unavailable([](const std::string& reason) { std::cerr << "protected-api: " + reason + "\n"; });
    httplib::Server server;
    server.set_tcp_nodelay(true);
    add_pages(server, guard);
    int port = std::stoi(environment("API_PORT", "5200"));
    if (port == 0)
      port = server.bind_to_any_port("127.0.0.1");
    else if (!server.bind_to_port("127.0.0.1", port))
      port = -1;
    if (port < 0) throw std::runtime_error("cannot listen on that port");
    std::cout << "protected-api: listening on http://127.0.0.1:" << port << std::endl;
    return server.listen_after_bind() ? 0 : 1;
  } catch (const std::exception& error) {
    std::cerr << "protected-api: " << error.what() << "\n";
    return 1;
  }
}
