#include <algorithm>
#include <array>

#include "cli/command.h"

namespace oauth2::cli {

extern const Command init;
extern const Command client_create, client_list, client_show, client_update, client_enable, client_disable,
    client_delete, client_secret_add, client_secret_list, client_secret_revoke, client_secret_verify,
    client_rotate_secret;
extern const Command scope_create, scope_list, scope_show, scope_update, scope_delete;
extern const Command user_create, user_list, user_show, user_update, user_set_password, user_reset_link,
    user_enable, user_disable, user_delete;
extern const Command token_create, token_list, token_show, token_update, token_rotate, token_extend,
    token_revoke, token_verify, token_inspect;
extern const Command grant_list, grant_show, grant_revoke;
extern const Command session_list, session_revoke;
extern const Command key_list, key_rotate, key_retire, key_export, key_rewrap;
extern const Command provider_create, provider_list, provider_show, provider_update, provider_enable,
    provider_disable, provider_delete;
extern const Command account_list, account_unlink, account_token;
extern const Command explain_authorize, explain_token;
extern const Command flow_client_credentials, flow_code, flow_device, flow_refresh;
extern const Command audit_list;
extern const Command db_migrate, db_status, db_check, db_prune, db_copy;
extern const Command config_show, config_check;
extern const Command completion_bash, completion_zsh, completion_fish;
extern const Command version_show;

namespace {

const std::vector<const Command*> table = {
    &init,
    &client_create,
    &client_list,
    &client_show,
    &client_update,
    &client_enable,
    &client_disable,
    &client_delete,
    &client_secret_add,
    &client_secret_list,
    &client_secret_revoke,
    &client_secret_verify,
    &client_rotate_secret,
    &scope_create,
    &scope_list,
    &scope_show,
    &scope_update,
    &scope_delete,
    &user_create,
    &user_list,
    &user_show,
    &user_update,
    &user_set_password,
    &user_reset_link,
    &user_enable,
    &user_disable,
    &user_delete,
    &token_create,
    &token_list,
    &token_show,
    &token_update,
    &token_rotate,
    &token_extend,
    &token_revoke,
    &token_verify,
    &token_inspect,
    &grant_list,
    &grant_show,
    &grant_revoke,
    &session_list,
    &session_revoke,
    &key_list,
    &key_rotate,
    &key_retire,
    &key_export,
    &key_rewrap,
    &provider_create,
    &provider_list,
    &provider_show,
    &provider_update,
    &provider_enable,
    &provider_disable,
    &provider_delete,
    &account_list,
    &account_unlink,
    &account_token,
    &explain_authorize,
    &explain_token,
    &flow_client_credentials,
    &flow_code,
    &flow_device,
    &flow_refresh,
    &audit_list,
    &db_migrate,
    &db_status,
    &db_check,
    &db_prune,
    &db_copy,
    &config_show,
    &config_check,
    &completion_bash,
    &completion_zsh,
    &completion_fish,
    &version_show,
};

}  // namespace

const std::vector<const Command*>& all_commands() { return table; }

const Command* find_command(std::string_view path) {
  for (const Command* command : all_commands()) {
    if (command->path == path) return command;
  }
  return nullptr;
}

std::vector<std::string> next_words(std::string_view path) {
  std::vector<std::string> words;
  for (const Command* command : all_commands()) {
    std::string_view rest = command->path;
    if (!path.empty()) {
      if (!rest.starts_with(path) || rest.size() == path.size() || rest[path.size()] != ' ') continue;
      rest.remove_prefix(path.size() + 1);
    }
    const std::string word(rest.substr(0, rest.find(' ')));
    if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(word);
  }
  return words;
}

std::string_view unaliased(std::string_view noun) { return noun == "pat" ? "token" : noun; }

std::string_view noun_summary(std::string_view noun) {
  if (const Command* command = find_command(noun)) return command->summary;
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 15> summaries = {{
      {"client", "applications that ask for tokens"},
      {"scope", "what a token may be allowed to do"},
      {"user", "people who sign in"},
      {"token", "personal, access and refresh tokens (alias: pat)"},
      {"grant", "what people allowed applications, and the tokens under it"},
      {"session", "browsers in which people are signed in"},
      {"key", "keys that tokens are signed with"},
      {"provider", "services whose accounts people sign in with"},
      {"account", "accounts elsewhere that are linked to users"},
      {"explain", "why a request would be refused"},
      {"flow", "a test client for any OAuth 2.0 server"},
      {"audit", "who changed what, and when"},
      {"db", "the database itself"},
      {"config", "the settings in force"},
      {"completion", "Tab completion for a shell"},
  }};
  for (const auto& [name, summary] : summaries) {
    if (name == noun) return summary;
  }
  return {};
}

}  // namespace oauth2::cli
