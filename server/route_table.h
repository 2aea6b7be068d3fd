#pragma once

#include <httplib.h>

#include <string>
#include <string_view>
#include <vector>

#include "core/protocol/context.h"
#include "server/visit.h"
#include "server/wire.h"

namespace oauth2::server {

constexpr std::string_view metadata_path = "/.well-known/oauth-authorization-server";

constexpr std::string_view any_method = "*";

// Which pages of other sites may read the answer.
enum class Cors {
  nobody,
  public_clients,  // those of public clients' https redirect URIs
  everybody,
};

struct Route {
  std::string_view method;  // GET serves HEAD too; any_method all that there are
  std::string_view path;    // with {id} for one segment that Visit::id then holds
  void (*run)(const protocol::Context&, const httplib::Request&, httplib::Response&);
  Challenge challenge;
  Cors cors;
  void (*page)(Visit&) = nullptr;  // instead of `run`: a browser's
  bool errors_are_pages = false;
  bool for_signed_in = false;  // others are sent to sign in; Visit::user is there for the page
};

const std::vector<Route>& routes();

// All routes of one path.
struct Place {
  std::string_view path;
  std::vector<const Route*> routes;
  std::string allow;  // the methods, with those that every path has

  const Route* find(std::string_view method) const;  // null: wrong method
};

struct Found {
  const Place* place = nullptr;  // null: there is nothing at that path
  std::string id;                // what stands at {id}; "" without one
  bool lacks_slash = false;      // the path of the place ends in a slash that was not asked for
};

// A path that stands in the table as it is comes before one with {id}. An {id} has at most 100 characters of
// [A-Za-z0-9_.-], not all of them dots: an administrator may choose such a client id.
Found find_place(std::string_view path);

}  // namespace oauth2::server
