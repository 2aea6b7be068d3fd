#pragma once

// Protects an API that is written with cpp-httplib:
//
//   namespace rs = oauth2::resource_server;
//   rs::Guard guard;
//   guard.add(rs::introspection({.endpoint = "https://auth.example.org/oauth/introspect", …}));
//   server.Get("/records", guard.require({"records:read"}, show_records));
//
// where show_records takes (const httplib::Request&, httplib::Response&, const rs::Token&). Whoever comes
// without a token, with a bad one or with one that lacks scope is answered as RFC 6750 says, and the handler
// never runs. Tokens come in the Authorization header and nowhere else. Nothing of a token gets into an
// answer, an exception or a message.
//
// For another HTTP library: Guard::judge() takes what a request brings, and Refusal says what to answer.

#include <httplib.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace oauth2::resource_server {

// What is known of a valid token. Texts are "" where the validator does not know them.
struct Token {
  std::string subject;              // `sub`: the user's id; the client's where no user stands behind it
  std::string user;                 // the user's name; only a database or introspection knows it
  std::string client;               // client_id; "" for a personal token
  std::vector<std::string> scopes;  // each once
  std::optional<std::int64_t> expires_at;  // seconds since 1970; absent: never
  std::string kind;                        // access, personal; session: a browser's
  std::string id;                          // `jti`: may be logged and shown, unlike the token
  std::vector<std::string> audience;       // whom it is meant for

  bool has_scope(std::string_view scope) const;
};

// Which scopes a token needs. {"profile email"}: both; {"profile", "email"}: one of them;
// {"profile email", "user"}: both of the first or the second; {}: any valid token will do, even without
// scope.
class ScopeRequirement {
 public:
  ScopeRequirement() = default;
  // Both throw std::invalid_argument for an alternative without words, which would let everybody in, and for
  // characters that no scope has (RFC 6749 section 3.3).
  ScopeRequirement(std::initializer_list<const char*> alternatives);  // NOLINT: meant to convert
  explicit ScopeRequirement(std::vector<std::string> alternatives);

  bool is_met_by(const std::vector<std::string>& scopes) const;
  // The alternative that lacks the fewest words, the first of equals; "" when there are none.
  std::string nearest(const std::vector<std::string>& scopes) const;

 private:
  std::vector<std::string> alternatives_;
};

// That a validator cannot know now whether a token is valid. The guard answers 503: it never lets in whom
// it could not check. The message is for the operator.
struct Unavailable : std::runtime_error {
  explicit Unavailable(const std::string& reason, std::chrono::seconds retry = std::chrono::seconds(5))
      : std::runtime_error(reason), retry_after(retry) {}
  std::chrono::seconds retry_after;
};

// Who is signed in at a browser, and whether a CSRF token is that session's and has not expired.
struct Session {
  Token token;  // of kind session; scope requirements are met by the person
  std::function<bool(std::string_view csrf_token)> accepts;
};

// Judges tokens. Called by many threads at once. Write your own for tokens of another kind.
class Validator {
 public:
  virtual ~Validator() = default;

  virtual std::string kind() const = 0;  // a guard has one of each
  // Whether a token of this form is this validator's to judge: then no other is asked, whatever it says.
  virtual bool claims(std::string_view token) const = 0;
  virtual bool claims_everything() const { return false; }  // then it must be a guard's last
  // The token if it is valid now, nullopt if not. Throws Unavailable.
  virtual std::optional<Token> validate(std::string_view token) const = 0;
  // By the values of a request's Cookie fields, for a validator that knows browsers. Throws Unavailable.
  virtual std::optional<Session> find_session(const std::vector<std::string>& cookies) const;
};

