#include "server/route_table.h"

#include <doctest/doctest.h>

#include <string>

using namespace oauth2::server;

namespace {

const std::string sessions = "/account/settings/security/sessions/";

std::string id_of(const std::string& path) { return find_place(path).id; }
bool is_there(const std::string& path) { return find_place(path).place != nullptr; }

}  // namespace

TEST_CASE("every route is found by its path and its method, and GET serves HEAD") {
  for (const Route& route : routes()) {
    CAPTURE(route.path);
    std::string path(route.path);
    if (const auto mark = path.find("{id}"); mark != std::string::npos) path.replace(mark, 4, "x");
    const Found found = find_place(path);
    REQUIRE(found.place);
    CHECK(found.place->find(route.method) == &route);
    CHECK_FALSE(found.lacks_slash);
    if (route.method == "GET") CHECK(found.place->find("HEAD") == &route);
    if (route.method != any_method) {
      CHECK(found.place->find("DELETE") == nullptr);
      CHECK(found.place->allow.find(route.method) != std::string::npos);
    }
    CHECK(found.place->allow.ends_with(", OPTIONS"));
  }
  CHECK(find_place("/login").place->allow == "GET, HEAD, POST, OPTIONS");
}

TEST_CASE("a proxy may ask /oauth/check by any method") {
  const Place* check = find_place("/oauth/check").place;
  REQUIRE(check);
  for (const char* method : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}) {
    CAPTURE(method);
    CHECK(check->find(method) != nullptr);
    CHECK(check->allow.find(method) != std::string::npos);
  }
}

TEST_CASE("an id is one segment of 1 to 100 letters, digits, -, _ and dots, but not of dots alone") {
  for (const std::string& id : {std::string("x"), std::string("aZ09_-"), std::string("a.b"),
                                std::string(".a"), std::string(100, 'x'), std::string("new")}) {
    CAPTURE(id);
    CHECK(id_of(sessions + id + "/") == id);
  }
  for (const std::string& id : {std::string(), std::string(101, 'x'), std::string("a/b"), std::string("."),
                                std::string(".."), std::string("a b"), std::string("é"), std::string("{id}"),
                                std::string("a\0b", 3), std::string("a%2f")}) {
    CAPTURE(id);
    CHECK(id_of(sessions + id + "/") == "");
    CHECK(find_place(sessions + id + "/").place == nullptr);
  }
  CHECK_FALSE(is_there(sessions + "x/y/"));
  CHECK_FALSE(is_there("/elsewhere" + sessions + "x/"));
}

TEST_CASE("a path without its last slash is known as such, and no other is completed") {
  for (const std::string& path : {std::string("/account/settings/applications"), sessions + "x"}) {
    CAPTURE(path);
    CHECK(is_there(path));
    CHECK(find_place(path).lacks_slash);
  }
  CHECK(find_place(sessions + "x").id == "x");
  for (const char* path : {"", "x", "/login/", "/account/settings/applications//", "//", "/account"}) {
    CAPTURE(path);
    CHECK_FALSE(is_there(path));
  }
}
