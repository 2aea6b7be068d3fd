#include "server/pages.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "server/page_files.h"
#include "server/page_names.h"
#include "server/template_source.h"
#include "tests/server/form_sample.h"
#include "tests/server/page_samples.h"
#include "tests/support.h"

using namespace oauth2::server;

namespace {

const std::string issuer = "https://auth.example.org";

const Pages& our_pages() {
  static const Pages pages("", issuer);
  return pages;
}

std::size_t count(std::string_view text, std::string_view word) {
  std::size_t found = 0;
  for (auto at = text.find(word); at != text.npos; at = text.find(word, at + 1)) ++found;
  return found;
}

bool contains(std::string_view text, std::string_view word) { return count(text, word) > 0; }

// A theme of one file.
class Theme {
 public:
  Theme(const std::string& file, const std::string& bytes) { add(file, bytes); }
  void add(const std::string& file, const std::string& bytes) {
    std::filesystem::create_directories(std::filesystem::path(folder_.path(file)).parent_path());
    std::ofstream(folder_.path(file), std::ios::binary) << bytes;
  }
  std::string path(const std::string& file) const { return folder_.path(file); }
  std::string folder() const { return folder_.path(""); }

 private:
  TemporaryFolder folder_;
};

void check_refused(const Theme& theme, const std::string& file, const std::string& problem) {
  CAPTURE(file);
  CHECK_THROWS_WITH_AS(Pages(theme.folder(), issuer), doctest::Contains(file.c_str()), std::runtime_error);
  CHECK_THROWS_WITH_AS(Pages(theme.folder(), issuer), doctest::Contains(problem.c_str()), std::runtime_error);
}

std::string source_of(std::string_view file) {
  for (const BuiltinFile& one : builtin_files()) {
    if (one.name == file) return std::string(one.bytes);
  }
  return "";
}

}  // namespace

TEST_CASE("every page is whole in every language: one h1, a language, nothing of a template left") {
  for (const std::string& language : our_pages().languages()) {
    for (const auto& sample : page_samples::all()) {
      CAPTURE(language);
      CAPTURE(sample.name);
      const std::string html = our_pages().render(sample.page, language, sample.view);
      CHECK(html.starts_with("<!doctype html>"));
      CHECK(contains(html, "<html lang=\"" + language + "\">"));
      CHECK(count(html, "<h1>") == 1);
      CHECK(count(html, "<main") == 1);
      CHECK_FALSE(contains(html, "<h1></h1>"));
      CHECK_FALSE(contains(html, "{"));
      CHECK_FALSE(contains(html, "}"));
      CHECK(html.ends_with("</html>\n"));
      for (const char* forbidden : {"<style", " style=", " onclick", "javascript:"}) {
        CHECK_FALSE(contains(html, forbidden));
      }
      CHECK(count(html, "<script") == (shows_secret(sample.page) ? 1 : 0));
      CHECK(count(html, "method=\"post\"") == count(html, "name=\"csrf_token\""));
    }
  }
}

TEST_CASE("every page has a sample, and every name that a page declares is used by its template") {
  const PageFiles files = read_builtin_files();
  const Texts texts(files, {});
  for (const PageNames& page : all_pages()) {
    CAPTURE(page.page);
    const TemplateSource source = compose_template(page, "en", files, texts);
    for (const Name& name : page.names) {
      CAPTURE(name.name);
      CHECK(source.names.contains(name.name));
      for (const Name& member : name.members) {
        CHECK(contains(source.text, "{{" + std::string(member.name) + "}}") !=
              (member.kind != Name::Kind::text && member.kind != Name::Kind::url));
      }
    }
    const auto samples = page_samples::all();
    CHECK(std::any_of(samples.begin(), samples.end(),
                      [&](const auto& sample) { return sample.page == page.page; }));
  }
}

