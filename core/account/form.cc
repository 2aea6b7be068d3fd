#include "core/account/form.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/protocol/redirect_uri.h"
#include "core/text.h"

namespace oauth2::account {
namespace {

constexpr std::size_t longest_name = 40;
constexpr std::string_view prefix = "account_";

std::vector<std::string> all_texts() {
  std::vector<std::string> texts;
  for (const char* text : {"name_empty",
                           "name_length",
                           "name_characters",
                           "name_taken",
                           "description_length",
                           "description_characters",
                           "website_length",
                           "website_characters",
                           "website_malformed",
                           "redirect_uris_missing",
                           "redirect_uris_too_many",
                           "redirect_uris_by_admin",
                           "client_type_unknown",
                           "client_type_grant",
                           "client_type_no_secret",
                           "client_type_skips_consent",
                           "secret_replaced",
                           "applications_by_admin",
                           "scopes_unavailable",
                           "expires_in_unknown",
                           "expires_in_too_long",
                           "expires_in_too_long_days",
                           "expires_on_malformed",
                           "expires_on_not_chosen",
                           "expires_on_past",
                           "expires_on_too_far",
                           "overlap_unknown",
                           "rotate_too_long",
                           "token_expired",
                           "token_revoked",
                           "token_rotated",
                           "username_empty",
                           "username_length",
                           "username_characters",
                           "username_malformed",
                           "username_taken",
                           "email_length",
                           "email_characters",
                           "email_malformed",
                           "email_taken",
                           "last_way_in",
                           "personal_tokens_by_admin",
                           "refused"}) {
    texts.push_back(std::string(prefix) + text);
  }
  for (const auto& problem : protocol::redirect_uri_problems())
    texts.push_back(fmt::format("{}redirect_uris_{}", prefix, problem.key));
  return texts;
}

std::string text_of(const admin::Problem& problem) {
  std::string text(prefix);
  if (!problem.field.empty()) text.append(problem.field).append("_");
  text.append(problem.key);
  const auto& texts = form_texts();
  return std::find(texts.begin(), texts.end(), text) != texts.end() ? text : std::string(prefix) + "refused";
}

}  // namespace

FormError::FormError(std::string_view its_field, std::string_view its_text, std::string its_value,
                     const std::string& reason)
    : std::runtime_error(reason.empty() ? std::string(its_text) : reason),
      field(its_field),
      text(its_text),
      value(std::move(its_value)) {}

const std::vector<std::string>& form_texts() {
  static const std::vector<std::string> texts = all_texts();
  return texts;
}

FormError form_error(const admin::UserError& error) {
  if (dynamic_cast<const admin::AlreadyExists*>(&error))
    return {"name", "account_name_taken", {}, error.what()};
  const auto* refused = dynamic_cast<const admin::Refused*>(&error);
  const admin::Problem problem = refused ? refused->problem : admin::Problem();
  return {problem.field, text_of(problem), problem.value, error.what()};
}

std::string require_name(std::string_view name, std::string_view there) {
  const std::string_view trimmed = text::trim(name);
  if (trimmed.empty()) throw FormError("name", "account_name_empty");
  if (trimmed != there && text::character_count(trimmed) > longest_name)
    throw FormError("name", "account_name_length", fmt::format("{}", longest_name));
  return std::string(trimmed);
}

admin::Context acting(const Context& context, const std::string& user_id) {
  return {context.db,        context.settings,
          context.now,       "user:" + user_id,
          std::nullopt,      context.address.empty() ? std::nullopt : std::optional(context.address),
          context.request_id};
}

void require_shown(std::string_view who) {
  if (!is_shown(who)) throw admin::NotFound("the settings keep these from users");
}

void require_changed_by_users(std::string_view who, std::string_view text) {
  require_shown(who);
  if (!is_changed_by_users(who)) throw FormError("", text);
}

}  // namespace oauth2::account
