#pragma once

#include <string>
#include <vector>

#include "tests/server/flow_samples.h"

// The pages of signing in with providers, for page_samples.h.
namespace page_samples {

inline constexpr const char* icon =
    "data:image/"
    "svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHZpZXdCb3g9IjAgMCAxMCAxMCI+"
    "PGNpcmNsZSBjeD0iNSIgY3k9IjUiIHI9IjUiIGZpbGw9IiM2OWMiLz48L3N2Zz4=";

inline View login_with_providers() {
  const auto provider = [](const char* title, const char* url) {
    return View().set("title", title).set("url", url);
  };
  return login()
      .set("client_name", "")
      .set("providers",
           std::vector<View>{provider("GitHub", "/oauth/login/github").set("icon", icon),
                             provider("University of the Northern Islands", "/oauth/login/uni?next=%2Fdevice")
                                 .set("icon", icon),
                             provider("ORCID", "/oauth/login/orcid")});
}

inline View signup() {
  return form("/oauth/signup/orcid")
      .set("signup", "5cDE8drvpcGLOk7COaptMaxZ09aTqLmBhNn1QJ0xq3T")
      .set("provider", "ORCID")
      .set("icon", icon)
      .set("cancel_url", "/login")
      .set("username", "josiah-carberry")
      .set("name", "Josiah Carberry");
}

inline View signup_refused() {
  return signup()
      .set("icon", "")
      .set("username", "josiah carberry")
      .set("email", "josiah@brown")
      .set("error", "This page was open for too long. Please try again.")
      .set("username_error", "Somebody has this username already. Please choose another one.")
      .set("name_error", "Please use at most 200 characters.")
      .set("email_error", "This is not an email address.");
}

inline View linked(const char* title, bool is_linked, const char* action) {
  View view = View()
                  .set("title", title)
                  .set("is_linked", is_linked)
                  .set("is_only_linked", false)
                  .set("is_last_way_in", false)
                  .set("is_unavailable", false);
  if (!is_linked) return view.set("connect_action", action);
  return view.set("disconnect_action", action)
      .set("linked_at", "2 November 2026")
      .set("linked_datetime", "2026-11-02T09:20:11Z");
}

inline std::vector<View> linked_providers() {
  return {
      linked("GitHub", true, "/oauth/disconnect/github")
          .set("icon", icon)
          .set("account", "octocat")
          .set("is_last_way_in", true)
          .set("used_at", "3 hours ago")
          .set("used_datetime", "2026-11-22T08:30:00Z"),
      linked("ORCID", true, "/oauth/disconnect/orcid")
          .set("account", "0000-0002-1825-0097")
          .set("description", "The iD that you publish with.")
          .set("is_unavailable", true),
      linked("Cloud storage", false, "/oauth/login/storage").set("is_only_linked", true),
      linked("University of the Northern Islands", false, "/oauth/login/uni").set("icon", icon),
  };
}

}  // namespace page_samples
