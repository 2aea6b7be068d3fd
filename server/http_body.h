// Piecewise decoding of a chunked request body (RFC 9112, 7.1) under the same strictness as the head.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "server/http_head.h"

namespace oauth2::server {

class ChunkedBody {
 public:
  // `max_overhead` bounds chunk extensions and trailer fields together: they are read and dropped.
  ChunkedBody(std::size_t max_body, std::size_t max_overhead)
      : max_body_(max_body), max_overhead_(max_overhead) {}

  // Takes bytes off the front of `bytes`, appends content to `body` and returns how many it took: all of
  // them, unless the body is done or refused.
  std::size_t feed(std::string_view bytes, std::string& body);

  bool done() const { return expect_ == Expect::nothing; }
  const std::optional<HeadRefusal>& refusal() const { return refusal_; }

 private:
  enum class Expect { size_line, content, content_end, trailer_line, nothing };

  std::size_t take_line(std::string_view bytes);
  void take_size(std::string_view line, const std::string& body);
  void take_trailer(std::string_view line);
  void refuse(int status, std::string_view reason) { refusal_ = HeadRefusal{status, reason}; }

  std::size_t max_body_;
  std::size_t max_overhead_;
  std::size_t overhead_ = 0;
  std::size_t left_in_chunk_ = 0;
  Expect expect_ = Expect::size_line;
  std::string line_;  // a line that has come in part
  std::optional<HeadRefusal> refusal_;
};

}  // namespace oauth2::server
