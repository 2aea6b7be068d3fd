#pragma once

#include <vector>

#include "core/protocol/authorize.h"
#include "server/view.h"
#include "server/visit.h"

// What the pages that ask for consent show alike.
namespace oauth2::server {

View client_view(const store::Client& client);

// The scopes by group, in the order they come.
void set_scopes(const Visit& visit, View& view, const std::vector<protocol::ConsentScope>& scopes);

// The resource servers that the client asked for, by their hosts; nothing when it is the issuer alone.
void set_resources(View& view, const std::optional<std::string>& audience);

}  // namespace oauth2::server
