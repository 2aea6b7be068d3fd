#include "cli/command.h"
#include "cli/completion.h"
#include "cli/console.h"

namespace oauth2::cli {
namespace {

template <std::string (*script)()>
Action bind(Options&) {
  return [](Console& console) {
    console.print_text(script());
    return Exit::done;
  };
}

}  // namespace

extern const Command completion_bash;
extern const Command completion_zsh;
extern const Command completion_fish;

const Command completion_bash = {.path = "completion bash",
                                 .summary = "print the completion script for bash",
                                 .details = "",
                                 .examples = {{"source <(oauth2ctl completion bash)", "in ~/.bashrc"}},
                                 .bind = bind<bash_completion>};

const Command completion_zsh = {
    .path = "completion zsh",
    .summary = "print the completion script for zsh",
    .details = "",
    .examples = {{"source <(oauth2ctl completion zsh)", "in ~/.zshrc, after compinit"}},
    .bind = bind<zsh_completion>};

const Command completion_fish = {
    .path = "completion fish",
    .summary = "print the completion script for fish",
    .details = "",
    .examples = {{"oauth2ctl completion fish > ~/.config/fish/completions/oauth2ctl.fish", "once"}},
    .bind = bind<fish_completion>};

}  // namespace oauth2::cli
