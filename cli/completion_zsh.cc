#include <fmt/format.h>

#include "cli/command.h"
#include "cli/completion.h"
#include "cli/globals.h"
#include "core/text.h"

namespace oauth2::cli {
namespace {

constexpr std::string_view head = R"sh(
_oauth2ctl_names() {   # $1: client, scope, user, token, grant, session, key, provider or account
  local -a names
  local -a ask=(oauth2ctl $oauth2ctl_with --no-input)
  case $1 in
    client) names=(${(fu)"$($ask client list -o value=client_name 2>/dev/null)"}) ;;
    scope) names=(${(f)"$($ask scope list -o value=name 2>/dev/null)"}) ;;
    user) names=(${(f)"$($ask user list -o value=username 2>/dev/null)"}) ;;
    token) names=(${(fu)"$($ask token list --kind personal -o value=name 2>/dev/null)"}) ;;
    grant) names=(${(f)"$($ask grant list -o value=id 2>/dev/null)"}) ;;
    session) names=(${(f)"$($ask session list -o value=id 2>/dev/null)"}) ;;
    key) names=(${(f)"$($ask key list -o value=kid 2>/dev/null)"}) ;;
    provider) names=(${(f)"$($ask provider list -o value=name 2>/dev/null)"}) ;;
    account) names=(${(f)"$($ask account list -o value=id 2>/dev/null)"}) ;;
  esac
  compadd -a names
}

_oauth2ctl_source() {
  if compset -P 'file:'; then _files; else compadd -S '' env: file:; compadd -- -; fi
}

_oauth2ctl_destination() {
  if compset -P 'file:'; then _files; else compadd -S '' file:; fi
}

_oauth2ctl() {
  local place= word awaited=
  local -a kept=("$words[1]") oauth2ctl_with globals verbs
  local -i i
  for ((i = 2; i < CURRENT; i++)); do
    word=$words[i]
    if [[ -n $awaited ]]; then
      [[ $awaited == (--db|--config) ]] && oauth2ctl_with+=($awaited $word)
      awaited=
      kept+=("$word")
    elif [[ $word == -* ]]; then
      [[ $word == (--db|--config)=* ]] && oauth2ctl_with+=($word)
      [[ $word == (--db|--config|--output|-o|--color|--reason|--as) ]] && awaited=$word
      kept+=("$word")
    elif _oauth2ctl_leads "$place" "$word"; then
      [[ -z $place && $word == pat ]] && word=token
      place+=${place:+ }$word
    else
      kept+=("$word")
    fi
  done
  kept+=("${(@)words[CURRENT,-1]}")
  CURRENT=$((CURRENT - ${#words} + ${#kept}))
  words=("${(@)kept}")
)sh";

std::string_view action_of(Offer offer) {
  switch (offer) {
    case Offer::client:
      return "{_oauth2ctl_names client}";
    case Offer::scope:
      return "{_oauth2ctl_names scope}";
    case Offer::user:
      return "{_oauth2ctl_names user}";
    case Offer::token:
      return "{_oauth2ctl_names token}";
    case Offer::grant:
      return "{_oauth2ctl_names grant}";
    case Offer::session:
      return "{_oauth2ctl_names session}";
    case Offer::key:
      return "{_oauth2ctl_names key}";
    case Offer::provider:
      return "{_oauth2ctl_names provider}";
    case Offer::account:
      return "{_oauth2ctl_names account}";
    case Offer::file:
      return "_files";
    case Offer::source:
      return "_oauth2ctl_source";
    case Offer::destination:
      return "_oauth2ctl_destination";
    case Offer::format:
      return "{compadd -a formats}";  // which depend on the command
    case Offer::nothing:
      break;
  }
  return " ";
}

// [, ] and : have a meaning in a spec of _arguments.
std::string spec_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string action(Offer offer, const std::vector<std::string>& choices) {
  const bool are_all = !choices.empty() && offer == Offer::nothing;
  return are_all ? "(" + text::join(choices) + ")" : std::string(action_of(offer));
}

std::string specs(const Options& options) {
  std::string out;
  for (const Flag& flag : options.flags()) {
    const std::string help = "[" + spec_text(flag.help) + "]";
    const std::string value = flag.value_name.empty() ? ""
                                                      : fmt::format(":{}:{}", spec_text(flag.value_name),
                                                                    action(flag.offer, flag.choices));
    const std::string once = flag.repeats ? "*" : "";
    const std::string sign = flag.value_name.empty() ? "" : "=";
    out += " \\\n        " + single_quoted(once + flag.name + sign + help + value);
    if (flag.negatable) out += " \\\n        " + single_quoted("--no-" + flag.name.substr(2) + help);
    if (flag.letter) out += " \\\n        " + single_quoted(fmt::format("-{}{}{}", flag.letter, help, value));
  }
  for (const Positional& positional : options.positionals()) {
    out += " \\\n        " +
           single_quoted(fmt::format("{}:{}:{}", positional.repeats ? "*" : "", positional.name,
                                     action(positional.offer, positional.choices)));
  }
  return out;
}

}  // namespace

std::string zsh_completion() {
  std::string leads = "\n_oauth2ctl_leads() {   # does word $2 lead on from $1?\n  case $1 in\n";
  std::string cases;
  for (const std::string& group : command_groups()) {
    const auto words = next_words(group);
    leads += fmt::format("    '{}') [[ $2 == ({}{}) ]] ;;\n", group, text::join(words, "|"),
                         group.empty() ? "|pat" : "");
    cases += fmt::format("    '{}')\n      verbs=(", group);
    for (const std::string& word : words) {
      const std::string longer = group.empty() ? word : group + " " + word;
      const Command* command = find_command(longer);
      const std::string help(command ? command->summary : noun_summary(longer.substr(0, longer.find(' '))));
      cases += "\n        " + single_quoted(spec_text(word) + ":" + help);
    }
    cases +=
        ")\n      if [[ $words[CURRENT] == -* ]]; then _arguments -s -S $globals; else _describe command "
        "verbs; fi ;;\n";
  }
  leads += "    *) return 1 ;;\n  esac\n}\n";
  Options global_options;
  Globals globals;
  globals.declare(global_options);
  for (const Command* command : all_commands()) {
    Options options;
    command->bind(options);
    cases += fmt::format("    '{}')\n      _arguments -s -S $globals{} ;;\n", command->path, specs(options));
  }
  std::string outputs = "  local -a formats\n  case $place in\n";
  for (const Command* command : all_commands()) {
    outputs +=
        fmt::format("    '{}') formats=({}) ;;\n", command->path, text::join(output_words(command->path)));
  }
  outputs += fmt::format("    *) formats=({}) ;;\n  esac\n", text::join(output_words("")));
  return "#compdef oauth2ctl\n" + std::string(generated_note) + leads + std::string(head) + outputs +
         "  globals=(" + specs(global_options) +
         " \\\n        '--help[what it does, with examples]')\n  case $place in\n" + cases + "  esac\n}\n\n" +
         "if [[ $funcstack[1] == _oauth2ctl ]]; then _oauth2ctl \"$@\"; else compdef _oauth2ctl oauth2ctl; "
         "fi\n";
}

}  // namespace oauth2::cli
