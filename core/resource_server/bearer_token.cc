#include "core/resource_server/bearer_token.h"

#include <algorithm>

#include "core/text.h"

namespace oauth2::resource_server {
namespace {

// 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="
bool is_token68(std::string_view text) {
  const auto is_word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-._~+/").find(c) != std::string_view::npos;
  };
  const auto end = std::find_if_not(text.begin(), text.end(), is_word);
  return end != text.begin() && std::all_of(end, text.end(), [](char c) { return c == '='; });
}

}  // namespace

BearerToken read_bearer_token(const std::vector<std::string>& authorization) {
  using Form = BearerToken::Form;
  if (authorization.empty()) return {Form::absent, ""};
  if (authorization.size() > 1) return {Form::malformed, ""};
  const std::string_view field = authorization.front();
  const auto blank = field.find(' ');
  if (text::lower(field.substr(0, blank)) != "bearer") return {Form::other_scheme, ""};
  if (blank == std::string_view::npos) return {Form::malformed, ""};
  const std::string_view token = field.substr(std::min(field.find_first_not_of(' ', blank), field.size()));
  if (!is_token68(token)) return {Form::malformed, ""};
  return {Form::present, std::string(token)};
}

}  // namespace oauth2::resource_server
