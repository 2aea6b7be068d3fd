#include "core/crypto/token_string.h"

#include <array>
#include <utility>

#include "core/crypto/base62.h"
#include "core/crypto/hash.h"
#include "core/crypto/random.h"
#include "core/crypto/time_code.h"

namespace oauth2::crypto {
namespace {

struct KindRow {
  TokenKind kind;
  std::string_view prefix;
  std::string_view name;
};

constexpr std::array<KindRow, 6> kinds = {{
    {TokenKind::personal, "o2p", "personal"},
    {TokenKind::access, "o2a", "access"},
    {TokenKind::refresh, "o2r", "refresh"},
    {TokenKind::authorization_code, "o2c", "authorization_code"},
    {TokenKind::device_code, "o2d", "device_code"},
    {TokenKind::client_secret, "o2s", "client_secret"},
}};

constexpr std::size_t prefix_length = 4;  // with its underscore
constexpr std::size_t secret_length = 43;
constexpr std::size_t checksum_length = 6;

constexpr std::size_t id_hash_length = 16;  // before the time
constexpr std::size_t timeless_id_length = 22;

bool has_time(TokenKind kind) { return kind == TokenKind::access || kind == TokenKind::refresh; }

const KindRow& row(TokenKind kind) { return kinds[static_cast<std::size_t>(kind)]; }

std::string checksum(std::string_view head) { return base62(crc32(head), checksum_length); }

const KindRow* find_prefix(std::string_view token) {
  for (const KindRow& kind : kinds) {
    if (token.starts_with(kind.prefix) && token.substr(3).starts_with('_')) return &kind;
  }
  return nullptr;
}

}  // namespace

std::string_view prefix(TokenKind kind) { return row(kind).prefix; }

std::string_view name(TokenKind kind) { return row(kind).name; }

std::string make_token_string(TokenKind kind) { return make_token_strings({kind}).front(); }

std::vector<std::string> make_token_strings(const std::vector<TokenKind>& token_kinds) {
  const std::string secrets = random_base62(token_kinds.size() * secret_length);
  const std::string time = time_code();
  std::vector<std::string> tokens;
  for (const TokenKind kind : token_kinds) {
    std::string& token = tokens.emplace_back(row(kind).prefix);
    token += '_';
    token.append(secrets, (tokens.size() - 1) * secret_length, secret_length);
    if (has_time(kind)) token.replace(prefix_length, time.size(), time);
    token += checksum(token);
  }
  return tokens;
}

std::optional<TokenKind> inspect_token_string(std::string_view token) {
  if (token.size() != prefix_length + secret_length + checksum_length) return std::nullopt;
  const KindRow* kind = find_prefix(token);
  if (!kind || !is_base62(token.substr(prefix_length))) return std::nullopt;
  const auto head = token.substr(0, prefix_length + secret_length);
  if (checksum(head) != token.substr(head.size())) return std::nullopt;
  return kind->kind;
}

std::string token_string_problem(std::string_view token) {
  if (!find_prefix(token))
    return "it does not start with a prefix of ours (o2p_, o2a_, o2r_, o2c_, o2d_, o2s_)";
  if (token.size() < prefix_length + secret_length + checksum_length) return "it is too short: cut off?";
  if (token.size() > prefix_length + secret_length + checksum_length) return "it is too long";
  if (!is_base62(token.substr(prefix_length))) return "it has characters that no token has";
  return "its checksum is wrong: mistyped?";
}

namespace {

Uint128 first_bytes(std::string_view sha256_bytes) {
  Uint128 value = 0;
  for (std::size_t i = 0; i < 16; ++i) value = (value << 8) | static_cast<unsigned char>(sha256_bytes[i]);
  return value;
}

}  // namespace

std::string token_id(TokenKind kind, std::string_view sha256_bytes, std::string_view token) {
  if (!has_time(kind)) return timeless_token_id(sha256_bytes);
  std::string id = base62(first_bytes(sha256_bytes), id_hash_length);
  return id.append(token.substr(prefix_length, time_code_length));
}

std::string timeless_token_id(std::string_view sha256_bytes) {
  return base62(first_bytes(sha256_bytes), timeless_id_length);
}

std::string random_token_id() { return random_base62(id_hash_length) + time_code(); }

std::int64_t issued_ms_of(std::string_view token_id) {
  if (token_id.size() != id_hash_length + time_code_length || !is_base62(token_id)) return 0;
  return time_of_code(token_id.substr(id_hash_length));
}

}  // namespace oauth2::crypto