TEST_CASE("what a stranger wrote stays text, in elements and in attributes") {
  const std::string hostile = "<script>alert(1)</script>\"' onfocus='x {{csrf_token}} &amp;";
  const std::string escaped =
      "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&apos; onfocus=&apos;x {{csrf_token}} &amp;amp;";
  View login = page_samples::failed_login();
  login.set("username", hostile).set("next", hostile).set("client_name", hostile).set("error", hostile);
  const std::string html = our_pages().render("login", "en", login);
  CHECK_FALSE(contains(html, "<script"));
  CHECK(contains(html, "name=\"username\" value=\"" + escaped + "\""));
  CHECK(contains(html, "name=\"next\" value=\"" + escaped + "\""));
  CHECK(contains(html, "to continue to " + escaped));
  View consent = page_samples::consent();
  consent.set("client_name", hostile);
  consent.set("groups", std::vector<View>{page_samples::group(
                            hostile.c_str(), {page_samples::scope(hostile.c_str(), hostile.c_str(), true)})});
  const std::string page = our_pages().render("consent", "fr", consent);
  CHECK_FALSE(contains(page, "<script"));
  CHECK(contains(page, "<title>" + escaped));
  CHECK(contains(page, "<code>" + escaped + "</code>"));
}

TEST_CASE("sign-in fields, buttons and hidden fields have the names that people and password managers know") {
  const std::string login = our_pages().render("login", "en", page_samples::login());
  CHECK(contains(login, "<label for=\"username\">Username or email</label>"));
  CHECK(contains(login, "<label for=\"password\">Password</label>"));
  CHECK(contains(login, "name=\"remember\""));
  CHECK(contains(login, "> Keep me signed in on this device</label>"));
  CHECK(contains(login, ">Sign in</button>"));
  CHECK(contains(login, "autocomplete=\"username\""));
  CHECK(contains(login, "autocomplete=\"current-password\""));
  CHECK(count(login, " autofocus") == 1);
  CHECK_FALSE(contains(login, "role=\"alert\""));
  CHECK_FALSE(contains(login, "checked"));
  const std::string failed = our_pages().render("login", "en", page_samples::failed_login());
  CHECK(contains(failed, "role=\"alert\" id=\"error\""));
  CHECK(count(failed, "aria-describedby=\"error\"") == 2);
  CHECK(count(failed, " autofocus") == 1);
  CHECK(contains(failed, " checked>"));
  CHECK(contains(failed, "<a class=\"button\" href=\"/oauth/login/github\">Continue with GitHub</a>"));
  const std::string consent = our_pages().render("consent", "en", page_samples::consent());
  CHECK(contains(consent, "<button class=\"primary\" name=\"confirm\" value=\"yes\">Allow</button>"));
  CHECK(contains(consent, "<button name=\"confirm\" value=\"no\">Deny</button>"));
  const std::string reset = our_pages().render("reset_password", "en", page_samples::all()[6].view);
  CHECK(count(reset, "autocomplete=\"new-password\"") == 2);
}

TEST_CASE("a page of the account says who is signed in, where one is, and how to sign out") {
  const std::string html = our_pages().render("security", "en", page_samples::security());
  CHECK(contains(html, "<b>alice</b>"));
  CHECK(contains(html, "<form method=\"post\" action=\"/logout\">"));
  CHECK(count(html, "aria-current=\"page\"") == 1);
  CHECK(contains(html, "href=\"/account/settings/security/\" aria-current=\"page\">Security</a>"));
  CHECK(contains(html, "<a class=\"skip\" href=\"#content\">"));
  CHECK(contains(html, "id=\"content\""));
  CHECK_FALSE(contains(our_pages().render("login", "en", page_samples::login()), "class=\"account\""));
}

TEST_CASE("the form for a new password has what password managers look for") {
  const std::string html = our_pages().render("security", "en", page_samples::security());
  CHECK(contains(html, "name=\"username\" value=\"alice\" autocomplete=\"username\" readonly hidden"));
  CHECK(count(html, "autocomplete=\"current-password\"") == 1);
  CHECK(count(html, "autocomplete=\"new-password\"") == 2);
  CHECK(html.find("All other sessions will end") < html.find(">Change password</button>"));
  const std::string without = our_pages().render("security", "en", page_samples::security_without_password());
  CHECK_FALSE(contains(without, "type=\"password\""));
  CHECK(contains(without, "ask an administrator of this site for a reset link"));
}

