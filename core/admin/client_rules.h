#pragma once

#include "core/admin/clients.h"

namespace oauth2::admin {

// `client` with what `fields` names. Refused where a value cannot be, alone or beside the others.
store::Client with_fields(db::Connection& connection, store::Client client, const ClientFields& fields);

// What was not named when the client was made: grant types, response types, authentication method.
void fill_defaults(ClientFields& fields);

// Equal in all that an administrator sets.
bool same(const store::Client& a, const store::Client& b);

}  // namespace oauth2::admin
