#include <doctest/doctest.h>

#include <functional>

#include "cli/flow/authorization.h"
#include "cli/flow/callback.h"
#include "cli/flow/device_authorization.h"
#include "cli/flow/form.h"
#include "cli/flow/remote.h"
#include "cli/flow/server_metadata.h"

namespace cli = oauth2::cli;
using oauth2::JsonDocument;

namespace {

JsonDocument document(std::string_view text) {
  const auto parsed = JsonDocument::parse(text);
  REQUIRE(parsed.has_value());
  return *parsed;
}

// What the program says when `action` throws; "" when it does not.
std::string failure(const std::function<void()>& action) {
  try {
    action();
    return "";
  } catch (...) {
    const cli::Failure failure = cli::current_failure();
    CHECK(failure.exit == cli::Exit::failed);
    return failure.message;
  }
}

const cli::ExpectedCallback expected = {"/callback", "abc", "https://as.example.org", false};

cli::CallbackVerdict judge(std::string_view target, bool iss_is_required = false) {
  cli::ExpectedCallback copy = expected;
  copy.iss_is_required = iss_is_required;
  return cli::judge_callback(copy, "GET", target);
}

}  // namespace

TEST_CASE("metadata lies before the issuer's path, or behind it") {
  using Urls = std::vector<std::string>;
  CHECK(cli::metadata_urls("https://as.example.org/tenant/1") ==
        Urls{"https://as.example.org/.well-known/oauth-authorization-server/tenant/1",
             "https://as.example.org/tenant/1/.well-known/openid-configuration"});
  for (const char* issuer : {"https://as.example.org:8443", "https://as.example.org:8443/"}) {
    CHECK(cli::metadata_urls(issuer) ==
          Urls{"https://as.example.org:8443/.well-known/oauth-authorization-server",
               "https://as.example.org:8443/.well-known/openid-configuration"});
  }
}

