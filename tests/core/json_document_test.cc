#include "core/json_document.h"

#include <doctest/doctest.h>

#include <functional>

using namespace oauth2;

namespace {

JsonDocument document(std::string_view text) {
  const auto parsed = JsonDocument::parse(text);
  REQUIRE(parsed.has_value());
  return *parsed;
}

std::string nested(int depth) { return R"({"a":)" + std::string(depth, '[') + std::string(depth, ']') + "}"; }

// `count` times `item`, with commas between them.
std::string many(const std::string& item, int count) {
  std::string out = item;
  for (int i = 1; i < count; ++i) out += "," + item;
  return out;
}

std::string many_members(int count) {
  std::string out = "{\"0\":0";
  for (int i = 1; i < count; ++i) out += ",\"" + std::to_string(i) + "\":0";
  return out + "}";
}

using Ask = std::function<void(const JsonDocument&)>;

// What is said of the member "m" with this value; "" for nothing.
std::string problem(const Ask& ask, const std::string& value) {
  try {
    ask(document("{\"m\":" + value + "}"));
    return "";
  } catch (const WrongMember& wrong) {
    CHECK(wrong.name == "m");
    CHECK(wrong.what() == "the member 'm' " + wrong.problem);
    return wrong.problem;
  }
}

}  // namespace

TEST_CASE("what is not one JSON object in UTF-8 is no document") {
  for (const std::string text :
       {"{}", R"({"a":{"b":1},"c":[{"b":1},{"b":1}]})", " {\"a\":\"\xC3\xA9\"}\n", R"({"a":"\u00e9"})"}) {
    CAPTURE(text);
    CHECK(JsonDocument::parse(text).has_value());
  }
  for (const std::string text :
       {"", "null", "1", "[]", "[{}]", "{", "{}{}", "{}x", "<html>", "{'a':1}", "{\"a\":1,}", "{\"a\":NaN}",
        "{\"a\":\"\xff\"}", "{\"a\":\"\xED\xA0\x80\"}", R"({"a":"\ud800"})", "{\"\xff\":1}"}) {
    CAPTURE(text);
    CHECK_FALSE(JsonDocument::parse(text).has_value());
  }
}

TEST_CASE("a member that is there twice is refused at any depth, however it is written") {
  for (const std::string text :
       {R"({"a":1,"a":1})", R"({"a":1,"b":2,"a":{}})", R"({"a":1,"\u0061":2})", R"({"a":null,"a":1})",
        R"({"a":{"b":1,"b":2}})", R"({"a":[{"b":1},{"b":1,"b":1}]})", R"({"":1,"":2})"}) {
    CAPTURE(text);
    CHECK_FALSE(JsonDocument::parse(text).has_value());
    CHECK_FALSE(JsonDocument::parse_list("[" + text + "]").has_value());
  }
  CHECK(JsonDocument::parse(R"({"a":{"a":{"a":1}},"A":1,"a ":1,"b":"\"a\":1,"})").has_value());
}

