#include "core/federation/profile.h"

#include <algorithm>

#include "core/text.h"

namespace oauth2::federation {
namespace {

constexpr std::size_t longest_subject = 255;  // bytes (OpenID Connect Core 1.0 section 2)
constexpr std::size_t longest_name = 255;
constexpr std::size_t longest_email = 254;

std::optional<std::string> first_word(const JsonDocument& document, const Keys& keys) {
  for (const std::string_view key : keys) {
    if (auto word = document.word(key)) return word;
  }
  return std::nullopt;
}

// What people can read; nullopt for the rest.
std::optional<std::string> shown(const std::optional<std::string>& word, std::size_t longest) {
  if (!word || text::has_control(*word) || text::has_hidden_mark(*word)) return std::nullopt;
  const std::string_view trimmed = text::trim(*word);
  if (text::is_blank(trimmed) || text::character_count(trimmed) > longest) return std::nullopt;
  return std::string(trimmed);
}

std::optional<std::string> email_address(const std::optional<std::string>& word) {
  auto email = shown(word, longest_email);
  if (!email || email->find_first_of(" <>\",;") != email->npos) return std::nullopt;
  const auto at = email->find('@');
  const bool is_one = at != email->npos && at > 0 && at + 1 < email->size() && at == email->rfind('@');
  return is_one ? email : std::nullopt;
}

std::string require_subject(const std::optional<std::string>& word) {
  if (!word || text::is_blank(*word) || word->size() > longest_subject || text::has_control(*word))
    throw Failure(FailureKind::no_identity, "the provider does not say who signed in");
  return *word;
}

// An address and its proof come from one place, or neither.
void take_email(Identity& identity, const std::optional<std::string>& word, bool verified) {
  identity.email = email_address(word);
  identity.email_verified = identity.email && verified;
}

Identity read_profile(const Preset& preset, const JsonDocument& document, const std::string& subject) {
  Identity identity;
  identity.subject = subject;
  identity.username = shown(first_word(document, preset.username), longest_name);
  identity.name = shown(first_word(document, preset.person_name), longest_name);
  const bool verified = std::any_of(preset.email_verified.begin(), preset.email_verified.end(),
                                    [&](std::string_view key) { return document.is_true(key); });
  take_email(identity, first_word(document, preset.email), verified);
  return identity;
}

fetch::Request bearer_request(const std::string& url, const std::string& access_token) {
  fetch::Request request;
  request.url = url;
  request.fields = {{"Authorization", "Bearer " + access_token}};
  return request;
}

// GitHub: what people show in their profile is none that it vouches for. The list is refused (403, 404) where
// the token does not reach so far.
void read_emails(const Remote& remote, const std::string& access_token, Identity& identity) {
  constexpr std::string_view whom = "list of e-mail addresses";
  const auto response = ask(remote, whom, bearer_request(remote.provider.emails_url, access_token));
  if (response.status == 403 || response.status == 404) return;
  if (response.status != 200) {
    const bool refused = response.status == 401;
    throw unexpected_status(refused ? FailureKind::token_refused : FailureKind::bad_answer, whom, response);
  }
  const auto list = JsonDocument::parse_list(response.body);
  if (!list) throw Failure(FailureKind::bad_answer, std::string(whom) + ": it is no JSON array");
  for (const JsonDocument& entry : *list) {
    if (entry.is_true("primary")) return take_email(identity, entry.word("email"), entry.is_true("verified"));
  }
}

// 0000-0002-1825-0097: its last character is a check digit (ISO 7064, MOD 11-2).
bool is_orcid(std::string_view text) {
  int total = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_last = i == 18;
    if (i % 5 == 4 ? text[i] != '-' : (text[i] < '0' || text[i] > '9') && !(is_last && text[i] == 'X'))
      return false;
    if (text[i] != '-' && !is_last) total = (total + text[i] - '0') * 2;
  }
  if (text.size() != 19) return false;
  const int check = (12 - total % 11) % 11;
  return text.back() == (check == 10 ? 'X' : static_cast<char>('0' + check));
}

}  // namespace

Identity read_identity(const Preset& preset, const JsonDocument& document) {
  return read_profile(preset, document, require_subject(first_word(document, preset.subject)));
}

JsonDocument ask_for_userinfo(const Remote& remote, const Endpoints& endpoints,
                              const std::string& access_token) {
  return ask_for_document(remote, "userinfo endpoint", bearer_request(endpoints.userinfo_url, access_token));
}

Identity openid_identity(const Remote& remote, const Endpoints& endpoints, const JsonDocument& claims,
                         const std::string& access_token) {
  const Preset& preset = *remote.provider.preset;
  const std::string subject = require_subject(claims.text("sub"));
  Identity identity = read_profile(preset, claims, subject);
  if (endpoints.userinfo_url.empty()) return identity;
  const JsonDocument document = ask_for_userinfo(remote, endpoints, access_token);
  if (document.require_text("sub") != subject)
    throw Failure(FailureKind::bad_answer, "userinfo endpoint: it is about another subject");
  const Identity newer = read_profile(preset, document, subject);
  if (newer.username) identity.username = newer.username;
  if (newer.name) identity.name = newer.name;
  if (newer.email) {
    identity.email = newer.email;
    identity.email_verified = newer.email_verified;
  }
  return identity;
}

Identity oauth2_identity(const Remote& remote, const Endpoints& endpoints, const JsonDocument& token_response,
                         const std::string& access_token) {
  const Preset& preset = *remote.provider.preset;
  if (preset.special == Special::orcid) {
    Identity identity = read_identity(preset, token_response);
    if (!is_orcid(identity.subject))
      throw Failure(FailureKind::no_identity, "token endpoint: its 'orcid' is no ORCID iD");
    return identity;
  }
  Identity identity = read_identity(preset, ask_for_userinfo(remote, endpoints, access_token));
  if (!remote.provider.emails_url.empty()) read_emails(remote, access_token, identity);
  return identity;
}

}  // namespace oauth2::federation
