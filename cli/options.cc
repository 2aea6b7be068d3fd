#include "cli/options.h"

#include <fmt/format.h>

#include "cli/exit_code.h"
#include "core/text.h"
#include "core/time.h"

namespace oauth2::cli {
namespace {

void require_utf8(std::string_view label, std::string_view value) {
  if (!text::is_utf8(value)) {
    throw CommandError(Exit::refused,
                       fmt::format("{} is not valid UTF-8: {}", label, text::escape_controls(value)));
  }
}

std::int64_t require_duration(const std::string& label, const std::string& value, std::string_view forms) {
  if (const auto seconds = parse_duration(value)) return *seconds;
  throw UsageError(fmt::format("{}: '{}' is not a duration", label, text::escape_controls(value)),
                   std::string(forms));
}

}  // namespace

Positional& Options::positional(std::string name, std::string& target, std::string help) {
  Positional& added = positionals_.emplace_back();
  added.name = std::move(name);
  added.help = std::move(help);
  added.set = [&target, label = added.name](const std::string& value) {
    require_utf8(label, value);
    target = value;
  };
  return added;
}

Positional& Options::positionals(std::string name, std::vector<std::string>& target, std::string help) {
  Positional& added = positionals_.emplace_back();
  added.name = std::move(name);
  added.help = std::move(help);
  added.repeats = true;
  added.set = [&target, label = added.name](const std::string& value) {
    require_utf8(label, value);
    target.push_back(value);
  };
  return added;
}

Flag& Options::add(std::string name, std::string value_name, std::string help,
                   std::function<void(const std::string&)> set) {
  Flag& added = flags_.emplace_back();
  added.name = std::move(name);
  added.value_name = std::move(value_name);
  added.help = std::move(help);
  added.set = [label = added.name, set = std::move(set)](const std::string& value) {
    require_utf8(label, value);
    set(value);
  };
  return added;
}

Flag& Options::value(std::string name, std::string value_name, std::string& target, std::string help) {
  return add(std::move(name), std::move(value_name), std::move(help),
             [&target](const std::string& value) { target = value; });
}

Flag& Options::value(std::string name, std::string value_name, std::optional<std::string>& target,
                     std::string help) {
  return add(std::move(name), std::move(value_name), std::move(help),
             [&target](const std::string& value) { target = value; });
}

Flag& Options::list(std::string name, std::string value_name, std::optional<std::vector<std::string>>& target,
                    std::string help) {
  Flag& added =
      add(std::move(name), std::move(value_name), std::move(help), [&target](const std::string& value) {
        if (!target) target.emplace();
        if (!value.empty()) target->push_back(value);
      });
  added.repeats = true;
  return added;
}

Flag& Options::list(std::string name, std::string value_name, std::vector<std::string>& target,
                    std::string help) {
  Flag& added = add(std::move(name), std::move(value_name), std::move(help),
                    [&target](const std::string& value) { target.push_back(value); });
  added.repeats = true;
  return added;
}

Flag& Options::words(std::string name, std::string value_name,
                     std::optional<std::vector<std::string>>& target, std::string help) {
  Flag& added =
      add(std::move(name), std::move(value_name), std::move(help), [&target](const std::string& value) {
        if (!target) target.emplace();
        for (std::string& word : text::words(value)) target->push_back(std::move(word));
      });
  added.repeats = true;
  return added;
}

Flag& Options::duration(std::string name, std::optional<std::int64_t>& target, std::string help) {
  const std::string label = name;
  return add(std::move(name), "DURATION", std::move(help), [&target, label](const std::string& value) {
    target = require_duration(label, value, "90s, 15m, 12h, 30d or 1y");
  });
}

Flag& Options::duration(std::string name, std::optional<std::optional<std::int64_t>>& target,
                        std::string help) {
  const std::string label = name;
  return add(std::move(name), "DURATION", std::move(help), [&target, label](const std::string& value) {
    target.emplace();
    if (!value.empty()) *target = require_duration(label, value, "90s, 15m, 12h, 30d or 1y; \"\" for none");
  });
}

Flag& Options::lifetime(std::string name, Lifetime& target, std::string help) {
  const std::string label = name;
  return add(std::move(name), "DURATION", std::move(help), [&target, label](const std::string& value) {
    target.is_given = true;
    target.seconds.reset();
    if (value != "never") target.seconds = require_duration(label, value, "90s, 15m, 12h, 30d, 1y or never");
  });
}

Flag& Options::time(std::string name, std::optional<std::int64_t>& target, std::string help) {
  const std::string label = name;
  return add(std::move(name), "TIME", std::move(help), [&target, label](const std::string& value) {
    target = parse_time(value, now_seconds());
    if (!target) {
      throw UsageError(fmt::format("{}: '{}' is not a time", label, text::escape_controls(value)),
                       "2026-01-31, 2026-01-31T12:00:00Z, or a duration ago such as 30d");
    }
  });
}

Flag& Options::on(std::string name, bool& target, std::string help) {
  return add(std::move(name), "", std::move(help),
             [&target](const std::string& value) { target = value == "true"; });
}

Flag& Options::on_or_off(std::string name, std::optional<bool>& target, std::string help) {
  Flag& added = add(std::move(name), "", std::move(help),
                    [&target](const std::string& value) { target = value == "true"; });
  added.negatable = true;
  return added;
}

const Flag* Options::find_flag(std::string_view name) const {
  for (const Flag& flag : flags_) {
    if (flag.name == name || (flag.letter && name.size() == 2 && name[0] == '-' && name[1] == flag.letter)) {
      return &flag;
    }
  }
  return nullptr;
}

void IfExistsFlags::declare(Options& options) {
  options.on("--if-not-exists", keep, "take one that is there as it is: changed is false then");
  options.on("--upsert", update, "make one that is there as asked; what is not named is left alone");
}

admin::IfExists IfExistsFlags::choice() const {
  if (keep && update) throw UsageError("--if-not-exists and --upsert exclude each other");
  if (keep) return admin::IfExists::keep;
  return update ? admin::IfExists::update : admin::IfExists::refuse;
}

}  // namespace oauth2::cli
