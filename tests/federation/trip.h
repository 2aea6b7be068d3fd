#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "core/crypto/base64url.h"
#include "core/federation/flow.h"
#include "tests/federation/stand_in.h"
#include "tests/support.h"

// A browser's trip to a provider and back, without HTTP on our side, on a real database and with a clock of
// its own. Every secret of a test has SECRET in it, so that none gets into a failure's text unseen.
class Trip {
 public:
  using Params = oauth2::protocol::Params;
  using Json = nlohmann::json;

  std::int64_t now = 1'900'000'000;
  oauth2::Settings settings;
  StandIn there;
  oauth2::store::Provider provider;
  oauth2::account::Browser browser = oauth2::account::stranger();
  oauth2::federation::RemoteCache cache;
  std::chrono::milliseconds timeout{5000};
  std::chrono::milliseconds patience{20'000};

  explicit Trip(const std::string& preset) {
    settings.issuer = "https://here.example";
    provider.name = "there";
    provider.preset = preset;
    provider.client_id = "our-id";
    set_secret("client-SECRET");
  }

  void set_secret(const std::string& secret) {
    provider.secret_sealed = oauth2::federation::seal_provider_secret(key_, provider.name, secret);
  }

  oauth2::federation::Context context() {
    return {{*database_, settings, limits_, last_use_, workers_, signing_keys_, now, now * 1000, "192.0.2.1",
             "request"},
            {key_, cache, timeout, patience}};
  }

  // The query that the browser takes to the provider.
  Params start(const oauth2::federation::StateClaims& claims = {}) {
    url = oauth2::federation::begin(context(), browser, provider, claims).url;
    return Params::parse(url.substr(url.find('?') + 1));
  }
  oauth2::federation::Arrival finish(const Params& query) {
    return oauth2::federation::finish(context(), browser, provider, query);
  }
  // There and back, where the provider says yes.
  Params granted() {
    asked = start();
    return Params().with("code", "code-SECRET").with("state", asked.find("state"));
  }
  oauth2::federation::Arrival arrive() { return finish(granted()); }

  template <class Action>
  auto write(Action&& action) {
    return database_->write(std::forward<Action>(action));
  }

  // "kind: reason"
  std::string failure(const std::function<void()>& action) {
    static const std::map<oauth2::federation::FailureKind, std::string> names = {
        {oauth2::federation::FailureKind::denied, "denied"},
        {oauth2::federation::FailureKind::provider_down, "provider_down"},
        {oauth2::federation::FailureKind::bad_answer, "bad_answer"},
        {oauth2::federation::FailureKind::token_refused, "token_refused"},
        {oauth2::federation::FailureKind::clock_skew, "clock_skew"},
        {oauth2::federation::FailureKind::no_identity, "no_identity"},
        {oauth2::federation::FailureKind::state_missing, "state_missing"},
        {oauth2::federation::FailureKind::state_expired, "state_expired"},
        {oauth2::federation::FailureKind::state_used, "state_used"},
        {oauth2::federation::FailureKind::state_foreign, "state_foreign"},
        {oauth2::federation::FailureKind::mixed_up, "mixed_up"}};
    try {
      action();
    } catch (const oauth2::federation::Failure& failure) {
      const std::string reason = failure.what();
      CHECK(reason.find("SECRET") == std::string::npos);
      const std::string state = asked.find("state").value_or("SECRET");
      CHECK(reason.find(state) == std::string::npos);
      return names.at(failure.kind) + ": " + reason;
    }
    return "it went well";
  }
  std::string failure() {
    return failure([&] { arrive(); });
  }

  std::string url;
  Params asked;

 private:
  TestDatabase database_;
  oauth2::protocol::RateLimits limits_{settings};
  oauth2::protocol::LastUse last_use_;
  oauth2::crypto::PasswordWorkers workers_{1};
  oauth2::protocol::SigningKeys signing_keys_;
  const oauth2::federation::ServerKey key_ =
      oauth2::federation::derive_server_key("a server's key SECRET, long enough");
};