TEST_CASE("what is deep, or has very many values, is refused and costs little") {
  CHECK(JsonDocument::parse(nested(31)).has_value());
  CHECK_FALSE(JsonDocument::parse(nested(40)).has_value());
  CHECK_FALSE(JsonDocument::parse(nested(400'000)).has_value());
  CHECK_FALSE(JsonDocument::parse(R"({"a":)" + std::string(500'000, '[')).has_value());
  CHECK(JsonDocument::parse(many_members(5000)).has_value());
  CHECK(JsonDocument::parse_list("[" + many("{\"b\":1}", 3000) + "]").has_value());
  CHECK(JsonDocument::parse(R"({"a":")" + std::string(1'000'000, 'x') + "\"}").has_value());
  CHECK_FALSE(JsonDocument::parse(many_members(100'000)).has_value());
  CHECK_FALSE(JsonDocument::parse(R"({"a":[)" + many("{}", 300'000) + "]}").has_value());
  CHECK_FALSE(JsonDocument::parse_list("[" + many("0", 500'000) + "]").has_value());
}

TEST_CASE("a member of another type than it is asked for is named, and so is the problem") {
  const Ask text = [](const JsonDocument& it) { it.text("m"); };
  const Ask require_text = [](const JsonDocument& it) { it.require_text("m"); };
  const Ask flag = [](const JsonDocument& it) { it.flag("m"); };
  const Ask number = [](const JsonDocument& it) { it.number("m"); };
  const Ask time = [](const JsonDocument& it) { it.time("m"); };
  const Ask texts = [](const JsonDocument& it) { it.texts("m"); };
  const Ask objects = [](const JsonDocument& it) { it.objects("m"); };
  struct Row {
    const char* problem;
    Ask ask;
    std::vector<std::string> good;
    std::vector<std::string> wrong;
  };
  for (const Row& row : {
           Row{"is no text", text, {"null", "\"\"", "\"x\""}, {"1", "true", "[]", "{}", "[\"x\"]"}},
           Row{"is missing", require_text, {"\"x\""}, {"null", "\"\""}},
           Row{"is no text", require_text, {}, {"1", "{}"}},
           Row{"is neither true nor false", flag, {"null", "true", "false"}, {"\"true\"", "1", "0", "[]"}},
           Row{"is no whole number", number, {"null", "0", "-7"}, {"1.5", "1e2", "\"1\"", "true", "[1]"}},
           Row{"is no time",
               time,
               {"null", "0", "1e12", "1.5", "1900000000"},
               {"-1", "-0.5", "1e300", "1e13", "\"1\"", "true", "[]", "{}"}},
           Row{"is no list of texts",
               texts,
               {"null", "\"x\"", "[]", "[\"x\",\"y\"]"},
               {"1", "{}", "true", "[1]", "[\"x\",null]", "[[\"x\"]]"}},
           Row{"is no list", objects, {"[]", "[{}]", "[1,null,\"x\",[]]"}, {"null", "{}", "1", "\"x\""}},
       }) {
    for (const std::string& value : row.good) {
      CAPTURE(value);
      CHECK(problem(row.ask, value) == "");
    }
    for (const std::string& value : row.wrong) {
      CAPTURE(value);
      CHECK(problem(row.ask, value) == row.problem);
    }
  }
}

TEST_CASE("a member is read as what it is, and null as absent") {
  const JsonDocument it = document(R"({"text":"x","flag":false,"number":-7,"time":12.9,"one":"a",
    "several":["a","b"],"none":[],"null":null,"objects":[{"n":1},7,{"n":2}]})");
  CHECK(it.text("text") == "x");
  CHECK(it.require_text("text") == "x");
  CHECK(it.flag("flag") == false);
  CHECK(it.number("number") == -7);
  CHECK(it.time("time") == 12);
  CHECK(it.texts("one") == std::vector<std::string>{"a"});
  CHECK(it.texts("several") == std::vector<std::string>{"a", "b"});
  CHECK(it.texts("none") == std::vector<std::string>());
  REQUIRE(it.objects("objects").size() == 2);
  CHECK(it.objects("objects")[1].number("n") == 2);
  for (const char* name : {"null", "absent", "Text"}) {
    CHECK_FALSE(it.has(name));
    CHECK(it.names(name) == (std::string_view(name) == "null"));
    CHECK(it.text(name) == std::nullopt);
    CHECK(it.flag(name) == std::nullopt);
    CHECK(it.number(name) == std::nullopt);
    CHECK(it.time(name) == std::nullopt);
    CHECK(it.texts(name) == std::nullopt);
    CHECK(it.word(name) == std::nullopt);
  }
}

TEST_CASE("a path leads through objects to a word, or to nothing") {
  const JsonDocument it =
      document(R"({"id":18446744073709551615,"less":-5,"data":{"user":{"id":"x","ok":"true"}},
    "list":[{"id":1}],"part":1.5,"yes":true,"no":"false","a.b":"dotted"})");
  CHECK(it.word("id") == "18446744073709551615");
  CHECK(it.word("less") == "-5");
  CHECK(it.word("data.user.id") == "x");
  for (const char* path : {"", ".", "data", "data.user", "data.user.id.x", "data.", "list", "list.0", "part",
                           "yes", "a.b", "x.y"}) {
    CAPTURE(path);
    CHECK(it.word(path) == std::nullopt);
  }
  CHECK(it.is_true("yes"));
  CHECK(it.is_true("data.user.ok"));
  for (const char* path : {"no", "id", "data", "absent", ""}) CHECK_FALSE(it.is_true(path));
}

TEST_CASE("a document is written again as it came, and a part outlives the whole") {
  CHECK(document(R"({ "b" : 1, "a" : [ "x" ] })").dump(-1) == R"({"b":1,"a":["x"]})");
  CHECK(document(R"({"b":1})").dump(2) == "{\n  \"b\": 1\n}");
  const auto parts = *JsonDocument::parse_list(R"([{"n":"first"},7,null,{"n":"second"}])");
  REQUIRE(parts.size() == 2);
  CHECK(parts[1].text("n") == "second");
  CHECK(parts[1].dump(-1) == R"({"n":"second"})");
  CHECK_FALSE(JsonDocument::parse_list("{}").has_value());
  CHECK_FALSE(JsonDocument::parse_list("[").has_value());
}
