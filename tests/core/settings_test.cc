#include "core/settings.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>

#include "tests/support.h"

using namespace oauth2;

TEST_CASE("every setting's documented default is the one that holds") {
  const Settings settings;
  for (const Setting& setting : all_settings()) {
    if (setting.name == "db") continue;  // depends on who runs it
    CAPTURE(setting.name);
    CHECK(setting_text(settings, setting) == setting.default_text);
  }
}

TEST_CASE("a flag wins over the environment, the environment over the file, the file over the default") {
  const TemporaryFolder folder;
  const std::string file = folder.path("config.toml");
  std::ofstream(file) << "access_token_ttl = \"2h\"\nmax_connections = 7\n[rate_limit]\nfailures = 3\n";
  ::setenv("OAUTH2CTL_ACCESS_TOKEN_TTL", "3h", 1);
  const auto with_flag = load_settings({{"access_token_ttl", {"4h"}}}, file);
  const auto without = load_settings({}, file);
  ::unsetenv("OAUTH2CTL_ACCESS_TOKEN_TTL");
  const auto file_only = load_settings({}, file);
  CHECK(with_flag.settings.access_token_ttl == 14'400);
  CHECK(with_flag.source.at("access_token_ttl") == "flag");
  CHECK(without.settings.access_token_ttl == 10'800);
  CHECK(without.source.at("access_token_ttl") == "environment");
  CHECK(file_only.settings.access_token_ttl == 7200);
  CHECK(file_only.settings.max_connections == 7);
  CHECK(file_only.settings.rate_limit_failures == 3);
  CHECK(file_only.source.at("issuer") == "default");
}

TEST_CASE("an unknown key, a wrong type and broken TOML are refused with the name of the file") {
  const TemporaryFolder folder;
  for (const char* content : {"acces_token_ttl = \"2h\"", "max_connections = \"many\"", "issuer = ",
                              "[log]\nfomat=1", "max_connections = 0", "allow_query_tokens = \"perhaps\""}) {
    CAPTURE(content);
    const std::string file = folder.path("bad.toml");
    std::ofstream(file) << content;
    CHECK_THROWS_WITH_AS(load_settings({}, file), doctest::Contains("bad.toml"), SettingError);
  }
  CHECK_THROWS_AS(load_settings({}, folder.path("missing.toml")), SettingError);
}

TEST_CASE("an issuer is https, or http on loopback, without query, fragment and trailing slash") {
  for (const char* good : {"https://auth.example.org", "https://example.org/auth", "http://127.0.0.1:9000",
                           "http://localhost", "http://[::1]:9000", "https://[2001:db8::1]/x"}) {
    CAPTURE(good);
    CHECK_FALSE(issuer_problem(good).has_value());
  }
  for (const char* bad : {"", "auth.example.org", "http://auth.example.org", "https://", "https://e.org/",
                          "ftp://e.org", "https://e.org/?a", "https://e.org#f", "https://u@e.org",
                          "http://127.0.0.1.evil.org", "https://e.org/a b", "http://localhost.evil.org:80"}) {
    CAPTURE(bad);
    CHECK(issuer_problem(bad).has_value());
  }
}

TEST_CASE("who manages what is theirs is all, admin or off") {
  Settings settings;
  CHECK(check_settings(settings).empty());
  for (const char* who : {"all", "admin", "off"}) {
    settings.account_applications = settings.account_personal_tokens = who;
    CHECK(check_settings(settings).empty());
  }
  for (const char* who : {"", "none", "ALL"}) {
    settings.account_applications = settings.account_personal_tokens = who;
    const auto problems = check_settings(settings);
    REQUIRE(problems.size() == 2);
    CHECK(problems[0].starts_with("account.applications: "));
    CHECK(problems[1].starts_with("account.personal_tokens: "));
  }
}

TEST_CASE("a limit that is empty is none, and a list is read from file and environment") {
  const TemporaryFolder folder;
  const std::string file = folder.path("config.toml");
  std::ofstream(file) << "[account]\ntoken_max_lifetime = \"90d\"\ntoken_scopes = [\"read\", \"write\"]\n";
  const auto loaded = load_settings({}, file);
  CHECK(loaded.settings.account_token_max_lifetime == 90 * 86'400);
  CHECK(loaded.settings.account_token_scopes == std::vector<std::string>{"read", "write"});
  CHECK_FALSE(
      load_settings({{"account.token_max_lifetime", {""}}}, file).settings.account_token_max_lifetime);
  CHECK_THROWS_AS(load_settings({{"account.token_max_lifetime", {"0d"}}}, file), SettingError);
  ::setenv("OAUTH2CTL_ACCOUNT_TOKEN_SCOPES", "read, user:email", 1);
  const auto from_environment = load_settings({}, file);
  ::unsetenv("OAUTH2CTL_ACCOUNT_TOKEN_SCOPES");
  CHECK(from_environment.settings.account_token_scopes == std::vector<std::string>{"read", "user:email"});
  for (const Setting& setting : all_settings()) {
    if (setting.name == "account.token_max_lifetime") CHECK(setting_text(loaded.settings, setting) == "90d");
  }
}

TEST_CASE("a database's password that others can read is warned about, and shown nowhere") {
  const TemporaryFolder folder;
  const std::string file = folder.path("config.toml");
  std::ofstream(file) << "db = \"postgresql://u:secret@h/d\"\n";
  std::filesystem::permissions(file, std::filesystem::perms(0644));
  const auto from_file = load_settings({}, file);
  REQUIRE(exposed_password(from_file));
  CHECK(exposed_password(from_file)->find("secret") == std::string::npos);
  std::filesystem::permissions(file, std::filesystem::perms(0640));
  CHECK_FALSE(exposed_password(load_settings({}, file)));
  CHECK(exposed_password(load_settings({{"db", {"postgresql://u:secret@h/d"}}}, file)));
  CHECK_FALSE(exposed_password(load_settings({{"db", {"postgresql://u@h/d"}}}, file)));
  for (const Setting& setting : all_settings()) {
    if (setting.name == "db") CHECK(setting_text(from_file.settings, setting) == "postgresql://u:***@h/d");
  }
}