TEST_CASE("a message stands at its field, which is marked and names it") {
  const std::string html = our_pages().render("security", "en", page_samples::refused_security());
  CHECK(count(html, "aria-invalid=\"true\"") == 3);
  for (const std::string name : {"current_password", "new_password", "repeat_password"}) {
    CAPTURE(name);
    CHECK(contains(html, "role=\"alert\" id=\"" + name + "_error\">"));
  }
  CHECK(contains(html, "aria-describedby=\"rule new_password_error\""));
  const std::string right = our_pages().render("security", "en", page_samples::security());
  CHECK_FALSE(contains(right, "aria-invalid"));
  CHECK_FALSE(contains(right, "role=\"alert\""));
}

TEST_CASE("a session can be signed out unless it is this one, and only where there are others all of them") {
  const std::string html = our_pages().render("security", "en", page_samples::security());
  CHECK(count(html, "name=\"revoke\" value=\"yes\"") == 2);
  CHECK(count(html, ">This one<") == 1);
  CHECK(count(html, "name=\"revoke_all\" value=\"yes\"") == 1);
  const std::string alone = our_pages().render("security", "en", page_samples::security_without_password());
  CHECK_FALSE(contains(alone, "name=\"revoke"));
}

TEST_CASE("only a page that shows a secret loads the script, whose button is hidden until it runs") {
  const std::string html = our_pages().render("shown_once", "fr", page_samples::shown_once());
  const Asset* script = our_pages().find_asset("/static/copy.js");
  REQUIRE(script);
  CHECK(contains(html, "<script src=\"/static/copy.js?v=" + script->hash + "\" defer></script>"));
  CHECK(count(html, "<button type=\"button\" hidden") == 2);
  CHECK(contains(html, "data-copied=\"Copié\""));
  CHECK(contains(html, "aria-live=\"polite\""));
  CHECK(contains(html, "value=\"o2p_hNn1QJ0xq3T8V7yRkz5Ew2aBcDfGmLpSuX9i4Y\" readonly"));
  std::size_t pages_with_secrets = 0;
  for (const PageNames& page : all_pages()) pages_with_secrets += shows_secret(page.page) ? 1 : 0;
  CHECK(pages_with_secrets == 1);
  CHECK_FALSE(shows_secret("nothing"));
}

TEST_CASE("each kind of field shows what was sent, its choices and its message") {
  const std::string html = form_sample::render(form_sample::common());
  CHECK(contains(html, "id=\"name\" name=\"name\" value=\"Field Notes\""));
  CHECK(contains(html, "aria-describedby=\"name_hint name_error\" aria-invalid=\"true\""));
  CHECK(contains(html, ">\nhttps://notes.example.org/cb\nhttps://notes.example.org/other</textarea>"));
  CHECK(contains(html, "type=\"radio\" name=\"client_type\" value=\"confidential\" checked>"));
  CHECK(contains(html, "type=\"radio\" name=\"client_type\" value=\"public\">"));
  CHECK(contains(html, "<legend>Records</legend>"));
  CHECK(contains(html, "type=\"checkbox\" name=\"scopes\" value=\"records:read\" checked>"));
  CHECK(contains(html, "<option value=\"30d\" selected>30 days</option>"));
  CHECK(contains(html, "type=\"date\" value=\"2026-12-24\""));
  CHECK_FALSE(contains(html, "$"));
}

TEST_CASE("without local sign-in there is no password field, without providers no list of them") {
  View view = page_samples::failed_login();
  const std::string remote = our_pages().render("login", "en", view.set("local_sign_in", false));
  CHECK_FALSE(contains(remote, "type=\"password\""));
  CHECK(contains(remote, "/oauth/login/orcid"));
  const std::string local = our_pages().render("login", "en", page_samples::login());
  CHECK_FALSE(contains(local, "class=\"providers\""));
}

