#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace oauth2::protocol {

// RFC 6749 section 3.3: 1*( %x21 / %x23-5B / %x5D-7E ).
bool is_scope_token(std::string_view word);

// The words of a scope parameter, each once, in order; nullopt when one is not a scope-token.
std::optional<std::vector<std::string>> parse_scope(std::string_view text);

// All words of `wanted` are in `granted`.
bool covers(const std::vector<std::string>& granted, const std::vector<std::string>& wanted);

// Each item: words that are all needed; one item of several is enough; no items: anything will do.
bool satisfies(const std::vector<std::string>& granted, const std::vector<std::string>& items);

// Of items that are not satisfied the one that lacks the fewest words, the first of equals: what to ask for.
std::string nearest_item(const std::vector<std::string>& granted, const std::vector<std::string>& items);

}  // namespace oauth2::protocol
