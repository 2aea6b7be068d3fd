#include "tests/resource_server/served.h"

#include <unistd.h>

#include <future>
#include <mutex>
#include <set>

#include "core/resource_server/resource_server.h"
#include "tests/loopback.h"

namespace rs = oauth2::resource_server;

namespace {

// An introspection endpoint that says what the case wants.
class Endpoint {
 public:
  std::atomic<int> requests = 0;
  std::set<int> ports;  // of those who asked
  std::string seen;     // the last request's Authorization and body
  std::function<void(httplib::Response&)> answer = [this](httplib::Response& response) {
    response.set_content(document, content_type);
  };
  std::string document = R"({"active":true})";
  std::string content_type = "application/json";
  std::int64_t now = 1'000'000;

  rs::IntrospectionOptions options() {
    rs::IntrospectionOptions options;
    options.endpoint = served_.url("/introspect");
    options.client_id = "the api";
    options.client_secret = "s:e/c+r%";
    options.cache = options.negative_cache = std::chrono::seconds(0);
    options.pause = std::chrono::milliseconds(0);
    options.connect_timeout = options.timeout = std::chrono::seconds(30);
    options.clock = [this] { return now; };
    return options;
  }

 private:
  Served served_{[this](httplib::Server& server) {
    server.Post("/introspect", [this](const httplib::Request& request, httplib::Response& response) {
      std::lock_guard lock(mutex_);
      ++requests;
      ports.insert(request.remote_port);
      seen = request.get_header_value("Authorization") + "\n" + request.body;
      answer(response);
    });
  }};
  std::mutex mutex_;
};

std::optional<rs::Token> judge(Endpoint& endpoint, const std::string& document) {
  endpoint.document = document;
  return rs::introspection(endpoint.options())->validate("some-token");
}

// "" when the validator did say something.
std::string why_unavailable(const rs::Validator& validator) {
  try {
    validator.validate("some-token");
    return "";
  } catch (const rs::Unavailable& error) {
    CHECK(std::string(error.what()).find("some-token") == std::string::npos);
    return error.what();
  }
}

std::string why_unavailable(Endpoint& endpoint, const std::string& document) {
  endpoint.document = document;
  return why_unavailable(*rs::introspection(endpoint.options()));
}

bool says(const std::string& text, const std::string& word) { return text.find(word) != std::string::npos; }

}  // namespace

TEST_CASE("the question is a form with client_secret_basic, and the answer becomes the token") {
  Endpoint endpoint;
  const auto token = judge(endpoint, R"({"active":true,"scope":"read write","client_id":"app",
    "username":"alice","token_type":"Bearer","exp":1000100,"iat":999900,"nbf":999900,"sub":"u1",
    "aud":["https://api.example","other"],"iss":"https://as.example","jti":"id1","token_kind":"personal"})");
  CHECK(endpoint.seen ==
        "Basic dGhlJTIwYXBpOnMlM0FlJTJGYyUyQnIlMjU=\ntoken=some-token&token_type_hint=access_token");
  REQUIRE(token);
  CHECK(token->user == "alice");
  CHECK(token->subject == "u1");
  CHECK(token->client == "app");
  CHECK(token->scopes == std::vector<std::string>{"read", "write"});
  CHECK(token->expires_at == 1'000'100);
  CHECK(token->kind == "personal");
  CHECK(token->id == "id1");
  CHECK(token->audience == std::vector<std::string>{"https://api.example", "other"});
}

TEST_CASE("what is inactive, out of its time, a refresh token or bound to a key is invalid") {
  Endpoint endpoint;
  CHECK(judge(endpoint, R"({"active":true})"));
  CHECK(judge(endpoint, R"({"active":true,"scope":null,"token_type":null})"));  // as if absent
  CHECK(judge(endpoint, R"({"active":true,"exp":1000001,"nbf":1000030,"token_type":"bearer"})"));
  for (const char* document : {
           R"({"active":false})",
           R"({"active":false,"scope":"read","exp":2000000})",
           R"({"active":true,"exp":1000000})",
           R"({"active":true,"nbf":1000031})",
           R"({"active":true,"token_type":"DPoP"})",
           R"({"active":true,"cnf":{"jkt":"x"}})",
           R"({"active":true,"cnf":null})",
           R"({"active":true,"token_kind":"refresh"})",
       }) {
    CAPTURE(document);
    CHECK_FALSE(judge(endpoint, document));
  }
}

