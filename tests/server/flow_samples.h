#pragma once

#include <string>
#include <vector>

#include "core/qr.h"
#include "server/view.h"

// The pages that are not an account's own, with all that they can show: for page_samples.h.
namespace page_samples {

using oauth2::server::View;

inline View form(const char* action) {
  return View().set("action", action).set("csrf_token", "eyJhbGciOiJIUzI1NiJ9.e30.c2ln");
}

inline View scope(const char* name, const char* description, bool is_new) {
  return View().set("name", name).set("description", description).set("is_new", is_new);
}

inline View group(const char* title, std::vector<View> scopes) {
  return View().set("title", title).set("scopes", std::move(scopes));
}

inline View& add_request(View& view) {
  return view.set("client_name", "Field Notes")
      .set("client_uri", "https://notes.example.org/about")
      .set("description", "Collects what you measure outdoors and keeps it in one place.")
      .set("owner", "lena")
      .set("username", "alice")
      .set("no_scopes", false)
      .set("groups",
           std::vector<View>{
               group("Records", {scope("records:read", "Read your records", false),
                                 scope("records:write", "Add, change and delete your records", true)}),
               group("Profile",
                     {scope("user:email", "See your email address", true), scope("audit", "", false)}),
           });
}

inline View login() {
  return form("/login")
      .set("next", "/oauth/authorize?request_id=5cDE8drvpcGLOk7COaptMa")
      .set("client_name", "Field Notes")
      .set("local_sign_in", true);
}

inline View failed_login() {
  return login()
      .set("username", "alice@example.org")
      .set("remember", true)
      .set("error", "The username or the password is not right.")
      .set("notice", "You need to sign in again before you can change your password.")
      .set("providers", std::vector<View>{View().set("title", "GitHub").set("url", "/oauth/login/github"),
                                          View().set("title", "ORCID").set("url", "/oauth/login/orcid")});
}

inline View consent() {
  View view = form("/oauth/authorize");
  return add_request(view)
      .set("resource_hosts", "api.example.org, files.example.org")
      .set("unverified", true)
      .set("request_id", "5cDE8drvpcGLOk7COaptMa")
      .set("redirect_host", "notes.example.org")
      .set("logout_action", "/logout")
      .set("next", "/oauth/authorize?request_id=5cDE8drvpcGLOk7COaptMa");
}

inline View consent_without_scopes() {
  return consent()
      .set("no_scopes", true)
      .set("unverified", false)
      .set("description", "")
      .set("owner", "")
      .set("client_uri", "")
      .set("resource_hosts", "")
      .set("groups", std::vector<View>());
}

inline View device() {
  return form("/device")
      .set("user_code", "BCDF-GHJK")
      .set("error", "This code is not right, or it has expired. Check what your device shows.")
      .set("verification_uri", "https://auth.example.org/device")
      .set("qr", oauth2::qr_svg_data_uri("https://auth.example.org/device").value_or(""));
}

inline View device_confirm() {
  View view = form("/device");
  return add_request(view)
      .set("resource_hosts", "api.example.org")
      .set("user_code", "BCDF-GHJK")
      .set("logout_action", "/logout")
      .set("next", "/login?next=%2Fdevice%3Fuser_code%3DBCDF-GHJK");
}

inline View error() {
  return View()
      .set("title", "This request cannot be answered")
      .set("message",
           "The application that sent you here did not say correctly where you should return to. For your "
           "safety you stay here.")
      .set("next_step",
           "Go back to the application and try again. If that does not help, tell whoever runs it.")
      .set("link_url", "/login")
      .set("link_label", "Sign in")
      .set("error", "invalid_request")
      .set("error_description", "redirect_uri is not registered for this client")
      .set("request_id", "4f1c9a62d0b7");
}

}  // namespace page_samples
