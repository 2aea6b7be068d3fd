#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "core/account/browser.h"
#include "core/admin/context.h"
#include "core/admin/error.h"
#include "core/store/page.h"

// What the forms of a user's own pages have in common. Ids are exact, and what is not this user's own is
// admin::NotFound, as if it were not there at all.
namespace oauth2::account {

// What was asked for is refused; nothing has changed. what() is for the log.
struct FormError : std::runtime_error {
  FormError(std::string_view its_field, std::string_view its_text, std::string its_value = {},
            const std::string& reason = {});
  std::string field;  // the form's name of it; "" where it is about none
  std::string text;   // key of a text, one of form_texts()
  std::string value;  // what stands for {value} in it
  std::string line;   // and for {line}: of redirect_uris, from 1
};

// account_FIELD_WHY of all that a form can be refused for. What the rules refuse and this list has no text
// for is account_refused.
const std::vector<std::string>& form_texts();

// For AlreadyExists: the name is taken, as it is the one thing here that can be.
FormError form_error(const admin::UserError& error);

// Does what the same rules judge as for oauth2ctl, and says their refusals for a form.
template <class Action>
auto refusing_in_form(Action&& action) {
  try {
    return action();
  } catch (const admin::Refused& error) {
    throw form_error(error);
  } catch (const admin::AlreadyExists& error) {
    throw form_error(error);
  }
}

// Without blanks at its ends. Refused where it is empty or has more than 40 characters, unless it is `there`.
std::string require_name(std::string_view name, std::string_view there = {});

// The user at work, with an audit row of `user:ID`.
admin::Context acting(const Context& context, const std::string& user_id);

// Whether the user sees the like, and may make and change it: the value of account.applications or
// account.personal_tokens.
inline bool is_shown(std::string_view who) { return who != "off"; }
inline bool is_changed_by_users(std::string_view who) { return who == "all"; }
// admin::NotFound, FormError(text).
void require_shown(std::string_view who);
void require_changed_by_users(std::string_view who, std::string_view text);

template <class Row>
struct Listing {
  std::vector<Row> rows;  // of one page
  std::int64_t total = 0;
};

}  // namespace oauth2::account
