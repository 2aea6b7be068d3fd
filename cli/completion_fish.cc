#include <fmt/format.h>

#include "cli/command.h"
#include "cli/completion.h"
#include "cli/globals.h"
#include "core/text.h"

namespace oauth2::cli {
namespace {

constexpr std::string_view engine = R"sh(
function __oauth2ctl_line --description 'prints the command being typed, then how many arguments it has'
    set -l place
    set -l count 0
    set -l awaited 0
    for word in (commandline -opc)[2..-1]
        if test $awaited -eq 1
            set awaited 0
        else if contains -- "$place $word" $__oauth2ctl_valued; or contains -- " $word" $__oauth2ctl_valued
            set awaited 1
        else if string match -q -- '-*' $word
            continue
        else if contains -- (string trim "$place $word") $__oauth2ctl_places
            set place (string trim "$place $word")
        else if test "$place$word" = pat
            set place token
        else
            set count (math $count + 1)
        end
    end
    echo $place
    echo $count
end

function __oauth2ctl_at
    set -l line (__oauth2ctl_line)
    test "$line[1]" = "$argv[1]"; and begin
        test (count $argv) -eq 1; or test "$line[2]" = "$argv[2]"
    end
end

function __oauth2ctl_names
    set -l with
    set -l words (commandline -opc)
    for i in (seq (count $words))
        switch $words[$i]
            case --db --config
                set -a with $words[$i] $words[(math $i + 1)]
            case '--db=*' '--config=*'
                set -a with $words[$i]
        end
    end
    switch $argv[1]
        case client
            oauth2ctl $with --no-input client list -o value=client_name 2>/dev/null | sort -u
        case scope
            oauth2ctl $with --no-input scope list -o value=name 2>/dev/null
        case user
            oauth2ctl $with --no-input user list -o value=username 2>/dev/null
        case token
            oauth2ctl $with --no-input token list --kind personal -o value=name 2>/dev/null | sort -u
        case grant
            oauth2ctl $with --no-input grant list -o value=id 2>/dev/null
        case session
            oauth2ctl $with --no-input session list -o value=id 2>/dev/null
        case key
            oauth2ctl $with --no-input key list -o value=kid 2>/dev/null
        case provider
            oauth2ctl $with --no-input provider list -o value=name 2>/dev/null
        case account
            oauth2ctl $with --no-input account list -o value=id 2>/dev/null
    end
end

complete -c oauth2ctl -f
)sh";

std::string values_of(Offer offer, const std::vector<std::string>& choices) {
  switch (offer) {
    case Offer::client:
      return "-a '(__oauth2ctl_names client)'";
    case Offer::scope:
      return "-a '(__oauth2ctl_names scope)'";
    case Offer::user:
      return "-a '(__oauth2ctl_names user)'";
    case Offer::token:
      return "-a '(__oauth2ctl_names token)'";
    case Offer::grant:
      return "-a '(__oauth2ctl_names grant)'";
    case Offer::session:
      return "-a '(__oauth2ctl_names session)'";
    case Offer::key:
      return "-a '(__oauth2ctl_names key)'";
    case Offer::provider:
      return "-a '(__oauth2ctl_names provider)'";
    case Offer::account:
      return "-a '(__oauth2ctl_names account)'";
    case Offer::source:
      return "-a '- env: file:'";
    case Offer::destination:
      return "-a 'file:'";
    case Offer::file:
    case Offer::format:
    case Offer::nothing:
      break;
  }
  return choices.empty() ? "" : "-a " + single_quoted(text::join(choices));
}

// Fish reads \' within single quotes.
std::string fish_quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

std::string flag_line(const std::string& start, const Flag& flag) {
  std::string out = start + " -l " + flag.name.substr(2);
  if (flag.letter) out += fmt::format(" -s {}", flag.letter);
  if (!flag.value_name.empty()) {
    const std::string values = values_of(flag.offer, flag.choices);
    out += flag.offer == Offer::file ? " -r -F" : " -x";
    if (!values.empty() && flag.offer != Offer::format) out += " " + values;
  }
  out += " -d " + fish_quoted(flag.help) + "\n";
  if (flag.negatable)
    out += start + " -l no-" + flag.name.substr(2) + " -d " + fish_quoted("not: " + flag.help) + "\n";
  return out;
}

std::string command_lines(const Command& command) {
  Options options;
  command.bind(options);
  const std::string start = fmt::format("complete -c oauth2ctl -n '__oauth2ctl_at \"{}\"'", command.path);
  std::string out;
  for (const Flag& flag : options.flags()) out += flag_line(start, flag);
  for (std::size_t i = 0; i < options.positionals().size(); ++i) {
    const Positional& positional = options.positionals()[i];
    const std::string values = values_of(positional.offer, positional.choices);
    if (values.empty()) continue;
    const std::string place = positional.repeats ? "" : fmt::format(" {}", i);
    out += fmt::format("complete -c oauth2ctl -n '__oauth2ctl_at \"{}\"{}' {} -d {}\n", command.path, place,
                       values, positional.name);
  }
  out += fmt::format("{} -l output -s o -x -a {}\n", start,
                     single_quoted(text::join(output_words(command.path))));
  return out;
}

}  // namespace

std::string fish_completion() {
  std::string valued = "set -g __oauth2ctl_valued";
  std::string places = "set -g __oauth2ctl_places";
  std::string lines;
  for (const std::string& group : command_groups()) {
    if (!group.empty()) places += " \\\n    " + single_quoted(group);
    for (const std::string& word : next_words(group)) {
      const std::string longer = group.empty() ? word : group + " " + word;
      const Command* command = find_command(longer);
      const std::string help(command ? command->summary : noun_summary(longer.substr(0, longer.find(' '))));
      lines += fmt::format("complete -c oauth2ctl -n '__oauth2ctl_at \"{}\"' -a {} -d {}\n", group, word,
                           fish_quoted(help));
    }
  }
  Options global_options;
  Globals globals;
  globals.declare(global_options);
  for (const Flag& flag : global_options.flags()) {
    if (!flag.value_name.empty()) valued += " \\\n    " + single_quoted(" " + flag.name);
    if (!flag.value_name.empty() && flag.letter) valued += fmt::format(" ' -{}'", flag.letter);
    lines += flag_line("complete -c oauth2ctl", flag);
  }
  lines += "complete -c oauth2ctl -l help -d 'what it does, with examples'\n";
  for (const Command* command : all_commands()) {
    places += " \\\n    " + single_quoted(command->path);
    Options options;
    command->bind(options);
    for (const Flag& flag : options.flags()) {
      if (!flag.value_name.empty())
        valued += " \\\n    " + single_quoted(fmt::format("{} {}", command->path, flag.name));
    }
    lines += command_lines(*command);
  }
  return "# fish completion for oauth2ctl\n" + std::string(generated_note) + "\n" + places + "\n\n" + valued +
         "\n" + std::string(engine) + lines;
}

}  // namespace oauth2::cli
