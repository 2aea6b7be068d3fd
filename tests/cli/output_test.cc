#include "cli/output.h"

#include <doctest/doctest.h>

#include "cli/exit_code.h"
#include "cli/table.h"

namespace cli = oauth2::cli;

namespace {

constexpr std::int64_t now = 1'000'000;

cli::Shape thing_shape() {
  using Kind = cli::FieldKind;
  return {.plural = "things",
          .fields = {{"id", Kind::text, "ID"},
                     {"note", Kind::text, "NOTE"},
                     {"words", Kind::list, "WORDS"},
                     {"made_at", Kind::time, "MADE"},
                     {"secret", Kind::secret, ""}},
          .quiet = {"secret", "id"},
          .variables = {{"OAUTH2_ID", "id"}, {"OAUTH2_SECRET", "secret"}}};
}

cli::Record thing(const std::string& id, cli::Scalar note) {
  return {{"id", id},
          {"note", std::move(note)},
          {"words", std::vector<std::string>{"a", "b"}},
          {"made_at", now - 7200},
          {"secret", {}}};
}

std::string one(const std::string& format, const cli::Record& record, bool quiet = false) {
  return cli::print_one({cli::read_output_choice(format), quiet, false, now}, thing_shape(), record);
}

std::string list(const std::string& format, const std::vector<cli::Record>& records, bool quiet = false) {
  return cli::print_list({cli::read_output_choice(format), quiet, false, now}, thing_shape(), records);
}

}  // namespace

TEST_CASE("a format that there is not is a usage error") {
  for (const char* text : {"", "yaml", "JSON", "value", "value="}) {
    CHECK_THROWS_AS(cli::read_output_choice(text), cli::UsageError);
  }
  CHECK(cli::read_output_choice("value=id").field == "id");
}

TEST_CASE("a field that there is not is refused before the command runs") {
  CHECK_THROWS_AS(
      cli::require_printable({cli::read_output_choice("value=x"), false, false, now}, thing_shape()),
      cli::UsageError);
  CHECK_NOTHROW(
      cli::require_printable({cli::read_output_choice("value=note"), false, false, now}, thing_shape()));
}

TEST_CASE("one thing as a table leaves out what is null") {
  CHECK(one("table", thing("x", {})) == "id       x\nwords    a b\nmade_at  2 hours ago\n");
}

TEST_CASE("a list as a table is aligned by what a terminal shows, without columns that are all null") {
  CHECK(list("table", {thing("x", {}), thing("long", {})}) ==
        "ID    WORDS  MADE\nx     a b    2 hours ago\nlong  a b    2 hours ago\n");
  CHECK(list("table", {thing("日本", std::string("n"))}) ==
        "ID    NOTE  WORDS  MADE\n日本  n     a b    2 hours ago\n");
  CHECK(list("table", {}).empty());
}

TEST_CASE("control characters reach no terminal and forge no line") {
  CHECK(one("table", thing("a\x1b[1m", {})).find('\x1b') == std::string::npos);
  CHECK(one("value=id", thing("a\nb", {})) == "a\\x0ab\n");
}

TEST_CASE("a table names a browser as people do, and shows the beginning of what it does not know") {
  const cli::Shape shape = {.plural = "things",
                            .fields = {{"agent", cli::FieldKind::browser, "AGENT"}},
                            .quiet = {"agent"},
                            .variables = {}};
  const auto shown = [&](const std::string& agent) {
    return cli::table_of_list(shape, {{{"agent", agent}}}, {now, false});
  };
  CHECK(shown("Mozilla/5.0 (X11; Linux x86_64) Chrome/126.0 Safari/537.36") == "AGENT\nChrome on Linux\n");
  CHECK(shown("curl/8.5.0") == "AGENT\ncurl\n");
  CHECK(shown("Mozilla/5.0 (Windows NT 10.0)") == "AGENT\nWindows\n");
  CHECK(shown("Python-urllib/3.11") == "AGENT\nPython-urllib/3.11\n");
  CHECK(shown(std::string(200, 'x')) == "AGENT\n" + std::string(40, 'x') + "…\n");
  CHECK(shown("\x1b[2J") == "AGENT\n\\x1b[2J\n");
}

TEST_CASE("CSV is that of RFC 4180") {
  CHECK(list("csv", {thing("a,b", std::string("say \"hi\"\nthere"))}) ==
        "id,note,words,made_at,secret\r\n\"a,b\",\"say \"\"hi\"\"\nthere\",a b,992800,\r\n");
  CHECK(list("csv", {}) == "id,note,words,made_at,secret\r\n");
}

TEST_CASE("JSON is one document, JSON lines are one object each") {
  CHECK(list("json", {}) == "[]\n");
  CHECK(list("jsonl", {thing("x", {})}) ==
        "{\"id\":\"x\",\"note\":null,\"words\":[\"a\",\"b\"],\"made_at\":992800,\"secret\":null}\n");
}

TEST_CASE("-o env quotes only where a shell needs it, and is for one thing") {
  CHECK(one("env", thing("plain-id_1", {})) == "OAUTH2_ID=plain-id_1\n");
  CHECK(one("env", thing("it's $(x)", {})) == "OAUTH2_ID='it'\\''s $(x)'\n");
  CHECK_THROWS_AS(list("env", {}), cli::UsageError);
}

TEST_CASE("-q prints the secret if there is one, else the id") {
  cli::Record made = thing("x", {});
  CHECK(one("table", made, true) == "x\n");
  made.back().second = std::string("o2s_secret");
  CHECK(one("json", made, true) == "o2s_secret\n");
  CHECK(list("table", {thing("x", {}), thing("y", {})}, true) == "x\ny\n");
}