TEST_CASE("consent says what Allow does, where it leads, and when the client may be anybody") {
  const std::string html = our_pages().render("consent", "en", page_samples::consent());
  CHECK(contains(html, "Either answer takes you to notes.example.org."));
  CHECK(contains(html, "Any program on your device can claim to be Field Notes."));
  CHECK(count(html, "<em class=\"new\">") == 2);
  CHECK(contains(html, "<span>audit</span></li>"));  // a scope without a description shows its name
  const std::string bare = our_pages().render("consent", "en", page_samples::consent_without_scopes());
  CHECK(contains(bare, "It only learns who you are."));
  CHECK_FALSE(contains(bare, "Any program"));
  CHECK_FALSE(contains(bare, "Website"));
  CHECK_FALSE(contains(bare, "It would be able to"));
}

TEST_CASE("a value that is missing, unknown or of another kind is an error, not an empty place") {
  const Pages& pages = our_pages();
  CHECK_THROWS_WITH_AS(pages.render("logout", "en", View().set("action", "/logout")),
                       "logout: 'csrf_token' is not set", std::logic_error);
  CHECK_THROWS_WITH_AS(pages.render("logout", "en", page_samples::form("/logout").set("user", "alice")),
                       "logout: 'user' is not taken here", std::logic_error);
  CHECK_THROWS_AS(pages.render("login", "en", page_samples::login().set("local_sign_in", "true")),
                  std::logic_error);
  CHECK_THROWS_AS(pages.render("login", "en", page_samples::login().set("error", true)), std::logic_error);
  CHECK_THROWS_AS(pages.render("login", "en", page_samples::login().set("providers", "GitHub")),
                  std::logic_error);
  View consent = page_samples::consent();
  consent.set("groups", std::vector<View>{View().set("title", "Records")});
  CHECK_THROWS_WITH_AS(pages.render("consent", "en", consent), "groups: 'scopes' is not set",
                       std::logic_error);
  CHECK_THROWS_AS(pages.render("nothing", "en", View()), std::logic_error);
}

TEST_CASE("paths get the issuer's path before them, and a link goes nowhere but there or to http(s)") {
  const Pages below("", "https://example.org/auth");
  const std::string html = below.render("login", "en", page_samples::failed_login());
  CHECK(contains(html, "action=\"/auth/login\""));
  CHECK(contains(html, "href=\"/auth/oauth/login/github\""));
  CHECK(contains(html, "href=\"/auth/static/style.css?v="));
  CHECK(contains(html, "<span>example.org</span>"));
  for (const char* bad : {"javascript:alert(1)", "//evil.example", "/\\evil.example", "evil",
                          "data:text/html,x", "JavaScript:x", "/\t/evil.example", " /x"}) {
    CAPTURE(bad);
    CHECK_THROWS_AS(our_pages().render("consent", "en", page_samples::consent().set("client_uri", bad)),
                    std::logic_error);
  }
}

TEST_CASE("assets are known by path, with type and hash") {
  const Asset* style = our_pages().find_asset("/static/style.css");
  REQUIRE(style);
  CHECK(style->content_type == "text/css; charset=utf-8");
  CHECK(style->bytes == source_of("style.css"));
  CHECK(contains(our_pages().render("login", "en", page_samples::login()), "style.css?v=" + style->hash));
  CHECK(our_pages().find_asset("/robots.txt")->bytes == "User-agent: *\nDisallow: /\n");
  CHECK(our_pages().find_asset("/static/../login.mustache") == nullptr);
  CHECK(our_pages().find_asset("/login.mustache") == nullptr);
}

TEST_CASE("many threads may render at once") {
  std::atomic<int> wrong{0};
  const std::string expected = our_pages().render("consent", "fr", page_samples::consent());
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 50; ++n) {
        if (our_pages().render("consent", "fr", page_samples::consent()) != expected) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == 0);
}

