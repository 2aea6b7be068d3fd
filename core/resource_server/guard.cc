#include <algorithm>

#include "core/json_text.h"
#include "core/resource_server/bearer_token.h"
#include "core/resource_server/resource_server.h"
#include "core/text.h"

namespace oauth2::resource_server {
namespace {

constexpr std::size_t most_token_bytes = 8192;  // a header field of cpp-httplib has no more

// RFC 9110 section 9.2.1
bool is_safe(std::string_view method) {
  return method == "GET" || method == "HEAD" || method == "OPTIONS" || method == "TRACE";
}

}  // namespace

std::vector<std::pair<std::string, std::string>> Refusal::fields() const {
  std::vector<std::pair<std::string, std::string>> fields = {{"Cache-Control", "no-store"}};
  if (status == 503) {
    fields.emplace_back("Retry-After", std::to_string(retry_after.count()));
    return fields;
  }
  std::string challenge = "Bearer realm=\"" + realm + "\"";
  if (!error.empty()) challenge += ", error=\"" + error + "\"";
  if (!scope.empty()) challenge += ", scope=\"" + scope + "\"";
  fields.emplace_back("WWW-Authenticate", std::move(challenge));
  return fields;
}

std::string Refusal::body() const {
  JsonText document;
  if (!error.empty()) document.member("error", error);
  document.member("error_description", description);
  return document.take();
}

const Token& Access::operator*() const {
  if (!token_) throw std::logic_error("this request brought no valid token");
  return *token_;
}

const Refusal& Access::refusal() const {
  if (!refusal_) throw std::logic_error("this request was not refused");
  return *refusal_;
}

std::optional<Session> Validator::find_session(const std::vector<std::string>&) const { return std::nullopt; }

struct Guard::State {
  std::string realm;
  std::vector<std::unique_ptr<Validator>> validators;
  std::function<void(const std::string&)> tell;
};

Guard::Guard(const std::string& realm) : state_(std::make_shared<State>()) {
  if (text::plain_length(realm) != realm.size())
    throw std::invalid_argument("the realm has characters that belong in none");
  state_->realm = realm;
}

Guard& Guard::add(std::unique_ptr<Validator> validator) {
  if (!validator) throw std::logic_error("there is no validator to add");
  for (const auto& one : state_->validators) {
    if (one->kind() == validator->kind())
      throw std::logic_error("the guard has a validator of kind " + one->kind() + " already");
    if (one->claims_everything())
      throw std::logic_error("behind the validator of kind " + one->kind() + " no other is ever asked");
  }
  state_->validators.push_back(std::move(validator));
  return *this;
}

Guard& Guard::on_unavailable(std::function<void(const std::string&)> tell) {
  state_->tell = std::move(tell);
  return *this;
}

Access Guard::refuse(int status, const char* error, const std::string& description) const {
  Refusal refusal;
  refusal.status = status;
  refusal.error = error;
  refusal.description = description;
  refusal.realm = state_->realm;
  return Access(std::move(refusal));
}

Access Guard::unavailable(const char* reason, std::chrono::seconds retry_after) const {
  if (state_->tell) state_->tell(reason);
  Refusal refusal;
  refusal.status = 503;
  refusal.error = "temporarily_unavailable";
  refusal.description = "the access token cannot be checked at the moment";
  refusal.retry_after = std::max(retry_after, std::chrono::seconds(1));
  return Access(std::move(refusal));
}

// Whatever a validator throws: nobody gets in by it, and httplib, which would put the message into its
// answer, never sees it.
Access Guard::judge(const Credentials& credentials, const ScopeRequirement& scopes, Absence absence) const {
  try {
    return judge_request(credentials, scopes, absence);
  } catch (const Unavailable& error) {
    return unavailable(error.what(), error.retry_after);
  } catch (const std::exception& error) {
    return unavailable(error.what(), std::chrono::seconds(5));
  }
}

Access Guard::judge_request(const Credentials& credentials, const ScopeRequirement& scopes,
                            Absence absence) const {
  const BearerToken bearer = read_bearer_token(credentials.authorization);
  switch (bearer.form) {
    case BearerToken::Form::absent:
      return judge_session(credentials, absence);
    case BearerToken::Form::malformed:
      return refuse(400, "invalid_request", "one Authorization field has one bearer token");
    case BearerToken::Form::other_scheme:
      return refuse(401, "", "a bearer token is needed: Authorization: Bearer TOKEN");
    case BearerToken::Form::present:
      break;
  }
  return judge_token(bearer.token, scopes);
}

Access Guard::judge_token(const std::string& token, const ScopeRequirement& scopes) const {
  std::optional<Token> valid;
  if (token.size() <= most_token_bytes) {
    const auto& validators = state_->validators;
    const auto validator = std::find_if(validators.begin(), validators.end(),
                                        [&](const auto& one) { return one->claims(token); });
    if (validator != validators.end()) valid = (*validator)->validate(token);
  }
  if (!valid) {
    return refuse(401, "invalid_token", "the access token is not valid, not valid any more, or not for this");
  }
  if (scopes.is_met_by(valid->scopes)) return Access(std::move(valid));
  Refusal refusal;
  refusal.status = 403;
  refusal.error = "insufficient_scope";
  refusal.scope = scopes.nearest(valid->scopes);
  refusal.description = "the access token lacks the scope that this needs: " + refusal.scope;
  refusal.realm = state_->realm;
  return Access(std::move(refusal));
}

// Only without any Authorization field: a bad token never falls back to who is signed in.
Access Guard::judge_session(const Credentials& credentials, Absence absence) const {
  for (const auto& validator : state_->validators) {
    if (credentials.cookies.empty()) break;
    auto session = validator->find_session(credentials.cookies);
    if (!session) continue;
    if (is_safe(credentials.method)) return Access(std::optional(std::move(session->token)));
    if (credentials.csrf_tokens.size() != 1)
      return refuse(400, "invalid_request", "X-CSRF-Token is missing, or there are several");
    if (!session->accepts(credentials.csrf_tokens.front()))
      return refuse(403, "access_denied", "X-CSRF-Token has expired or is another session's");
    return Access(std::optional(std::move(session->token)));
  }
  if (absence == Absence::allowed) return Access(std::optional<Token>());
  return refuse(401, "", "an access token is needed: Authorization: Bearer TOKEN");
}

}  // namespace oauth2::resource_server
