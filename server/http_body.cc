#include "server/http_body.h"

#include <algorithm>

namespace oauth2::server {
namespace {

// Enough for any size below the body limit; leading zeros beyond it serve only to confuse.
constexpr std::size_t max_size_digits = 8;

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// RFC 9112, 7.1.1: unknown extensions must be ignored, but only after a semicolon and without control
// characters.
bool is_extension(std::string_view text) {
  const std::size_t start = text.find_first_not_of(" \t");
  if (start == text.npos) return text.empty();
  return text[start] == ';' && std::all_of(text.begin(), text.end(), [](char c) {
           const auto byte = static_cast<unsigned char>(c);
           return byte == '\t' || (byte >= 0x20 && byte != 0x7f);
         });
}

}  // namespace

std::size_t ChunkedBody::feed(std::string_view bytes, std::string& body) {
  std::size_t taken = 0;
  while (taken < bytes.size() && !done() && !refusal_) {
    const std::string_view rest = bytes.substr(taken);
    if (expect_ == Expect::content) {
      const std::size_t count = std::min(rest.size(), left_in_chunk_);
      body.append(rest.data(), count);
      left_in_chunk_ -= count;
      taken += count;
      if (left_in_chunk_ == 0) expect_ = Expect::content_end;
      continue;
    }
    taken += take_line(rest);
    if (refusal_ || line_.empty() || line_.back() != '\n') continue;
    const std::string_view line(line_.data(), line_.size() - 2);
    if (expect_ == Expect::size_line) {
      take_size(line, body);
    } else if (expect_ == Expect::trailer_line) {
      take_trailer(line);
    } else if (line.empty()) {
      expect_ = Expect::size_line;
    } else {
      refuse(400, "a chunk is longer than its size says");
    }
    line_.clear();
  }
  return taken;
}

// Moves bytes up to a line end into line_; the end must be CR LF.
std::size_t ChunkedBody::take_line(std::string_view bytes) {
  const std::size_t end = bytes.find('\n');
  const std::size_t count = end == bytes.npos ? bytes.size() : end + 1;
  // After a chunk only CR LF may come: what is longer is told at once, not at its line end.
  const std::size_t room =
      expect_ == Expect::content_end ? 2 : max_overhead_ - overhead_ + max_size_digits + 2;
  if (line_.size() + count > room) {
    if (expect_ == Expect::content_end) {
      refuse(400, "a chunk is longer than its size says");
    } else {
      refuse(431, "too many chunk extensions or trailer fields");
    }
    return 0;
  }
  line_.append(bytes.data(), count);
  const bool ended = line_.back() == '\n';
  const bool ended_well = line_.size() >= 2 && line_[line_.size() - 2] == '\r';
  const std::size_t last = line_.size() - (ended ? 2 : 1);  // where the only CR may stand
  if ((ended && !ended_well) || line_.find('\r') < last) {
    refuse(400, "a line without CR LF in a chunked body");
  }
  return count;
}

void ChunkedBody::take_size(std::string_view line, const std::string& body) {
  std::size_t digits = 0;
  std::size_t size = 0;
  while (digits < line.size() && hex_value(line[digits]) >= 0) {
    if (digits == max_size_digits) return refuse(400, "malformed chunk size");
    size = size * 16 + static_cast<std::size_t>(hex_value(line[digits]));
    ++digits;
  }
  const std::string_view extension = line.substr(digits);
  if (digits == 0 || !is_extension(extension)) return refuse(400, "malformed chunk size");
  overhead_ += extension.size();
  if (overhead_ > max_overhead_) return refuse(431, "too many chunk extensions or trailer fields");
  if (size > max_body_ - body.size()) return refuse(413, "the body is too large");
  left_in_chunk_ = size;
  expect_ = size == 0 ? Expect::trailer_line : Expect::content;
}

void ChunkedBody::take_trailer(std::string_view line) {
  if (line.empty()) {
    expect_ = Expect::nothing;
    return;
  }
  overhead_ += line.size() + 2;
  if (overhead_ > max_overhead_) return refuse(431, "too many chunk extensions or trailer fields");
  HeadField dropped;
  refusal_ = read_field(line, dropped);
}

}  // namespace oauth2::server