TEST_CASE("a theme's files take the place of ours, and the others stay") {
  Theme theme("style.css", "body { color: red }\n");
  theme.add("logout.mustache",
            "<b>{{text.logout_button}}</b> {{action}} <input name=csrf_token value='{{csrf_token}}'>");
  theme.add("texts/en.json", R"({"logout_button": "Leave"})");
  theme.add("texts/de.json", R"({"logout_button": "Abmelden"})");
  theme.add(".git/config", "x");
  const Pages pages(theme.folder(), issuer);
  CHECK(pages.find_asset("/static/style.css")->bytes == "body { color: red }\n");
  CHECK(pages.find_asset("/static/style.css")->hash != our_pages().find_asset("/static/style.css")->hash);
  CHECK(pages.find_asset("/static/logo.svg")->bytes == source_of("logo.svg"));
  const View view = page_samples::form("/logout");
  CHECK_THROWS_AS(pages.render("logout", "en", View(view).set("x", "")), std::logic_error);
  CHECK(contains(pages.render("logout", "en", view), "<b>Leave</b> /logout"));
  CHECK(contains(pages.render("logout", "de", view), "<b>Abmelden</b> /logout"));
  CHECK(contains(pages.render("logout", "de", view), "Sign out?"));  // not translated: English
  CHECK(contains(pages.render("logout", "fr", view), "Se déconnecter\u202f?"));
  CHECK(pages.choose_language("de") == "de");
}

TEST_CASE("a broken theme is refused with the name of the file and the problem") {
  check_refused(Theme("login.mustache", "{{#error}}{{error}}"), "login.mustache", "'error' is not closed");
  check_refused(Theme("login.mustache", "\n\n{{usrname}}"), "login.mustache: line 3", "no 'usrname'");
  check_refused(Theme("login.mustache", "{{{username}}}"), "login.mustache", "always escaped");
  check_refused(Theme("login.mustache", "{{&username}}"), "login.mustache", "always escaped");
  check_refused(Theme("login.mustache", "{{=<% %>=}}"), "login.mustache", "always their marks");
  check_refused(Theme("login.mustache", "{{remember}}"), "login.mustache", "has no text");
  check_refused(Theme("login.mustache", "{{/error}}"), "login.mustache", "nothing is open");
  check_refused(Theme("login.mustache", "{{#error}}{{/notice}}"), "login.mustache", "'error' is open");
  check_refused(Theme("login.mustache", "{{error"), "login.mustache", "not closed");
  check_refused(Theme("login.mustache", "{{text.lgin_title}}"), "login.mustache", "no text 'lgin_title'");
  check_refused(Theme("login.mustache", "{{text.login_to_continue}}"), "login.mustache", "needs");
  check_refused(Theme("login.mustache", "{{> nothing}}"), "login.mustache", "no partial 'nothing.mustache'");
  check_refused(Theme("applications.mustache", "{{> empty}}"), "empty.mustache: line 1", "no says= is given");
  check_refused(Theme("applications.mustache", "{{> empty says=logout_button x=y}}"), "empty.mustache",
                "x= is not used");
  check_refused(Theme("applications.mustache", "{{> empty says}}"), "applications.mustache",
                "not word=VALUE");
  check_refused(Theme("applications.mustache", "{{> empty says=nothing}}"), "empty.mustache",
                "no text 'nothing'");
  check_refused(Theme("error_box.mustache", "{{> error_box}}"), "error_box.mustache", "include each other");
  check_refused(Theme("login.mustache", "{{action}}"), "login.mustache", "does not use 'csrf_token'");
  check_refused(Theme("logni.mustache", ""), "logni.mustache", "did you mean 'login.mustache'?");
  check_refused(Theme("style.css", std::string(300 * 1024, ' ')), "style.css", "larger than 256 kB");
  check_refused(Theme("style.css", "\xff"), "style.css", "not UTF-8");
  check_refused(Theme("texts/de.json", "{"), "de.json: parse error at line 1, column 2", "expected");
  check_refused(Theme("texts/de.json", "[]"), "de.json", "not a JSON object");
  check_refused(Theme("texts/de.json", R"({"login_title": 1})"), "de.json", "not a string");
  check_refused(Theme("texts/de.json", R"({"login_titel": "x"})"), "de.json", "did you mean 'login_title'?");
  check_refused(Theme("texts/de.json", R"({"login_title": "{name}"})"), "de.json", "no value {name}");
  CHECK_THROWS_WITH_AS(Pages("/nonexistent/theme", issuer), doctest::Contains("is not a folder"),
                       std::runtime_error);
}

