#include "server/routes.h"

#include <fmt/format.h>

#include <chrono>
#include <optional>
#include <string>

#include "core/store/clients.h"
#include "core/text.h"
#include "core/time.h"
#include "server/endpoints/endpoints.h"
#include "server/route_table.h"
#include "server/visit.h"
#include "server/wire.h"

namespace oauth2::server {
namespace {

std::int64_t steady_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

// Every endpoint under the issuer's path too: a proxy may pass the path on or cut it off. The metadata's
// well-known part stands before that path instead (RFC 8414 section 3.1).
std::string_view route_path(std::string_view path, std::string_view issuer_path) {
  // What is known as it stands is meant as it stands: the issuer's path may be /oauth.
  if (issuer_path.empty() || find_place(path).place) return path;
  if (path.starts_with(metadata_path) && path.substr(metadata_path.size()) == issuer_path)
    return metadata_path;
  if (path.starts_with(issuer_path) && path.substr(issuer_path.size()).starts_with('/')) {
    return path.substr(issuer_path.size());
  }
  return path;
}

void allow_origin(const protocol::Context& context, Cors cors, const httplib::Request& request,
                  httplib::Response& response) {
  if (cors == Cors::nobody) return;
  if (cors == Cors::everybody) {
    response.set_header("Access-Control-Allow-Origin", "*");
    return;
  }
  response.set_header("Vary", "Origin");
  const auto origin = read_header(request, "Origin");
  if (!origin || origin->size() > 300) return;
  const bool allowed = context.db.read(
      [&](db::Connection& connection) { return store::is_public_client_origin(connection, *origin); });
  if (allowed) response.set_header("Access-Control-Allow-Origin", *origin);
}

void answer_options(const protocol::Context& context, const Route& route, const std::string& allow,
                    const httplib::Request& request, httplib::Response& response) {
  response.status = 204;
  response.set_header("Allow", allow);
  allow_origin(context, route.cors, request, response);
  if (response.has_header("Access-Control-Allow-Origin") &&
      request.has_header("Access-Control-Request-Method")) {
    response.set_header("Access-Control-Allow-Methods", std::string(route.method));
    response.set_header("Access-Control-Allow-Headers", "Authorization, Content-Type");
    response.set_header("Access-Control-Max-Age", "600");
  }
}

void write_plain_error(int status, const char* name, httplib::Response& response) {
  response.status = status;
  response.set_header("Cache-Control", "no-store");
  response.set_content(fmt::format(R"({{"error":"{}"}})", name), "application/json");
}

protocol::Error as_protocol_error(const db::Error& error) {
  using Kind = db::Error::Kind;
  if (error.kind == Kind::failed) return {protocol::server_error, error.what()};
  return {protocol::temporarily_unavailable, error.what(), 1};
}

// A browser's endpoint answers with pages; so does a path that is unknown, where a page is asked for.
bool wants_page(const Route* route, const httplib::Request& request) {
  if (route) return route->errors_are_pages;
  return read_list_header(request, "Accept").find("text/html") != std::string::npos;
}

// To the same with a slash at its end, for good and with the query; a form does not go on to there.
void add_slash(Visit& visit, std::string_view path) {
  const bool reads = visit.request.method == "GET" || visit.request.method == "HEAD";
  if (!reads) throw PageRefusal(refusal::not_found);
  redirect_to_path(visit, fmt::format("{}/{}", path, query_of(visit.request)));
  visit.response.status = 308;
}

struct Exchange {
  const protocol::Context& context;
  const Live& live;
  const httplib::Request& request;
  httplib::Response& response;
  Visit* visit;  // of a browser
  bool with_page;
};

void run_page(Visit& visit, const Route& route, std::string_view path) {
  recognise_browser(visit);
  if (route.for_signed_in && !find_user(visit)) return ask_to_sign_in(visit, path);
  route.page(visit);
}

void run(const Exchange& exchange, std::string_view path, const Found& found, const Route* route) {
  const auto& [context, live, request, response, visit, with_page] = exchange;
  if (const Asset* asset = live.pages.find_asset(path)) {
    serve_asset(*asset, request, response);
  } else if (!found.place) {
    if (with_page) throw PageRefusal(refusal::not_found);
    write_plain_error(404, "not_found", response);
  } else if (found.lacks_slash) {
    add_slash(*visit, path);
  } else if (request.method == "OPTIONS" && !route) {
    answer_options(context, *found.place->routes.front(), found.place->allow, request, response);
  } else if (!route) {
    with_page ? write_refusal(*visit, PageRefusal(refusal::wrong_method))
              : write_plain_error(405, "method_not_allowed", response);
    response.set_header("Allow", found.place->allow);
  } else if (visit) {
    run_page(*visit, *route, path);
  } else {
    allow_origin(context, route->cors, request, response);
    route->run(context, request, response);
  }
}

// Answers the request; returns the reason of a refusal, for the log.
std::string respond(const protocol::Context& context, Live& live, const httplib::Request& request,
                    httplib::Response& response) {
  const std::string_view path = route_path(request.path, live.issuer_path);
  const Found found = find_place(path);
  const Route* right = found.place ? found.place->find(request.method) : nullptr;
  const Route* route = right || !found.place ? right : found.place->routes.front();
  const bool with_page = wants_page(route, request);
  std::optional<Visit> visit;
  const auto refuse = [&](const protocol::Error& error) -> std::string {
    if (with_page && visit) {
      write_refusal(*visit, page_refusal(error));
    } else {
      write_error(error, route ? route->challenge : Challenge::none, response);
    }
    return error.what();
  };
  try {
    if (with_page || (route && route->page))
      visit.emplace(open_visit(context, live.pages, live.issuer_path, request, response));
    if (visit) visit->id = found.id;
    if (visit) visit->remote_cache = &live.remote_cache;
    run({context, live, request, response, visit ? &*visit : nullptr, with_page}, path, found, right);
    return visit ? visit->note : "";
  } catch (const PageRefusal& refusal) {
    write_refusal(*visit, refusal);
    return refusal.what();
  } catch (const protocol::Error& error) {
    return refuse(error);
  } catch (const db::Error& error) {
    return refuse(as_protocol_error(error));
  } catch (const crypto::TooManyWaiting& error) {
    return refuse({protocol::temporarily_unavailable, error.what(), error.retry_after});
  } catch (const std::exception& error) {
    return refuse({protocol::server_error, error.what()});
  }
}

// What every answer carries, whatever it says.
void set_common_headers(const Live& live, httplib::Response& response) {
  response.set_header("X-Content-Type-Options", "nosniff");
  if (live.settings.issuer.starts_with("https://")) {
    response.set_header("Strict-Transport-Security", "max-age=31536000");
  }
}

protocol::Context context_of(Service& service, Live& live, std::string address, std::string request_id,
                             std::string& client_id) {
  return {service.db(),
          live.settings,
          live.limits,
          service.last_use(),
          service.password_workers(),
          service.signing_keys(),
          now_seconds(),
          steady_ms(),
          std::move(address),
          std::move(request_id),
          &client_id};
}

// Of what the gate refuses, that which people meet who did nothing odd. Null: only programs do.
const RefusalKind* what_people_meet(int status) {
  if (status == 413) return &refusal::form_too_large;
  if (status == 414) return &refusal::address_too_long;
  return status == 431 ? &refusal::fields_too_large : nullptr;
}

// A page where the path is a browser's; in the first language, for mostly the fields were not read.
std::optional<RefusalAnswer> refusal_page(Service& service, const Refusal& refusal, std::string_view path) {
  const RefusalKind* const kind = what_people_meet(refusal.status);
  if (!kind) return std::nullopt;
  const std::shared_ptr<Live> live = service.live();
  const Found found = find_place(route_path(path, live->issuer_path));
  if (!found.place || !found.place->routes.front()->errors_are_pages) return std::nullopt;
  std::string client_id;
  const protocol::Context context =
      context_of(service, *live, refusal.remote_address, refusal.request_id, client_id);
  const httplib::Request request;
  httplib::Response response;
  Visit visit = open_visit(context, live->pages, live->issuer_path, request, response);
  write_refusal(visit, PageRefusal(*kind, refusal.reason));
  set_common_headers(*live, response);
  return RefusalAnswer{{response.headers.begin(), response.headers.end()}, std::move(response.body)};
}

}  // namespace

void handle(Service& service, const httplib::Request& request, httplib::Response& response) {
  const auto start = std::chrono::steady_clock::now();
  const std::shared_ptr<Live> held = service.live();  // a reload replaces it, this request keeps it
  Live& live = *held;
  std::string client_id;
  const protocol::Context context = context_of(
      service, live,
      live.proxies.client_address(request.remote_addr, read_list_header(request, "X-Forwarded-For")),
      request.get_header_value("X-Request-Id"), client_id);
  const std::string reason = respond(context, live, request, response);
  set_common_headers(live, response);

  const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - start;
  service.log().write(response.status >= 500 ? Log::Level::error : Log::Level::info, "request",
                      {{"method", request.method},
                       {"path", request.path},
                       {"status", std::int64_t{response.status}},
                       {"ms", taken.count()},
                       {"address", context.address},
                       {"client_id", client_id},
                       {"request_id", context.request_id},
                       {"reason", reason}});
}

std::optional<RefusalAnswer> answer_refusal(Service& service, const Refusal& refusal) {
  // Without what follows the `?`: a query may hold a token.
  const std::string_view path = std::string_view(refusal.target).substr(0, refusal.target.find('?'));
  service.log().write(Log::Level::info, "refused",
                      {{"method", refusal.method},
                       {"path", path.substr(0, 200)},
                       {"status", std::int64_t{refusal.status}},
                       {"address", refusal.remote_address},
                       {"request_id", refusal.request_id},
                       {"reason", refusal.reason}});
  try {
    return refusal_page(service, refusal, path);
  } catch (const std::exception&) {  // out of memory: JSON takes less
    return std::nullopt;
  }
}

}  // namespace oauth2::server
