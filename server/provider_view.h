#pragma once

#include <string>
#include <vector>

#include "core/store/providers.h"
#include "server/visit.h"

// Providers as people see them.
namespace oauth2::server {

std::string shown_title(const store::Provider& provider);

// Title and icon.
View provider_view(const store::Provider& provider);

// Those that anybody may sign in with, by name.
std::vector<store::Provider> list_sign_in_providers(const Visit& visit);

// Where signing in with it, or connecting it, begins.
std::string remote_login_path(const store::Provider& provider);

// For write_page: where a form may lead that ends at the provider. Those often send people on, to another
// host where they sign in, so it is a scheme.
std::string form_target_of(const store::Provider& provider);

}  // namespace oauth2::server
