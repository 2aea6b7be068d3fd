#pragma once

#include "server/visit.h"

// The endpoints that browsers talk to; one subject a file.
namespace oauth2::server {

void authorize_page(Visit& visit);
void authorize_form(Visit& visit);
void errors_page(Visit& visit);

void login_page(Visit& visit);
void login_form(Visit& visit);
void logout_page(Visit& visit);
void logout_form(Visit& visit);
void home_page(Visit& visit);
void csrf_endpoint(Visit& visit);

void remote_login_page(Visit& visit);
void remote_login_form(Visit& visit);
void remote_callback_page(Visit& visit);
void signup_page(Visit& visit);
void signup_form(Visit& visit);
void disconnect_form(Visit& visit);

void device_page(Visit& visit);
void device_form(Visit& visit);
void reset_page(Visit& visit);
void reset_form(Visit& visit);

void applications_page(Visit& visit);

void authorized_page(Visit& visit);
void authorized_revoke_page(Visit& visit);
void authorized_revoke_form(Visit& visit);

void linked_accounts_page(Visit& visit);

void security_page(Visit& visit);
void security_form(Visit& visit);
void security_session_page(Visit& visit);
void security_session_form(Visit& visit);

void client_new_page(Visit& visit);
void client_new_form(Visit& visit);
void client_page(Visit& visit);
void client_form(Visit& visit);
void client_delete_page(Visit& visit);
void new_personal_token_page(Visit& visit);
void new_personal_token_form(Visit& visit);
void personal_token_page(Visit& visit);
void personal_token_form(Visit& visit);
void delete_personal_token_page(Visit& visit);

}  // namespace oauth2::server
