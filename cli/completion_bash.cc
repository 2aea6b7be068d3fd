#include <fmt/format.h>

#include "cli/command.h"
#include "cli/completion.h"
#include "cli/globals.h"
#include "core/text.h"

namespace oauth2::cli {
namespace {

// What the script does, whatever the commands are. `words` are the words before the cursor and the one at it;
// bash has cut them at = and : and the first loop puts them together again.
constexpr std::string_view engine = R"sh(
_oauth2ctl_ask() {
  oauth2ctl "${with[@]}" --no-input "$@" 2>/dev/null
}

_oauth2ctl_offer() {   # lines on standard input that start with $cur
  local line
  while IFS= read -r line; do
    [[ -n $line && $line == "$cur"* ]] && COMPREPLY+=("$(printf '%q' "$line")")
  done
}

_oauth2ctl_values() {   # $1: what kind of value comes
  local name
  case $1 in
    client) _oauth2ctl_ask client list -o value=client_name | sort -u ;;
    scope) _oauth2ctl_ask scope list -o value=name ;;
    user) _oauth2ctl_ask user list -o value=username ;;
    token) _oauth2ctl_ask token list --kind personal -o value=name | sort -u ;;
    grant) _oauth2ctl_ask grant list -o value=id ;;
    session) _oauth2ctl_ask session list -o value=id ;;
    key) _oauth2ctl_ask key list -o value=kid ;;
    provider) _oauth2ctl_ask provider list -o value=name ;;
    account) _oauth2ctl_ask account list -o value=id ;;
    source) printf '%s\n' - env: file: ;;
    destination) printf '%s\n' file: ;;
    output) printf '%s\n' $(_oauth2ctl_output "$path") ;;
    words*) printf '%s\n' ${1#words } ;;
  esac
}

