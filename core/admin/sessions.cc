#include "core/admin/sessions.h"

#include "core/admin/reference.h"
#include "core/admin/users.h"

namespace oauth2::admin {
namespace {

store::Session require_session(db::Connection& connection, std::string_view ref) {
  if (auto session = store::find_session(connection, ref)) return *session;
  return only_one(ref.size() < shortest_id_prefix ? std::vector<store::Session>()
                                                  : store::list_sessions_by_id_prefix(connection, ref),
                  "session", ref);
}

// Those of a disabled user too: they must not come back.
std::vector<store::Session> list_revocable(db::Connection& connection, const Context& context,
                                           std::string_view user_ref) {
  store::SessionFilter filter;
  filter.user_id = require_user(connection, user_ref).id;
  filter.revocable_at = context.now;
  return store::list_sessions(connection, filter);
}

}  // namespace

std::vector<store::Session> list_sessions(const Context& context, const SessionQuery& query) {
  return context.db.read([&](db::Connection& connection) {
    store::SessionFilter filter;
    if (query.user) filter.user_id = require_user(connection, *query.user).id;
    filter.signed_in = !query.all;
    if (!query.all) filter.active_at = context.now;
    return store::list_sessions(connection, filter);
  });
}

bool revoke_session(db::Connection& connection, const Context& context, store::Session& session) {
  if (store::revoke_session(connection, session.id, context.now) == 0) return false;
  session.revoked_at = context.now;
  record(connection, context, "session.revoke", "session:" + session.id);
  return true;
}

SessionResult revoke_session(const Context& context, std::string_view ref) {
  return context.db.write([&](db::Connection& connection) -> SessionResult {
    store::Session session = require_session(connection, ref);
    const bool changed = revoke_session(connection, context, session);
    return {session, changed};
  });
}

std::int64_t count_user_sessions(const Context& context, std::string_view user_ref) {
  return context.db.read([&](db::Connection& connection) {
    return static_cast<std::int64_t>(list_revocable(connection, context, user_ref).size());
  });
}

std::vector<store::Session> revoke_user_sessions(const Context& context, std::string_view user_ref,
                                                 const std::optional<std::string>& keep_session_id) {
  return context.db.write([&](db::Connection& connection) {
    auto sessions = list_revocable(connection, context, user_ref);
    std::erase_if(sessions, [&](const store::Session& session) { return session.id == keep_session_id; });
    for (store::Session& session : sessions) revoke_session(connection, context, session);
    return sessions;
  });
}

}  // namespace oauth2::admin
