#include "server/http_head.h"

#include <array>
#include <cstdint>
#include <cstring>

namespace oauth2::server {
namespace {

using Verdict = std::optional<HeadRefusal>;

constexpr std::size_t max_method = 32;
// No path of ours is longer, and whoever matches paths by regular expression recurses once a byte.
constexpr std::size_t max_path = 1024;
// More digits could overflow std::size_t while they are read; the body limit is far below anyway.
constexpr std::size_t max_length_digits = 18;

Verdict refuse(int status, std::string_view reason) { return HeadRefusal{status, reason}; }

enum CharClass : std::uint8_t {
  token_char = 1,
  path_char = 2,
  target_char = 4,
  value_char = 8,
  host_char = 16
};

constexpr bool is_alphanumeric(unsigned c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

constexpr std::array<std::uint8_t, 256> classify() {
  std::array<std::uint8_t, 256> classes{};
  const auto mark = [&classes](std::string_view characters, std::uint8_t mask) {
    for (const char c : characters) classes[static_cast<unsigned char>(c)] |= mask;
  };
  for (unsigned c = 0; c < 256; ++c) {
    if (is_alphanumeric(c)) classes[c] |= token_char | path_char | host_char;
    if (c > 0x20 && c < 0x7f && c != '#') classes[c] |= target_char;
    if (c == '\t' || (c >= 0x20 && c != 0x7f)) classes[c] |= value_char;
  }
  mark("!#$%&'*+-.^_`|~", token_char);
  mark("/-._~!$&'()*+,;=:@", path_char);  // RFC 3986 pchar without '%': a path has one spelling here
  mark("-._~", host_char);
  return classes;
}

constexpr auto classes = classify();

bool is(char c, CharClass mask) { return (classes[static_cast<unsigned char>(c)] & mask) != 0; }

bool all(std::string_view text, CharClass mask) {
  for (const char c : text) {
    if (!is(c, mask)) return false;
  }
  return true;
}

bool all_digits(std::string_view text) {
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
  }
  return !text.empty();
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

struct Method {
  std::string_view name;
  bool may_have_body;
};

// TRACE and CONNECT are missing on purpose: 501 like any method that no resource here has.
constexpr Method methods[] = {{"GET", false}, {"POST", true},  {"HEAD", false},  {"OPTIONS", false},
                              {"PUT", true},  {"PATCH", true}, {"DELETE", false}};

const Method* find_method(std::string_view name) {
  for (const Method& method : methods) {
    if (method.name == name) return &method;
  }
  return nullptr;
}

Verdict judge_version(std::string_view version, Head& head) {
  if (version == "HTTP/1.1" || version == "HTTP/1.0") {
    head.minor_version = version.back() - '0';
    head.keep_alive = head.minor_version == 1;
    return std::nullopt;
  }
  const bool well_formed = version.size() == 8 && version.substr(0, 5) == "HTTP/" &&
                           all_digits(version.substr(5, 1)) && version[6] == '.' &&
                           all_digits(version.substr(7));
  return well_formed ? refuse(505, "only HTTP/1.1 and HTTP/1.0 are spoken here")
                     : refuse(400, "malformed request line");
}

bool has_dot_segment(std::string_view path) {
  for (std::size_t slash = path.find("/."); slash != path.npos; slash = path.find("/.", slash + 1)) {
    std::string_view segment = path.substr(slash + 1);
    segment = segment.substr(0, segment.find('/'));
    if (segment == "." || segment == "..") return true;
  }
  return false;
}

Verdict judge_target(const HeadLimits& limits, Head& head) {
  if (head.target.size() > limits.max_target) return refuse(414, "the request target is too long");
  if (!all(head.target, target_char))
    return refuse(400, "the request target has characters that must be encoded");
  head.path = head.target.substr(0, head.target.find('?'));
  if (head.target == "*" && head.method == "OPTIONS") return std::nullopt;
  if (head.target.empty() || head.target.front() != '/')
    return refuse(400, "the request target must be a path");
  if (head.path.size() > max_path) return refuse(414, "the path is too long");
  if (!all(head.path, path_char)) return refuse(400, "the path must be in its plain spelling");
  if (has_dot_segment(head.path)) return refuse(400, "the path has dot segments");
  return std::nullopt;
}

Verdict read_request_line(std::string_view line, const HeadLimits& limits, Head& head) {
  const std::size_t first = line.find(' ');
  if (first == line.npos) return refuse(400, "malformed request line");
  head.method = line.substr(0, first);
  if (head.method.empty() || !all(head.method, token_char)) return refuse(400, "malformed method");
  const std::string_view rest = line.substr(first + 1);
  const std::size_t second = rest.find(' ');
  if (second == rest.npos) return refuse(400, "malformed request line");
  head.target = rest.substr(0, second);
  // The version first: the preface of HTTP/2 is to be told so, not that PRI is unknown.
  if (auto refused = judge_version(rest.substr(second + 1), head)) return refused;
  if (find_method(head.method) == nullptr) return refuse(501, "the method is not implemented");
  return judge_target(limits, head);
}

// The fields that decide about framing and connection, gathered in one pass.
struct Notable {
  int hosts = 0;
  int lengths = 0;
  int codings = 0;
  std::string_view host;
  std::string_view length;
  std::string_view coding;
  bool compressed = false;
  bool asks_continue = false;
  bool asks_unknown = false;
  bool asks_close = false;
  bool asks_keep_alive = false;
};

template <typename Visit>
void for_each_item(std::string_view list, Visit visit) {
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    const std::string_view item = trim(list.substr(0, comma));
    if (!item.empty()) visit(item);
    if (comma == list.npos) return;
    list.remove_prefix(comma + 1);
  }
}

void note_connection(std::string_view value, Notable& notable) {
  for_each_item(value, [&notable](std::string_view option) {
    if (equals_ignoring_case(option, "close")) notable.asks_close = true;
    if (equals_ignoring_case(option, "keep-alive")) notable.asks_keep_alive = true;
  });
}

void note_expectation(std::string_view value, Notable& notable) {
  for_each_item(value, [&notable](std::string_view expectation) {
    (equals_ignoring_case(expectation, "100-continue") ? notable.asks_continue : notable.asks_unknown) = true;
  });
}

void note_content_encoding(std::string_view value, Notable& notable) {
  for_each_item(value, [&notable](std::string_view coding) {
    if (!equals_ignoring_case(coding, "identity")) notable.compressed = true;
  });
}

void note(const HeadField& field, Notable& notable) {
  const auto named = [&field](std::string_view name) { return equals_ignoring_case(field.name, name); };
  if (named("Host")) {
    ++notable.hosts;
    notable.host = field.value;
  } else if (named("Content-Length")) {
    ++notable.lengths;
    notable.length = field.value;
  } else if (named("Transfer-Encoding")) {
    ++notable.codings;
    notable.coding = field.value;
  } else if (named("Connection")) {
    note_connection(field.value, notable);
  } else if (named("Expect")) {
    note_expectation(field.value, notable);
  } else if (named("Content-Encoding")) {
    note_content_encoding(field.value, notable);
  }
}

bool is_host(std::string_view host) {
  std::string_view port;
  if (!host.empty() && host.front() == '[') {
    const std::size_t end = host.find(']');
    if (end == host.npos || end < 3) return false;
    for (const char c : host.substr(1, end - 1)) {
      if (!(c == ':' || c == '.' || (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')))
        return false;
    }
    port = host.substr(end + 1);
  } else {
    const std::size_t colon = host.find(':');
    const std::string_view name = host.substr(0, colon);
    if (name.empty() || !all(name, host_char)) return false;
    port = colon == host.npos ? std::string_view() : host.substr(colon);
  }
  return port.empty() || (port.front() == ':' && port.size() <= 6 && all_digits(port.substr(1)));
}

Verdict exactly_one_host(const Notable& notable, const HeadLimits&, Head& head) {
  if (notable.hosts > 1) return refuse(400, "more than one Host field");
  if (notable.hosts == 0) {
    return head.minor_version == 0 ? std::nullopt : refuse(400, "the Host field is missing");
  }
  return is_host(notable.host) ? std::nullopt : refuse(400, "malformed Host field");
}

Verdict one_framing(const Notable& notable, const HeadLimits&, Head& head) {
  if (notable.codings > 0 && notable.lengths > 0) {
    return refuse(400, "both Content-Length and Transfer-Encoding");
  }
  if (notable.lengths > 1) return refuse(400, "more than one Content-Length field");
  if (notable.codings > 1) return refuse(400, "more than one Transfer-Encoding field");
  if (notable.codings == 0) return std::nullopt;
  if (head.minor_version == 0) return refuse(400, "Transfer-Encoding in HTTP/1.0");
  if (!equals_ignoring_case(notable.coding, "chunked"))
    return refuse(400, "the transfer coding is not chunked");
  head.chunked = true;
  return std::nullopt;
}

Verdict length_within_limit(const Notable& notable, const HeadLimits& limits, Head& head) {
  if (notable.lengths == 0) return std::nullopt;
  if (!all_digits(notable.length)) return refuse(400, "malformed Content-Length");
  if (notable.length.size() > max_length_digits) return refuse(413, "the body is too large");
  for (const char c : notable.length) {
    head.content_length = head.content_length * 10 + static_cast<std::size_t>(c - '0');
  }
  return head.content_length > limits.max_body ? refuse(413, "the body is too large") : std::nullopt;
}

Verdict body_only_where_it_means_something(const Notable&, const HeadLimits&, Head& head) {
  if (!head.chunked && head.content_length == 0) return std::nullopt;
  return find_method(head.method)->may_have_body ? std::nullopt : refuse(400, "a body with this method");
}

Verdict body_not_compressed(const Notable& notable, const HeadLimits&, Head&) {
  return notable.compressed ? refuse(415, "compressed bodies are not accepted") : std::nullopt;
}

Verdict known_expectation(const Notable& notable, const HeadLimits&, Head& head) {
  if (head.minor_version == 0) return std::nullopt;  // RFC 9110, 10.1.1: to be ignored there
  if (notable.asks_unknown) return refuse(417, "the expectation cannot be met");
  head.expect_continue = notable.asks_continue;
  return std::nullopt;
}

Verdict connection_as_asked(const Notable& notable, const HeadLimits&, Head& head) {
  if (notable.asks_keep_alive) head.keep_alive = true;
  if (notable.asks_close) head.keep_alive = false;
  return std::nullopt;
}

using Rule = Verdict (*)(const Notable&, const HeadLimits&, Head&);

constexpr Rule rules[] = {
    exactly_one_host,    one_framing,       length_within_limit, body_only_where_it_means_something,
    body_not_compressed, known_expectation, connection_as_asked,
};

// The first line while its end has not come: 414 and nonsense are told before megabytes have been read.
Verdict judge_unfinished_line(std::string_view line, const HeadLimits& limits) {
  const std::size_t space = line.substr(0, max_method + 1).find(' ');
  if (space == line.npos) {
    return line.size() > max_method ? refuse(400, "malformed request line") : std::nullopt;
  }
  const std::string_view rest = line.substr(space + 1);
  const std::size_t target = rest.substr(0, limits.max_target + 1).find(' ');
  if (target == rest.npos && rest.size() > limits.max_target)
    return refuse(414, "the request target is too long");
  return std::nullopt;
}

}  // namespace

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? c | 0x20 : c; };
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

void glimpse(std::string_view bytes, Head& head) {
  const std::size_t space = bytes.substr(0, max_method + 1).find(' ');
  if (space == bytes.npos || !all(bytes.substr(0, space), token_char)) return;
  const std::string_view rest = bytes.substr(space + 1);
  if (!rest.starts_with('/')) return;
  head.method = bytes.substr(0, space);
  head.target = rest.substr(0, rest.find_first_of(" \r\n"));
}

Verdict read_field(std::string_view line, HeadField& field) {
  if (line.empty() || line.front() == ' ' || line.front() == '\t')
    return refuse(400, "a folded header field");
  const std::size_t colon = line.find(':');
  if (colon == line.npos) return refuse(400, "a header field without a colon");
  field.name = line.substr(0, colon);
  if (field.name.empty() || !all(field.name, token_char)) return refuse(400, "malformed header field name");
  field.value = trim(line.substr(colon + 1));
  return all(field.value, value_char) ? std::nullopt : refuse(400, "a control character in a header field");
}

HeadSpan find_head(std::string_view bytes, const HeadLimits& limits) {
  HeadSpan span;
  if (bytes.empty() || bytes == "\r") return span;
  if (bytes.substr(0, 2) == "\r\n")
    span.begin = 2;  // RFC 9112, 2.2: some clients end a body with one too many
  bytes.remove_prefix(span.begin);
  const auto refused = [&span](Verdict verdict) {
    span.refusal = verdict;
    return span;
  };
  if (!bytes.empty() && !is(bytes.front(), token_char)) return refused(refuse(400, "malformed request line"));

  std::size_t line = 0;
  for (std::size_t lines = 0;; ++lines) {
    const std::size_t end = bytes.find('\n', line);
    if (end == bytes.npos) break;
    if (end == line || bytes[end - 1] != '\r') return refused(refuse(400, "a line without CR LF"));
    if (end + 1 > limits.max_head && line > 0) return refused(refuse(431, "the request head is too large"));
    if (end == line + 1) {
      span.length = end + 1;
      return span;
    }
    if (lines > limits.max_fields) return refused(refuse(431, "too many header fields"));
    line = end + 1;
  }
  const std::string_view tail = bytes.substr(line);
  const std::size_t stray = tail.find('\r');
  if (stray != tail.npos && stray + 1 < tail.size()) return refused(refuse(400, "a line without CR LF"));
  if (line == 0) {
    if (auto verdict = judge_unfinished_line(tail, limits)) return refused(verdict);
  }
  if (bytes.size() > limits.max_head) return refused(refuse(431, "the request head is too large"));
  return span;
}

Verdict judge_head(std::string_view bytes, const HeadLimits& limits, Head& head) {
  head.method = head.target = head.path = {};
  head.fields.clear();
  head.keep_alive = head.expect_continue = head.chunked = false;
  head.content_length = 0;

  std::size_t end = bytes.find("\r\n");
  if (end == bytes.npos) return refuse(400, "malformed request line");
  if (auto refused = read_request_line(bytes.substr(0, end), limits, head)) return refused;
  Notable notable;
  for (;;) {
    const std::size_t line = end + 2;
    end = bytes.find("\r\n", line);
    if (end == bytes.npos) return refuse(400, "a line without CR LF");
    if (end == line) break;
    if (head.fields.size() == limits.max_fields) return refuse(431, "too many header fields");
    if (auto refused = read_field(bytes.substr(line, end - line), head.fields.emplace_back())) return refused;
    note(head.fields.back(), notable);
  }
  for (const Rule rule : rules) {
    if (auto refused = rule(notable, limits, head)) return refused;
  }
  return std::nullopt;
}

}  // namespace oauth2::server