TEST_CASE("metadata of another issuer is refused, also when a slash is all that differs") {
  const auto metadata = document(R"({"issuer":"https://as.example.org"})");
  CHECK_NOTHROW(cli::read_metadata(metadata, "https://as.example.org"));
  for (const char* other :
       {"https://as.example.org/", "https://AS.example.org", "https://as.example.org:443"})
    CHECK_THROWS_AS(cli::read_metadata(metadata, other), cli::CommandError);
  CHECK(failure([] { cli::read_metadata(document("{}"), "https://as.example.org"); }) ==
        "the server's answer is malformed: issuer is missing");
}

TEST_CASE("an endpoint that may not be asked, or is no text, is a fault of the metadata") {
  for (const char* endpoint :
       {R"("http://as.example.org/token")", R"("file:///etc/passwd")", R"("javascript:x")", "7", "{}"}) {
    CAPTURE(endpoint);
    const std::string text = std::string(R"({"issuer":"https://a.org","token_endpoint":)") + endpoint + "}";
    CHECK(failure([&] { cli::read_metadata(document(text), "https://a.org"); }).starts_with("the server's "));
  }
}

TEST_CASE("a token response is good only with a token that a header can carry") {
  CHECK_NOTHROW(cli::check_tokens(document(R"({"access_token":"t","token_type":"Bearer","expires_in":60})")));
  for (const char* text :
       {"{}", R"({"access_token":"t"})", R"({"access_token":"","token_type":"Bearer"})",
        R"({"access_token":{"a":1},"token_type":"Bearer"})", R"({"access_token":7,"token_type":"Bearer"})",
        R"({"access_token":"a\nX: y","token_type":"Bearer"})",
        R"({"access_token":"a\u001b[2J","token_type":"Bearer"})",
        R"({"access_token":"t","token_type":"Bearer","expires_in":"60"})",
        R"({"access_token":"t","token_type":"Bearer","refresh_token":[]})"}) {
    CAPTURE(text);
    CHECK(failure([&] {
            cli::check_tokens(document(text));
          }).starts_with("the server's answer is malformed: "));
  }
}

TEST_CASE("a query is added to the one that an endpoint has already") {
  const cli::Form form = {{"a b", "c&d=é"}, {"resource", "x"}, {"resource", "y"}};
  const std::string encoded = "a+b=c%26d%3D%C3%A9&resource=x&resource=y";
  CHECK(cli::with_query("https://a.org/x", form) == "https://a.org/x?" + encoded);
  CHECK(cli::with_query("https://a.org/x?", form) == "https://a.org/x?" + encoded);
  CHECK(cli::with_query("https://a.org/x?p=1", form) == "https://a.org/x?p=1&" + encoded);
}

TEST_CASE("the authentication method is what fits, and what was asked for wins") {
  cli::ServerMetadata server;
  CHECK(cli::choose_auth_method("", true, server) == cli::AuthMethod::client_secret_basic);
  CHECK(cli::choose_auth_method("", false, server) == cli::AuthMethod::none);
  server.token_endpoint_auth_methods_supported = {"none", "client_secret_post"};
  CHECK(cli::choose_auth_method("", true, server) == cli::AuthMethod::client_secret_post);
  CHECK(cli::choose_auth_method("client_secret_basic", true, server) == cli::AuthMethod::client_secret_basic);
  CHECK(cli::choose_auth_method("none", true, server) == cli::AuthMethod::none);
  CHECK_THROWS_AS(cli::choose_auth_method("client_secret_post", false, server), cli::UsageError);
  CHECK_THROWS_AS(cli::choose_auth_method("private_key_jwt", true, server), cli::UsageError);
  server.token_endpoint_auth_methods_supported = {"private_key_jwt"};
  CHECK_THROWS_AS(cli::choose_auth_method("", true, server), cli::CommandError);
}

TEST_CASE("only our state at our path ends the wait; other requests are answered and passed over") {
  for (const auto& [target, status] : std::vector<std::pair<const char*, int>>{
           {"/favicon.ico", 404},
           {"/", 404},
           {"/callback/", 404},
           {"/callbackx?state=abc&code=x", 404},
           {"http://127.0.0.1/callback?state=abc&code=x", 404},
           {"/callback", 400},
           {"/callback?code=x", 400},
           {"/callback?code=x&state=", 400},
           {"/callback?code=x&state=abcd", 400},
           {"/callback?code=x&state=ABC", 400},
           {"/callback?code=x&state=abc&state=abc", 400},
           {"/callback?code=x&code=y&state=abc", 400},
           {"/callback?code=%zz&state=abc", 400},
           {"/callback?error=access_denied&state=other", 400},
       }) {
    CAPTURE(target);
    const auto verdict = judge(target);
    CHECK(verdict.status == status);
    CHECK_FALSE(verdict.is_last);
  }
  CHECK(cli::judge_callback(expected, "POST", "/callback?code=x&state=abc").status == 405);
}

TEST_CASE("a callback brings the code, or the server's error with its exit code") {
  const auto good = judge("/callback?code=x%2By&state=abc&unknown=1");
  CHECK(good.is_last);
  CHECK(good.code == "x+y");
  CHECK_FALSE(good.failure.has_value());
  const auto denied = judge("/callback?error=access_denied&error_description=No%0A&state=abc");
  REQUIRE(denied.failure.has_value());
  CHECK(denied.is_last);
  CHECK(denied.failure->exit == cli::Exit::not_permitted);
  CHECK(judge("/callback?error=invalid_scope&state=abc").failure->exit == cli::Exit::refused);
  CHECK(judge("/callback?error=server_error&code=x&state=abc").failure.has_value());
  CHECK(judge("/callback?state=abc").failure.has_value());
}

TEST_CASE("an answer with another server's iss, or without the one that was promised, fails") {
  const std::string good = "/callback?code=x&state=abc";
  CHECK_FALSE(judge(good + "&iss=https%3A%2F%2Fas.example.org", true).failure.has_value());
  CHECK_FALSE(judge(good + "&iss=https%3A%2F%2Fas.example.org").failure.has_value());
  CHECK(judge(good, true).failure.has_value());
  CHECK(judge(good + "&iss=", true).failure.has_value());
  CHECK(judge(good + "&iss=https%3A%2F%2Fas.example.org%2F").failure.has_value());
  CHECK(judge("/callback?error=access_denied&state=abc", true).failure->exit == cli::Exit::failed);
}

TEST_CASE("a redirect URI is one that can be listened on, and gets the port that was chosen") {
  const auto plain = cli::choose_redirect(std::nullopt, std::nullopt);
  CHECK(plain.uri_at(4711) == "http://127.0.0.1:4711/callback");
  CHECK(plain.path == "/callback");
  CHECK(plain.registered_uri(4711) == "http://127.0.0.1/callback");
  CHECK(cli::choose_redirect(std::nullopt, "8400").uri_at(8400) == "http://127.0.0.1:8400/callback");
  const auto six = cli::choose_redirect("http://[::1]:8400/a/b?c=d", "8400");
  CHECK(six.is_ipv6);
  CHECK(six.uri_at(8400) == "http://[::1]:8400/a/b?c=d");
  CHECK(six.path == "/a/b");
  CHECK(cli::choose_redirect("http://localhost", std::nullopt).uri_at(9) == "http://localhost:9");
  CHECK(cli::choose_redirect("http://localhost", std::nullopt).registered_uri(9) == "http://localhost:9");
  CHECK(cli::choose_redirect("http://localhost?a=b", std::nullopt).uri_at(9) == "http://localhost:9?a=b");
  for (const char* uri :
       {"https://127.0.0.1/", "http://example.org/", "app.example:/cb", "http://127.0.0.1/#x", ""})
    CHECK_THROWS_AS(cli::choose_redirect(uri, std::nullopt), cli::UsageError);
  for (const char* port : {"0", "65536", "-1", "8400x", ""})
    CHECK_THROWS_AS(cli::choose_redirect(std::nullopt, port), cli::UsageError);
  CHECK_THROWS_AS(cli::choose_redirect("http://127.0.0.1:8400/", "8401"), cli::UsageError);
}

TEST_CASE("an authorization request has PKCE S256, and never the verifier") {
  const auto request = cli::authorization_request({{"scope", "read"}}, "app", "http://127.0.0.1:1/callback",
                                                  "st", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
  const std::string query = cli::encode_form(request);
  CHECK(query.find("code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256") !=
        std::string::npos);  // RFC 7636 appendix B
  CHECK(query.find("dBjftJeZ") == std::string::npos);
  CHECK(query.find("response_type=code") != std::string::npos);
  CHECK(query.ends_with("&scope=read"));
}

TEST_CASE("slow_down adds five seconds for good, and silence doubles the wait until an answer comes") {
  cli::PollPace pace(5);
  pace.slow_down();
  CHECK(pace.seconds() == 10);
  pace.back_off();
  CHECK(pace.seconds() == 20);
  pace.back_off();
  CHECK(pace.seconds() == 40);
  pace.answered();
  CHECK(pace.seconds() == 10);
}

TEST_CASE("a device authorization that cannot be polled is refused") {
  const std::string start = R"({"device_code":"d","user_code":"u","verification_uri":"https://a.org/d")";
  CHECK(cli::read_device_authorization(document(start + R"(,"expires_in":600})")).interval == 5);
  for (const char* rest :
       {"}", R"(,"expires_in":0})", R"(,"expires_in":"600"})", R"(,"expires_in":600,"interval":0})",
        R"(,"expires_in":600,"interval":-5})", R"(,"expires_in":9223372036854775807})",
        R"(,"expires_in":600,"verification_uri_complete":"javascript:x"})"}) {
    CAPTURE(rest);
    CHECK(failure([&] {
            cli::read_device_authorization(document(start + rest));
          }).starts_with("the server's "));
  }
}

TEST_CASE("a server's long error is cut short for people") {
  const cli::Refusal refusal("invalid_grant", std::string(100'000, 'x'));
  CHECK(std::string(refusal.what()).size() < 700);
  CHECK(refusal.exit == cli::Exit::refused);
  CHECK(cli::Refusal("invalid_client", std::nullopt).exit == cli::Exit::not_permitted);
  CHECK(cli::Refusal("invalid_grant", std::nullopt, 401).exit == cli::Exit::not_permitted);
  CHECK(cli::Refusal("invalid_grant", std::nullopt, 400, "why").hint == "why");
}