TEST_CASE("a theme whose form lacks a field that it needs is refused, with what it lacks") {
  const auto without = [](const std::string& file, const std::string& field) {
    std::string bytes = source_of(file);
    for (auto at = bytes.find(field); at != bytes.npos; at = bytes.find(field)) bytes.erase(at, field.size());
    return Theme(file, bytes);
  };
  const auto named = [](const std::string& name) { return " name=\"" + name + "\""; };
  for (const PageNames& page : all_pages()) {
    CAPTURE(page.page);
    CHECK(page.fields.empty() == !find_name(page.names, "csrf_token"));
  }
  for (const char* name : {"csrf_token", "username", "password", "next"}) {
    check_refused(without("login.mustache", named(name)), "login.mustache: login",
                  "no field with" + named(name));
  }
  check_refused(without("consent.mustache", named("request_id")), "consent.mustache", named("request_id"));
  check_refused(without("device.mustache", named("user_code")), "device.mustache", named("user_code"));
  check_refused(without("device_confirm.mustache", named("user_code")), "device_confirm.mustache",
                named("user_code"));
  check_refused(without("reset_password.mustache", named("repeat_password")), "reset_password.mustache",
                named("repeat_password"));
  check_refused(without("password_field.mustache", named("$name$")), "password_field.mustache: security",
                named("current_password"));
  check_refused(without("date_field.mustache", named("$name$")), "date_field.mustache", named("expires_on"));
  check_refused(Theme("decision.mustache", "<p>Sorry</p>"), "decision.mustache: consent",
                "no field with name=\"confirm\" value=\"yes\"");
  check_refused(without("decision.mustache", "value=\"no\""), "decision.mustache",
                "no field with name=\"confirm\" value=\"no\"");
  const std::string other_quotes =
      "<button\n\tname='confirm' value='yes'>Y</button><button value=no name=confirm>N</button>";
  CHECK_NOTHROW(Pages(Theme("decision.mustache", other_quotes).folder(), issuer));
  check_refused(
      Theme("decision.mustache", "name=\"confirm\" value=\"yes\" <p> name=\"confirm\" value=\"no\""),
      "decision.mustache", "no field with");
}

TEST_CASE("of a theme's files those are named that the page is made of, and not ours that are whole") {
  Theme layout("layout.mustache", "<html></html>");
  check_refused(layout, "layout.mustache: does not have {{> page}}", layout.path("layout.mustache"));
  Theme account("account_layout.mustache", "<html>{{> page}}</html>");
  check_refused(account, "account_layout.mustache: applications", "does not use 'csrf_token'");
  Theme copied("decision.mustache", "<p>Sorry</p>");
  copied.add("consent.mustache", source_of("consent.mustache"));
  try {
    Pages pages(copied.folder(), issuer);
    FAIL("it is taken");
  } catch (const std::runtime_error& error) {
    CHECK(std::string(error.what()).starts_with(copied.path("decision.mustache") + ": consent has no field"));
  }
  Theme two("error_box.mustache", "");
  two.add("login.mustache", "{{> error_box}}");
  check_refused(two, two.path("error_box.mustache") + ", " + two.path("login.mustache") + ": login",
                "does not use 'action'");
}

TEST_CASE("a theme's symbolic link may not lead out of its folder") {
  const TemporaryFolder elsewhere;
  std::ofstream(elsewhere.path("secret")) << "secret";
  Theme theme("logo.svg", "<svg/>");
  std::filesystem::create_symlink(elsewhere.path("secret"), theme.path("style.css"));
  check_refused(theme, "style.css", "symbolic link out of the folder");
  std::filesystem::remove(theme.path("style.css"));
  std::filesystem::create_symlink("logo.svg", theme.path("favicon.svg"));
  CHECK(Pages(theme.folder(), issuer).find_asset("/favicon.svg")->bytes == "<svg/>");
  std::filesystem::create_directory_symlink(elsewhere.path(""), theme.path("texts"));
  check_refused(theme, "texts", "symbolic link out of the folder");
}
