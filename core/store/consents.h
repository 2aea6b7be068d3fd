#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/db/connection.h"
#include "core/store/page.h"

namespace oauth2::store {

// What a user allowed a client, so that the user need not be asked again. One per user and client.
struct Consent {
  std::string id;
  std::string user_id;
  std::string client_id;
  std::string scope;  // words joined by one space: what need not be asked again
  std::int64_t created_at = 0;
  std::int64_t updated_at = 0;

  // Read along; not written.
  std::string username;
  std::string client_name;
  // Where a `now` is given:
  std::int64_t live_tokens = 0;              // the pair's access and refresh tokens
  std::string allowed_scope;                 // `scope`, and what one of those has beside
  std::optional<std::int64_t> last_used_at;  // when one of those was used or made
};

// Inserts it, or adds what its scope has more to the pair's consent, which keeps its id; answers the consent
// as it is then. It reads before it writes: only in a transaction that writes beside nobody.
Consent insert_or_widen_consent(db::Connection& connection, const Consent& consent);

std::optional<Consent> find_consent_of(db::Connection& connection, std::string_view user_id,
                                       std::string_view client_id);

// With the tokens that are active at `now`.
std::optional<Consent> find_consent(db::Connection& connection, std::string_view id, std::int64_t now);
std::vector<Consent> list_consents_by_id_prefix(db::Connection& connection, std::string_view prefix,
                                                std::int64_t now);
struct ConsentFilter {
  std::optional<std::string> user_id;
  std::optional<std::string> client_id;
};
std::vector<Consent> list_consents(db::Connection& connection, const ConsentFilter& filter,
                                   std::int64_t now);  // newest first
std::int64_t count_consents(db::Connection& connection, const ConsentFilter& filter);

// The user's own list, and the one of it that has this id.
std::vector<Consent> list_consents_of_user(db::Connection& connection, std::string_view user_id,
                                           std::int64_t now, const Page& page);  // newest first
std::optional<Consent> find_consent_of_user(db::Connection& connection, std::string_view user_id,
                                            std::string_view id, std::int64_t now);

// Takes the word out of every consent: a scope of that name that is made later is another one.
void remove_scope_from_consents(db::Connection& connection, std::string_view scope);

bool delete_consent(db::Connection& connection, std::string_view id);  // false when there was none

}  // namespace oauth2::store
