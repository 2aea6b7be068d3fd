#pragma once

#include <string_view>

#include "core/store/clients.h"
#include "core/store/codes.h"
#include "core/store/tokens.h"

// How rows are read, for the statements of this folder alone. Each list begins at column `first` of a row;
// aliases: c and its owner o; a and its user u; t, its user tu, its client tc and that client's owner tw.
namespace oauth2::store::columns {

inline constexpr std::string_view client =
    "c.id, c.name, c.description, c.client_uri, c.owner_id, c.grant_types, c.response_types, c.scope,"
    " c.default_scope, c.token_endpoint_auth_method, c.introspect, c.internal, c.skip_consent,"
    " c.access_token_ttl, c.refresh_token_ttl, c.disabled_at, c.created_at, c.updated_at, o.username,"
    " o.disabled_at, c.require_par, c.access_token_format, c.signing_alg, c.resources, c.audiences";
inline constexpr int client_count = 25;
inline constexpr std::string_view from_clients = " FROM clients c LEFT JOIN users o ON o.id = c.owner_id ";
inline constexpr std::string_view join_live_secrets =  // $2: now
    "LEFT JOIN client_secrets s ON s.client_id = c.id AND (s.expires_at IS NULL OR s.expires_at > $2) ";
Client client_from(const db::Row& row, int first = 0);

inline constexpr std::string_view code =
    "a.code_hash, a.client_id, a.user_id, a.redirect_uri, a.scope, a.audience, a.code_challenge,"
    " a.family_id, a.created_at, a.expires_at, a.redeemed_at, u.disabled_at";
inline constexpr std::string_view join_code_user = "LEFT JOIN users u ON u.id = a.user_id ";
AuthorizationCode code_from(const db::Row& row, int first = 0);

inline constexpr std::string_view token =
    "t.id, t.token_hash, t.kind, t.client_id, t.user_id, t.name, t.scope, t.audience, t.internal,"
    " t.family_id, t.created_at, t.expires_at, t.last_used_at, t.revoked_at, t.rotated_at, tu.username,"
    " tc.name, COALESCE(tu.disabled_at, tc.disabled_at, tw.disabled_at), t.lifetime, t.successor_sealed";
inline constexpr std::string_view join_token_holders =
    "LEFT JOIN users tu ON tu.id = t.user_id LEFT JOIN clients tc ON tc.id = t.client_id"
    " LEFT JOIN users tw ON tw.id = tc.owner_id ";
Token token_from(const db::Row& row, int first = 0);

}  // namespace oauth2::store::columns