// Asks an authorization server (RFC 7662) and remembers the answer for a short time. Kind "introspection".
struct IntrospectionOptions {
  std::string endpoint = {};   // https, or http on loopback
  std::string client_id = {};  // as whom this service asks, by client_secret_basic
  std::string client_secret = {};
  std::string resource = {};  // the token's `aud` must have it; "": the server's own judgement counts
  std::string issuer = {};    // the token's `iss` must be it; "": any
  std::string ca_file = {};   // trusted instead of the system's certificates
  std::chrono::milliseconds connect_timeout{2'000};
  std::chrono::milliseconds timeout{5'000};  // of the whole exchange
  // For how long an answer counts, at most: an active token until it expires. So a revoked token may live on
  // for that long. Zero: every request asks.
  std::chrono::seconds cache{30};
  std::chrono::seconds negative_cache{5};
  std::size_t cache_entries = 10'000;  // of each of the two; the oldest make room
  std::chrono::seconds leeway{30};     // for `nbf`, between two clocks
  // After the endpoint could not be reached, nobody waits for it again for so long: requests are 503 at once.
  std::chrono::milliseconds pause{1'000};
  std::function<std::int64_t()> clock = {};  // seconds since 1970; empty: the system's
};
// Throws std::invalid_argument for an endpoint that is not allowed and without client_id.
std::unique_ptr<Validator> introspection(IntrospectionOptions options);

// Checks JWT access tokens (RFC 9068) by the authorization server's published keys, without asking it about
// each. Kind "jwt". A JWT that was revoked stays valid here until it expires.
struct JwtOptions {
  std::string issuer = {};    // `iss` must be it, to the last character
  std::string resource = {};  // `aud` must have it: this service's URI, or the issuer
  std::string jwks_uri = {};  // where the keys are; "": the issuer's metadata says (RFC 8414)
  std::vector<std::string> algorithms = {"EdDSA", "ES256", "RS256"};  // no other is taken
  std::string ca_file = {};
  std::chrono::milliseconds connect_timeout{2'000};
  std::chrono::milliseconds timeout{5'000};
  std::chrono::seconds leeway{30};    // for `exp`, `nbf` and `iat`, between two clocks
  std::chrono::seconds refresh{300};  // keys are fetched again when they are this old,
  std::chrono::seconds keep{86'400};  // and serve so long when the server cannot be reached
  // At least, between two fetches for keys that are not published, and after one that failed.
  std::chrono::milliseconds pause{5'000};
  std::function<std::int64_t()> clock = {};  // seconds since 1970; empty: the system's
};
// Throws std::invalid_argument for URLs that are not allowed, an algorithm that it does not know, and without
// issuer or resource. The keys are fetched when the first token comes.
std::unique_ptr<Validator> jwt(JwtOptions options);

// <oauth2ctl/database_validator.h> has one that looks into the authorization server's database.

// What a request brings: the values of all fields of these names.
struct Credentials {
  std::string method;
  std::vector<std::string> authorization;  // Authorization
  std::vector<std::string> cookies;        // Cookie
  std::vector<std::string> csrf_tokens;    // X-CSRF-Token
};

// How to answer a request that may not go on.
struct Refusal {
  int status = 401;         // 400, 401, 403 or 503
  std::string error;        // RFC 6750 section 3.1; "" when nothing came
  std::string description;  // never a word of the token
  std::string scope;        // that was needed, for insufficient_scope
  std::string realm;
  std::chrono::seconds retry_after{0};  // for 503

  // WWW-Authenticate, Cache-Control, Retry-After.
  std::vector<std::pair<std::string, std::string>> fields() const;
  std::string body() const;  // JSON
};

// What the guard thinks of a request: `if (!access) return access.refuse(response);`
class Access {
 public:
  explicit Access(Refusal refusal) : refusal_(std::move(refusal)) {}
  explicit Access(std::optional<Token> token) : token_(std::move(token)) {}

  explicit operator bool() const { return !refusal_; }  // the request may go on
  // nullptr when it may not, and when nobody came and that was allowed.
  const Token* token() const { return token_ ? &*token_ : nullptr; }
  // std::logic_error where there is none.
  const Token& operator*() const;
  const Token* operator->() const { return &**this; }
  const Refusal& refusal() const;  // std::logic_error when the request may go on

  void refuse(httplib::Response& response) const {
    response.status = refusal().status;
    for (const auto& [name, value] : refusal().fields()) response.set_header(name, value);
    response.set_content(refusal().body(), "application/json");
  }

 private:
  std::optional<Token> token_;
  std::optional<Refusal> refusal_;
};

// Stands before handlers. A copy is the same guard, and the handlers that it made keep it alive. It serves
// many threads once all validators were added.
class Guard {
 public:
  // With the token; nullptr: nobody came.
  using Handler = std::function<void(const httplib::Request&, httplib::Response&, const Token&)>;
  using OptionalHandler = std::function<void(const httplib::Request&, httplib::Response&, const Token*)>;

  // `realm` names the protected space in WWW-Authenticate; std::invalid_argument for one with control
  // characters, quotes or backslashes.
  explicit Guard(const std::string& realm = "api");

  // The first validator that claims a token judges it; what none claims is invalid. Throws std::logic_error
  // for a second one of its kind, and behind one that claims everything.
  Guard& add(std::unique_ptr<Validator> validator);
  // Calls `tell` with the reason whenever a request is answered 503 because a token could not be checked; by
  // many threads at once.
  Guard& on_unavailable(std::function<void(const std::string& reason)> tell);

  // A handler for httplib that runs `handler` for a valid token of that scope only.
  httplib::Server::Handler require(ScopeRequirement scopes, Handler handler) const {
    return [guard = *this, scopes = std::move(scopes), handler = std::move(handler)](
               const httplib::Request& request, httplib::Response& response) {
      const Access access = guard.acquire(request, scopes);
      if (!access) return access.refuse(response);
      handler(request, response, *access);
    };
  }
  // The same around a handler that does not want to know.
  httplib::Server::Handler require(ScopeRequirement scopes, httplib::Server::Handler handler) const {
    return require(std::move(scopes), [handler = std::move(handler)](
                                          const httplib::Request& request, httplib::Response& response,
                                          const Token&) { handler(request, response); });
  }
  // Lets those in too who send no Authorization field at all. A bad token never passes, nor one that lacks
  // scope.
  httplib::Server::Handler optional(ScopeRequirement scopes, OptionalHandler handler) const {
    return [guard = *this, scopes = std::move(scopes), handler = std::move(handler)](
               const httplib::Request& request, httplib::Response& response) {
      const Access access = guard.judge(credentials(request), scopes, Absence::allowed);
      if (!access) return access.refuse(response);
      handler(request, response, access.token());
    };
  }
  httplib::Server::Handler optional(OptionalHandler handler) const {
    return optional({}, std::move(handler));
  }

  // Inside a handler.
  Access acquire(const httplib::Request& request, const ScopeRequirement& scopes = {}) const {
    return judge(credentials(request), scopes);
  }

  enum class Absence { refused, allowed };  // of all credentials
  Access judge(const Credentials& credentials, const ScopeRequirement& scopes,
               Absence absence = Absence::refused) const;

  static Credentials credentials(const httplib::Request& request) {
    const auto values = [&](const char* name) {
      std::vector<std::string> found;
      const auto [first, last] = request.headers.equal_range(name);
      for (auto field = first; field != last; ++field) found.push_back(field->second);
      return found;
    };
    return {request.method, values("Authorization"), values("Cookie"), values("X-CSRF-Token")};
  }

 private:
  struct State;
  Access judge_request(const Credentials& credentials, const ScopeRequirement& scopes, Absence absence) const;
  Access judge_token(const std::string& token, const ScopeRequirement& scopes) const;
  Access judge_session(const Credentials& credentials, Absence absence) const;
  Access refuse(int status, const char* error, const std::string& description) const;
  Access unavailable(const char* reason, std::chrono::seconds retry_after) const;

  std::shared_ptr<State> state_;
};

}  // namespace oauth2::resource_server
