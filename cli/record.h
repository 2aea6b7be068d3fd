#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/store/audit.h"
#include "core/store/client_secrets.h"
#include "core/store/clients.h"
#include "core/store/consents.h"
#include "core/store/providers.h"
#include "core/store/remote_accounts.h"
#include "core/store/scopes.h"
#include "core/store/sessions.h"
#include "core/store/signing_keys.h"
#include "core/store/tokens.h"
#include "core/store/users.h"

namespace oauth2::cli {

// An object within a result, as JSON on one line.
struct JsonObject {
  std::string text;
};

// A value of a result; monostate is null.
using Scalar =
    std::variant<std::monostate, bool, std::int64_t, std::string, std::vector<std::string>, JsonObject>;

// One result: keys in the order in which they are printed. Every output format is made of this.
using Record = std::vector<std::pair<std::string, Scalar>>;

const Scalar* find_value(const Record& record, std::string_view key);

Scalar scalar(const std::optional<std::string>& value);
Scalar scalar(const std::optional<std::int64_t>& value);

// Keys as in RFC 7591 where it names them; never a hash. Every key is always there.
Record record_of(const store::Client& client);
Record record_of(const store::ClientSecret& secret);
Record record_of(const store::Scope& scope);
Record record_of(const store::User& user);
Record record_of(const store::Token& token);
Record record_of(const store::Consent& grant);
Record record_of(const store::Session& session);
Record record_of(const store::SigningKey& key, std::int64_t now);
Record record_of(const store::Provider& provider);  // with what its preset says, and no secret
Record record_of(const store::RemoteAccount& account);
Record record_of(const store::AuditEntry& entry);

Record with(Record record, std::string key, Scalar value);
Record with_changed(Record record, bool changed);

// A secret that was just made, or null; `expires_at` is 0 for never (RFC 7591 section 3.2.1).
Record with_client_secret(Record record, const std::optional<std::string>& secret,
                          const std::optional<std::int64_t>& expires_at);

}  // namespace oauth2::cli
