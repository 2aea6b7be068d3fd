#include "server/texts.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "core/account/form.h"

using namespace oauth2::server;

namespace {

nlohmann::json builtin_texts(const std::string& language) {
  return nlohmann::json::parse(read_builtin_files().at("texts/" + language + ".json").bytes);
}

Texts texts_of(std::initializer_list<const char*> languages) {
  PageFiles theme;
  for (const char* language : languages) theme[std::string("texts/") + language + ".json"] = {"theme", "{}"};
  return {read_builtin_files(), theme};
}

std::string fill_all(const Texts& texts, const std::string& key, const std::string& language) {
  return texts.fill(key, language, [](std::string_view name) { return name; });
}

}  // namespace

TEST_CASE("every language has every text, and none is empty") {
  const Texts texts(read_builtin_files(), {});
  CHECK(texts.languages() == std::vector<std::string>{"en", "fr"});
  for (const std::string& language : texts.languages()) {
    CHECK(texts.missing(language) == std::vector<std::string>());
    const auto all = builtin_texts(language);
    for (const auto& [key, text] : all.items()) {
      CAPTURE(key);
      CHECK_FALSE(text.get<std::string>().empty());
    }
  }
}

TEST_CASE("a translation has the placeholders of the English text") {
  const auto french = builtin_texts("fr");
  const Texts texts(read_builtin_files(), {});
  for (const auto& [key, text] : french.items()) {
    CAPTURE(key);
    for (const std::string& name : texts.placeholders(key)) {
      CHECK(text.get<std::string>().find("{" + name + "}") != std::string::npos);
    }
  }
}

TEST_CASE("whatever a form of the account is refused for, every language says it") {
  const Texts texts(read_builtin_files(), {});
  for (const char* language : {"en", "fr"}) {
    const auto all = builtin_texts(language);
    for (const std::string& key : oauth2::account::form_texts()) {
      CAPTURE(language);
      CAPTURE(key);
      REQUIRE(all.contains(key));
      // form_message knows these two.
      for (const std::string& name : texts.placeholders(key)) {
        CHECK((name == "value" || name == "line"));
      }
    }
  }
}

TEST_CASE("French has a space that does not break before its double signs") {
  const auto all = builtin_texts("fr");
  for (const auto& [key, text] : all.items()) {
    CAPTURE(key);
    const std::string french = text.get<std::string>();
    for (const char sign : {'?', '!', ';', ':'}) {
      const auto at = french.find(sign);
      if (at == std::string::npos) continue;
      const bool narrow = at >= 3 && french.substr(at - 3, 3) == "\u202f";
      const bool wide = at >= 2 && french.substr(at - 2, 2) == "\u00a0";
      CHECK((narrow || wide));
    }
    CHECK(french.find('\'') == std::string::npos);  // the apostrophe is ’
  }
}

TEST_CASE("a text is filled with values, plain or as a piece of a template") {
  PageFiles builtin;
  builtin["texts/en.json"] = {"en.json", R"({"a": "{who} & <{who}> {not a name} {{who}}", "b": "x"})"};
  builtin["texts/fr.json"] = {"fr.json", R"({"a": "à {who}"})"};
  const Texts texts(builtin, {});
  const auto value = [](std::string_view) { return std::string_view("<me>"); };
  CHECK(texts.fill("a", "en", value) == "<me> & <<me>> {not a name} {{who}}");
  CHECK(texts.as_template("a", "en") ==
        "{{who}} &#38; &#60;{{who}}&#62; &#123;not a name&#125; &#123;&#123;who&#125;&#125;");
  CHECK(texts.fill("a", "fr", value) == "à <me>");
  CHECK(texts.fill("b", "fr", value) == "x");
  CHECK(texts.fill("b", "tlh", value) == "x");
  CHECK_THROWS_AS(texts.fill("c", "en", value), std::logic_error);
}

TEST_CASE("the language is the one wished for most that is there (RFC 9110 section 12.5.4)") {
  const Texts texts = texts_of({"de", "pt-BR"});
  const std::pair<const char*, const char*> cases[] = {
      {"", "en"},
      {"fr", "fr"},
      {"FR", "fr"},
      {"fr-CA", "fr"},
      {"fr-CA,fr;q=0.9,en;q=0.8", "fr"},
      {"en-GB, fr", "en"},
      {"fr, en", "fr"},
      {"es, fr;q=0.5, en;q=0.7", "en"},
      {"es, fr;q=0.5", "fr"},
      {"es", "en"},
      {"*", "en"},
      {"fr;q=0.3, *;q=0.5", "en"},
      {"fr;q=0.5, *;q=0.1", "fr"},
      {"en;q=0, *", "de"},
      {"fr;q=0", "en"},
      {"fr;q=0, en;q=0", "en"},
      {"fr-CH;q=0.2, fr;q=0.8, en;q=0.5", "fr"},
      {"fr;q=0.8, fr-CH;q=0.2, en;q=0.5", "fr"},
      {"fr;q=0.001", "fr"},
      {"fr ; Q=1.000 , en ; q=0.999", "fr"},
      {"pt", "pt-BR"},
      {"pt-br", "pt-BR"},
      {"pt-PT", "en"},
      {"frx", "en"},
      {"fr;q=2, de", "de"},
      {"fr;q=x, de;q=0.1", "de"},
      {"fr;q=0.1234, de;q=0.1", "de"},
      {"fr;q=1.001, de;q=0.1", "de"},
      {"fr;level=1, de;q=0.1", "de"},
      {",,;;,fr,,", "fr"},
      {"\xff\x01,fr", "fr"},
  };
  for (const auto& [header, language] : cases) {
    CAPTURE(header);
    CHECK(texts.choose_language(header) == language);
  }
  CHECK(fill_all(texts, "login_title", "de") == "Sign in");
}
