#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/admin/context.h"

namespace oauth2::cli {

// What Tab offers for a value.
enum class Offer {
  nothing,
  client,
  scope,
  user,
  token,
  grant,
  session,
  key,
  provider,
  account,
  file,
  source,
  destination,
  format
};

struct Flag {
  std::string name;        // with its dashes
  char letter = 0;         // of a short form
  std::string value_name;  // "" for a switch
  std::string help;
  Offer offer = Offer::nothing;
  std::vector<std::string> choices;  // what Tab offers; the rules are those of whoever takes the value
  bool repeats = false;
  bool negatable = false;  // a switch with a --no- form
  bool required = false;
  std::function<void(const std::string& value)> set;  // a switch gets "true" or "false"

  Flag& offers(Offer what) {
    offer = what;
    return *this;
  }
  Flag& one_of(std::vector<std::string> words) {
    choices = std::move(words);
    return *this;
  }
  Flag& needed() {
    required = true;
    return *this;
  }
};

struct Positional {
  std::string name;
  std::string help;
  Offer offer = Offer::nothing;
  std::vector<std::string> choices;
  bool required = true;
  bool repeats = false;
  std::function<void(const std::string& value)> set;

  Positional& offers(Offer what) {
    offer = what;
    return *this;
  }
  Positional& one_of(std::vector<std::string> words) {
    choices = std::move(words);
    return *this;
  }
  Positional& optional() {
    required = false;
    return *this;
  }
};

// A duration or `never`.
struct Lifetime {
  bool is_given = false;
  std::optional<std::int64_t> seconds;  // absent: never
};

// What a command takes. Values that are not UTF-8 are refused (Exit::refused) and malformed ones are
// UsageErrors.
class Options {
 public:
  Positional& positional(std::string name, std::string& target, std::string help);
  Positional& positionals(std::string name, std::vector<std::string>& target, std::string help);

  Flag& value(std::string name, std::string value_name, std::string& target, std::string help);
  Flag& value(std::string name, std::string value_name, std::optional<std::string>& target, std::string help);
  // May be given several times; one that is empty empties the list.
  Flag& list(std::string name, std::string value_name, std::optional<std::vector<std::string>>& target,
             std::string help);
  Flag& list(std::string name, std::string value_name, std::vector<std::string>& target, std::string help);
  // As list, and each may hold several words.
  Flag& words(std::string name, std::string value_name, std::optional<std::vector<std::string>>& target,
              std::string help);
  Flag& duration(std::string name, std::optional<std::int64_t>& target, std::string help);
  // "" for none.
  Flag& duration(std::string name, std::optional<std::optional<std::int64_t>>& target, std::string help);
  Flag& lifetime(std::string name, Lifetime& target, std::string help);
  // RFC 3339 or a duration ago.
  Flag& time(std::string name, std::optional<std::int64_t>& target, std::string help);
  Flag& on(std::string name, bool& target, std::string help);
  // --name and --no-name.
  Flag& on_or_off(std::string name, std::optional<bool>& target, std::string help);

  const std::deque<Flag>& flags() const { return flags_; }
  const std::deque<Positional>& positionals() const { return positionals_; }
  const Flag* find_flag(std::string_view name) const;  // by its long name, or its short one ("-o")

 private:
  Flag& add(std::string name, std::string value_name, std::string help,
            std::function<void(const std::string&)> set);

  std::deque<Flag> flags_;  // references to members stay valid
  std::deque<Positional> positionals_;
};

// --if-not-exists and --upsert, which exclude each other.
struct IfExistsFlags {
  bool keep = false;
  bool update = false;

  void declare(Options& options);
  admin::IfExists choice() const;
};

}  // namespace oauth2::cli
