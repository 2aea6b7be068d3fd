#include "core/text.h"

#include <doctest/doctest.h>

#include <string>

using namespace oauth2;

TEST_CASE("only well-formed UTF-8 passes") {
  for (const char* good : {"", "plain", "é", "€", "😀", "\xED\x9F\xBF", "\xF4\x8F\xBF\xBF"})
    CHECK(text::is_utf8(good));
  for (const char* bad : {"\x80", "\xC0\xAF", "\xC1\xBF", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF0\x80\x80\x80",
                          "\xF4\x90\x80\x80", "\xF8\x88\x80\x80\x80", "\xC3", "\xE2\x82", "a\xFF"}) {
    CHECK_FALSE(text::is_utf8(bad));
  }
}

TEST_CASE("control characters and broken bytes are escaped, so that no line can be forged") {
  CHECK(text::escape_controls("a\nb\x1b[31m\x7f") == "a\\x0ab\\x1b[31m\\x7f");
  CHECK(text::escape_controls("\xC2\x9B"
                              "31m") == "\\xc2\\x9b31m");  // C1: a terminal's CSI in one character
  CHECK(text::escape_controls("\xFF"
                              "é") == "\\xffé");
  CHECK(text::escape_controls("a\\n") == "a\\\\n");
}

TEST_CASE("what is beyond ASCII is escaped by its number where it must be seen") {
  CHECK(text::escape_non_ascii("a\\b\n") == "a\\\\b\\x0a");
  CHECK(text::escape_non_ascii("\u200B\u0085é\U0001F600") == "\\u{200B}\\u{0085}\\u{00E9}\\u{1F600}");
  CHECK(text::escape_non_ascii("\xe6\x97") == "\\xe6\\x97");
}

TEST_CASE("a text is cut between characters, and an ellipsis says so") {
  CHECK(text::shortened("abc", 3) == "abc");
  CHECK(text::shortened("abcd", 3) == "abc…");
  CHECK(text::shortened("aé日x", 4) == "aé…");
}

TEST_CASE("plain is printable ASCII but quotes and backslashes") {
  CHECK(text::plain_length("") == 0);
  CHECK(text::plain_length(" a~=") == 4);
  for (const char* end : {"\\", "\"", "\n", "\x1f", "\x7f", "\x80", "é"})
    CHECK(text::plain_length(std::string("ab") + end + "c") == 2);
  CHECK(text::escape_controls("plain\nagain") == "plain\\x0aagain");
}

TEST_CASE("the nearest candidate is found for a misspelt word, and none for a foreign one") {
  const std::vector<std::string> verbs = {"create", "list", "delete"};
  CHECK(text::nearest("craete", verbs) == "create");
  CHECK(text::nearest("lsit", verbs) == "list");
  CHECK(text::nearest("xyzzyplugh", verbs).empty());
}

TEST_CASE("words are what stands between blanks") {
  CHECK(text::words("  a  b ") == std::vector<std::string>{"a", "b"});
  CHECK(text::words("").empty());
  CHECK(text::trim(" \t a b \r\n") == "a b");
}

TEST_CASE("a database's URL is shown without its password, however it is written") {
  const std::pair<const char*, const char*> urls[] = {
      {"postgresql://u:secret@h:5432/d", "postgresql://u:***@h:5432/d"},
      {"postgresql://u@h:5432/d", "postgresql://u@h:5432/d"},
      {"postgresql://h:5432/d?sslmode=require", "postgresql://h:5432/d?sslmode=require"},
      {"postgresql://u:se@cr:et@h/d", "postgresql://u:***@h/d"},
      {"postgresql://u:se/c?ret@h/d", "postgresql://u:***@h/d"},
      {"postgresql://u:%zz@h/d", "postgresql://u:***@h/d"},
      {"postgresql:///d?password=secret&x=1", "postgresql:///d?password=***&x=1"},
      {"postgresql:///d?x=1&PASSWORD=secret", "postgresql:///d?x=1&PASSWORD=***"},
      {"postgresql:///d?sslpassword=secret", "postgresql:///d?sslpassword=***"},
      {"postgresql:/u:secret@h/d", "postgresql:/u:***@h/d"},
      {"postgresql:u:secret@h/d", "postgresql:u:***@h/d"},
      {"POSTGRESQL://u:secret@h/d", "POSTGRESQL://u:***@h/d"},
      {" postgresql://u:secret@h/d", " postgresql://u:***@h/d"},
      {"postgresql:///d?pass%77ord=secret&x=1", "postgresql:///d?pass%77ord=***&x=1"},
      {"host=h password=secret user=u", "host=h password=*** user=u"},
      {"/var/lib/a:b@c.db", "/var/lib/a:b@c.db"},
      {"sqlite:/x.db", "sqlite:/x.db"},
  };
  for (const auto& [url, shown] : urls) CHECK(text::without_password(url) == shown);
}

TEST_CASE("characters are counted, not bytes") {
  CHECK(text::character_count("") == 0);
  CHECK(text::character_count("abc") == 3);
  CHECK(text::character_count("é€\U0001F600") == 3);
}

TEST_CASE("marks that nobody sees or that turn or break a line are found, joiners and emoji are none") {
  for (const char* mark :
       {"\u00AD", "\u034F", "\u061C", "\u115F", "\u17B4", "\u180E", "\u200B", "\u200E", "\u200F", "\u2028",
        "\u202A", "\u202E", "\u2060", "\u2066", "\u2069", "\u3164", "\uFEFF", "\uFFA0", "\U000E0041"}) {
    CAPTURE(mark);
    CHECK(text::has_hidden_mark(std::string("a") + mark + "b"));
  }
  for (const char* good : {"", "abc", "é", "\u200C\u200D", "\u2010\u2027\u2030\u205F\u2070", "\uFE0F\u3165",
                           "\U0001F600", "\U000E0100"}) {
    CAPTURE(good);
    CHECK_FALSE(text::has_hidden_mark(good));
  }
}

TEST_CASE("a text of blanks, joiners and variation selectors only is blank") {
  for (const char* blank : {"", " ", "\u00A0", "\u2003\u3000", "\u200D", "\uFE0F", "\U000E0100", "\u2800"})
    CHECK(text::is_blank(blank));
  for (const char* seen : {"a", " \u2003x", "é", "\u2010", "\U0001F600\uFE0F", "\x01"})
    CHECK_FALSE(text::is_blank(seen));
}

TEST_CASE("a shell reads what is quoted for it as one word, and what needs no quotes has none") {
  CHECK(text::shell_quoted("https://e.org:1/a_b-c") == "https://e.org:1/a_b-c");
  CHECK(text::shell_quoted("") == "''");
  CHECK(text::shell_quoted("a&b;$(id)'c") == "'a&b;$(id)'\\''c'");
}