_oauth2ctl() {
  local i word rest=${COMP_LINE:0:COMP_POINT} cur path= flag= kind prefix
  local -a words=() with=()
  local -i position=0
  COMPREPLY=()
  for ((i = 0; i <= COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    if ((i == 0)) || [[ $rest == [[:blank:]]* ]]; then words+=("$word"); else words[-1]+=$word; fi
    rest=${rest#"${rest%%[![:blank:]]*}"}
    rest=${rest#"$word"}
  done
  cur=${words[-1]}
  for ((i = 1; i < ${#words[@]} - 1; i++)); do
    word=${words[i]}
    if [[ -n $flag ]]; then
      [[ $flag == --db || $flag == --config ]] && with+=("$flag" "$word")
      flag=
    elif [[ $word == --db=* || $word == --config=* ]]; then
      with+=("$word")
    elif [[ $word == -?* && $word != *=* ]]; then
      [[ -n $(_oauth2ctl_kind "$path" "$word") ]] && flag=$word
    elif [[ $word != -* && " $(_oauth2ctl_commands "$path") " == *" $word "* ]]; then
      [[ $word == pat && -z $path ]] && word=token
      path+=${path:+ }$word
    elif [[ $word != -* ]]; then
      position+=1
    fi
  done
  if [[ -z $flag && $cur == --*=* ]]; then
    flag=${cur%%=*}
    cur=${cur#*=}
  fi
  prefix=${cur%"${cur##*[=:]}"}
  if [[ -n $flag ]]; then
    kind=$(_oauth2ctl_kind "$path" "$flag")
  elif [[ $cur == -* ]]; then
    kind="words $(_oauth2ctl_flags "$path") $(_oauth2ctl_flags '*')"
  elif [[ -n $(_oauth2ctl_commands "$path") ]]; then
    kind="words $(_oauth2ctl_commands "$path")"
  else
    kind=$(_oauth2ctl_kind "$path" "$position")
  fi
  if [[ $kind == file || (($kind == source || $kind == destination) && $cur == file:*) ]]; then
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "${cur#file:}")
    return
  fi
  _oauth2ctl_offer < <(_oauth2ctl_values "$kind")
  for i in "${!COMPREPLY[@]}"; do COMPREPLY[i]=${COMPREPLY[i]#"$(printf '%q' "$prefix")"}; done
  [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[=:] ]] && compopt -o nospace 2>/dev/null
}

complete -F _oauth2ctl oauth2ctl
)sh";

std::string kind_of(Offer offer, const std::vector<std::string>& choices) {
  switch (offer) {
    case Offer::client:
      return "client";
    case Offer::scope:
      return "scope";
    case Offer::user:
      return "user";
    case Offer::token:
      return "token";
    case Offer::grant:
      return "grant";
    case Offer::session:
      return "session";
    case Offer::key:
      return "key";
    case Offer::provider:
      return "provider";
    case Offer::account:
      return "account";
    case Offer::file:
      return "file";
    case Offer::source:
      return "source";
    case Offer::destination:
      return "destination";
    case Offer::format:
      return "output";
    case Offer::nothing:
      break;
  }
  return choices.empty() ? "any" : "words " + text::join(choices);
}

std::string flag_words(const Options& options) {
  std::vector<std::string> words;
  for (const Flag& flag : options.flags()) {
    words.push_back(flag.name);
    if (flag.negatable) words.push_back("--no-" + flag.name.substr(2));
  }
  return text::join(words);
}

// Lines of a `case` over "PATH FLAG" and "PATH POSITION".
std::string kind_cases(std::string_view path, const Options& options) {
  std::string out;
  for (const Flag& flag : options.flags()) {
    if (flag.value_name.empty()) continue;
    const std::string word =
        path == "*" ? "*' " + flag.name + "'" : single_quoted(fmt::format("{} {}", path, flag.name));
    const std::string letter = flag.letter ? fmt::format(" | *' -{}'", flag.letter) : "";
    out +=
        fmt::format("    {}{}) echo {} ;;\n", word, letter, single_quoted(kind_of(flag.offer, flag.choices)));
  }
  for (std::size_t i = 0; i < options.positionals().size(); ++i) {
    const Positional& positional = options.positionals()[i];
    if (positional.offer == Offer::nothing) continue;
    const std::string place =
        positional.repeats ? fmt::format("'{} '[0-9]*", path) : fmt::format("'{} {}'", path, i);
    out += fmt::format("    {}) echo {} ;;\n", place, kind_of(positional.offer, positional.choices));
  }
  return out;
}

}  // namespace

std::string bash_completion() {
  std::string commands;
  for (const std::string& group : command_groups()) {
    commands += fmt::format("    {}) echo {} ;;\n", single_quoted(group),
                            single_quoted(text::join(next_words(group)) + (group.empty() ? " pat" : "")));
  }
  Options global_options;
  Globals globals;
  globals.declare(global_options);
  std::string flags =
      fmt::format("    '*') echo {} ;;\n", single_quoted(flag_words(global_options) + " --help"));
  std::string kinds;
  std::string outputs;
  for (const Command* command : all_commands()) {
    Options options;
    command->bind(options);
    if (!options.flags().empty()) {
      flags += fmt::format("    '{}') echo {} ;;\n", command->path, single_quoted(flag_words(options)));
    }
    kinds += kind_cases(command->path, options);
    outputs += fmt::format("    '{}') echo {} ;;\n", command->path,
                           single_quoted(text::join(output_words(command->path))));
  }
  kinds += kind_cases("*", global_options);
  const auto function = [](std::string_view name, std::string_view subject, std::string_view cases) {
    return fmt::format("\n_oauth2ctl_{}() {{\n  case {} in\n{}  esac\n}}\n", name, subject, cases);
  };
  outputs += fmt::format("    *) echo {} ;;\n", single_quoted(text::join(output_words(""))));
  return "# bash completion for oauth2ctl\n" + std::string(generated_note) +
         function("commands", "$1", commands) + function("flags", "$1", flags) +
         function("kind", "\"$1 $2\"", kinds) + function("output", "$1", outputs) + std::string(engine);
}

}  // namespace oauth2::cli
