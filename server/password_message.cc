#include "server/password_message.h"

#include "core/crypto/password.h"
#include "core/text.h"

namespace oauth2::server {

std::string password_message(const Visit& visit, std::string_view password) {
  if (text::has_control(password)) return visit.text("reset_password_control");
  return visit.text(crypto::is_common_password(password) ? "reset_password_common" : "reset_password_length");
}

}  // namespace oauth2::server
