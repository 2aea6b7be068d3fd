#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/admin/context.h"
#include "core/store/sessions.h"

// `ref` is the exact id, else an id prefix of 6 characters or more.
namespace oauth2::admin {

struct SessionQuery {
  std::optional<std::string> user;  // ref
  bool all = false;                 // those that have ended, and those before sign-in, too
};
std::vector<store::Session> list_sessions(const Context& context, const SessionQuery& query);

struct SessionResult {
  store::Session session;
  bool changed = false;
};
SessionResult revoke_session(const Context& context, std::string_view ref);  // revoked before: not changed

// The transaction's part of it, for one who has judged whose it is; false: revoked before.
bool revoke_session(db::Connection& connection, const Context& context, store::Session& session);

// Those of the user that are neither revoked nor expired; revoke_user_sessions answers them.
std::int64_t count_user_sessions(const Context& context, std::string_view user_ref);
std::vector<store::Session> revoke_user_sessions(const Context& context, std::string_view user_ref,
                                                 const std::optional<std::string>& keep_session_id = {});

}  // namespace oauth2::admin
