#include "server/password_message.h"

#include "core/crypto/password.h"
#include "core/protocol/error.h"
#include "core/text.h"

namespace oauth2::server {

std::string password_message(const Visit& visit, std::string_view password) {
  if (text::has_control(password)) return visit.text("reset_password_control");
  return visit.text(crypto::is_common_password(password) ? "reset_password_common" : "reset_password_length");
}

RefusedPassword refused_password(Visit& visit, const protocol::Error& error, std::string_view wrong) {
  const bool was_judged = error.code.name == protocol::invalid_grant.name;
  if (!was_judged && error.code.status != protocol::too_many_requests.status) throw error;
  if (was_judged && !error.retry_after) return {400, visit.text(wrong)};
  const std::string wait = ask_to_wait(visit, error, was_judged ? "login_wait" : "login_throttled");
  return {protocol::too_many_requests.status, was_judged ? visit.text(wrong) + " " + wait : wait};
}

}  // namespace oauth2::server
