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

void device_page(Visit& visit);
void device_form(Visit& visit);
void reset_page(Visit& visit);
void reset_form(Visit& visit);

}  // namespace oauth2::server