TEST_CASE("a token for another resource or of another issuer is invalid where they were configured") {
  Endpoint endpoint;
  auto options = endpoint.options();
  options.resource = "https://api.example";
  options.issuer = "https://as.example";
  const auto validator = rs::introspection(options);
  const auto judged = [&](const std::string& members) {
    endpoint.document = R"({"active":true,)" + members + "}";
    return validator->validate("some-token").has_value();
  };
  CHECK(judged(R"("aud":"https://api.example","iss":"https://as.example")"));
  CHECK(judged(R"("aud":["x","https://api.example"],"iss":"https://as.example")"));
  CHECK_FALSE(judged(R"("aud":"https://api.example/","iss":"https://as.example")"));
  CHECK_FALSE(judged(R"("aud":[],"iss":"https://as.example")"));
  CHECK_FALSE(judged(R"("iss":"https://as.example")"));
  CHECK_FALSE(judged(R"("aud":"https://api.example","iss":"https://evil.example")"));
  CHECK_FALSE(judged(R"("aud":"https://api.example")"));
}

TEST_CASE("a server that lies about types, repeats members or sends no JSON object has said nothing") {
  Endpoint endpoint;
  for (const char* document : {
           "",
           "true",
           "[]",
           "[{\"active\":true}]",
           "{\"active\":true",
           "{\"active\":true}{}",
           R"({"active":true}x)",
           R"({})",
           R"({"active":"true"})",
           R"({"active":1})",
           R"({"active":null})",
           R"({"Active":true})",
           R"({"active":true,"active":false})",
           R"({"active":false,"active":true})",
           R"({"active":true,"scope":["read"]})",
           R"({"active":true,"scope":"a\"b"})",
           R"({"active":true,"exp":"2000000"})",
           R"({"active":true,"exp":null})",
           R"({"active":true,"exp":1e300})",
           R"({"active":true,"exp":-1})",
           R"({"active":true,"aud":[1]})",
           R"({"active":true,"sub":7})",
           R"({"active":true,"x":{"a":1,"a":1}})",
           R"({"active":true,"client_id":{}})",
           "{\"active\":true,\"sub\":\"\xFF\"}",
       }) {
    CAPTURE(document);
    CHECK(why_unavailable(endpoint, document) != "");
  }
  CHECK(why_unavailable(endpoint, std::string(60'000, '[')) != "");
  CHECK(why_unavailable(endpoint, R"({"active":)" + std::string(60'000, '[')) != "");
  endpoint.content_type = "text/html";
  CHECK(says(why_unavailable(endpoint, R"({"active":true})"), "no JSON"));
  endpoint.content_type = "Application/JSON; charset=utf-8";
  CHECK(why_unavailable(endpoint, R"({"active":true})") == "");
}

TEST_CASE("an answer that is too big, an error, a redirect or a refusal of our credentials is no answer") {
  Endpoint endpoint;
  CHECK(
      says(why_unavailable(endpoint, R"({"active":true,"x":")" + std::string(70'000, 'x') + "\"}"), "65536"));
  for (const int status : {201, 204, 302, 307, 400, 401, 403, 429, 500, 503}) {
    endpoint.answer = [&](httplib::Response& response) {
      response.status = status;
      response.set_header("Location", "/introspect");
      if (status != 204) response.set_content(R"({"active":true})", "application/json");
    };
    const int before = endpoint.requests;
    CHECK(says(why_unavailable(endpoint, ""), std::to_string(status)));
    CHECK(endpoint.requests == before + 1);
  }
}

TEST_CASE("a server that is down or too slow is unavailable, and nobody waits for it twice in a row") {
  std::promise<void> released;  // the endpoint's thread may look at it until the end
  const std::shared_future<void> release = released.get_future();
  Endpoint endpoint;
  auto options = endpoint.options();
  options.timeout = std::chrono::seconds(1);  // enough to send the question
  options.pause = std::chrono::hours(1);
  endpoint.answer = [&](httplib::Response&) { release.wait(); };
  const auto slow = rs::introspection(options);
  CHECK(says(why_unavailable(*slow), "in time"));
  CHECK(says(why_unavailable(*slow), "a moment ago"));
  for (int i = 0; i < 1000 && endpoint.requests == 0; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  CHECK(endpoint.requests == 1);
  released.set_value();
  const auto [bound, port] = bind_to_loopback();
  options.endpoint = "http://127.0.0.1:" + std::to_string(port) + "/introspect";
  options.pause = std::chrono::milliseconds(0);
  const auto down = rs::introspection(options);
  CHECK(says(why_unavailable(*down), "connect"));
  CHECK(says(why_unavailable(*down), "connect"));  // without a pause it is tried again
  ::close(bound);
}

TEST_CASE("service resumes when the server is back") {
  Endpoint endpoint;
  const auto validator = rs::introspection(endpoint.options());
  endpoint.document = "broken";
  CHECK(why_unavailable(*validator) != "");
  endpoint.document = R"({"active":true})";
  CHECK(validator->validate("some-token"));
}

TEST_CASE("a connection serves many requests, from many threads too") {
  Endpoint endpoint;
  const auto validator = rs::introspection(endpoint.options());
  for (int i = 0; i < 20; ++i) CHECK(validator->validate("some-token"));
  CHECK(endpoint.requests == 20);
  CHECK(endpoint.ports.size() == 1);
  std::vector<std::thread> threads;
  std::atomic<int> valid = 0;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 20; ++n) valid += validator->validate("some-token").has_value();
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(valid == 80);
  CHECK(endpoint.ports.size() <= 4);
}

TEST_CASE(
    "answers are remembered: valid ones no longer than the cache and the token last, invalid ones shorter") {
  Endpoint endpoint;
  auto options = endpoint.options();
  options.cache = std::chrono::seconds(30);
  options.negative_cache = std::chrono::seconds(5);
  const auto validator = rs::introspection(options);
  const auto asks = [&](const std::string& token) {
    const int before = endpoint.requests;
    validator->validate(token);
    return endpoint.requests - before == 1;
  };
  CHECK(asks("good"));
  endpoint.document = R"({"active":false})";
  CHECK(asks("bad"));
  endpoint.now += 4;
  CHECK_FALSE(asks("good"));
  CHECK_FALSE(asks("bad"));
  CHECK(validator->validate("good"));
  CHECK_FALSE(validator->validate("bad"));
  endpoint.now += 1;
  CHECK_FALSE(asks("good"));
  CHECK(asks("bad"));
  endpoint.now += 25;
  CHECK(asks("good"));
  endpoint.document = R"({"active":true,"exp":)" + std::to_string(endpoint.now + 3) + "}";
  CHECK(asks("short"));
  endpoint.now += 2;
  CHECK_FALSE(asks("short"));
  endpoint.now += 1;
  CHECK(asks("short"));
  CHECK_FALSE(validator->validate("short"));
}

TEST_CASE("what cannot be known is not remembered") {
  Endpoint endpoint;
  auto options = endpoint.options();
  options.cache = options.negative_cache = std::chrono::seconds(30);
  const auto validator = rs::introspection(options);
  endpoint.document = "broken";
  CHECK(why_unavailable(*validator) != "");
  endpoint.document = R"({"active":true})";
  CHECK(validator->validate("some-token"));
}

TEST_CASE("the cache is bounded, and a flood of invalid tokens leaves the valid ones in it") {
  Endpoint endpoint;
  auto options = endpoint.options();
  options.cache = options.negative_cache = std::chrono::seconds(30);
  options.cache_entries = 3;
  const auto validator = rs::introspection(options);
  const auto ask_all = [&](const std::string& name, int count) {
    const int before = endpoint.requests;
    for (int i = 0; i < count; ++i) validator->validate(name + std::to_string(i));
    return endpoint.requests - before;
  };
  CHECK(ask_all("good", 3) == 3);
  endpoint.document = R"({"active":false})";
  CHECK(ask_all("bad", 20) == 20);
  CHECK(ask_all("good", 3) == 0);
  CHECK(ask_all("bad", 1) == 1);  // the oldest made room
}

TEST_CASE("options that cannot be are refused when the validator is made") {
  const auto make = [](const std::string& endpoint, const std::string& client_id) {
    rs::IntrospectionOptions options;
    options.endpoint = endpoint;
    options.client_id = client_id;
    rs::introspection(options);
  };
  CHECK_NOTHROW(make("https://as.example/introspect", "api"));
  CHECK_THROWS_AS(make("http://as.example/introspect", "api"), std::invalid_argument);
  CHECK_THROWS_AS(make("", "api"), std::invalid_argument);
  CHECK_THROWS_AS(make("https://as.example/introspect", ""), std::invalid_argument);
}
