#include "cli/exit_code.h"

#include <fmt/format.h>

#include <array>

#include "cli/json.h"
#include "core/admin/error.h"
#include "core/db/error.h"
#include "core/federation/account_token.h"
#include "core/federation/failure.h"
#include "core/json_document.h"
#include "core/server_key.h"
#include "core/settings.h"
#include "core/text.h"

namespace oauth2::cli {
namespace {

constexpr std::array<ExitMeaning, 10> meanings = {{
    {Exit::done, "done", "done, or already so"},
    {Exit::failed, "failed", "failed: full disk, broken pipe, a problem found by 'db check'"},
    {Exit::usage, "usage", "wrong command line, ambiguous name, or a confirmation that nobody could give"},
    {Exit::not_found, "not_found", "not found"},
    {Exit::conflict, "conflict", "exists and differs, or something else stands in the way"},
    {Exit::refused, "refused",
     "value refused: bad redirect URI, unknown scope, weak secret; or the server that 'flow' asked refused"},
    {Exit::inactive, "inactive", "token inactive, or secret not valid"},
    {Exit::insufficient, "insufficient_scope", "token lacks the scope or the audience"},
    {Exit::unavailable, "unavailable",
     "database busy, unreachable, not initialised, foreign, newer or older"},
    {Exit::not_permitted, "not_permitted",
     "not permitted: file permissions, read-only database, 401, 403 or a denial from the server that 'flow' "
     "or 'account token' asked"},
}};

Exit exit_of(db::Error::Kind kind) {
  switch (kind) {
    case db::Error::Kind::busy:
    case db::Error::Kind::unreachable:
    case db::Error::Kind::refused:
    case db::Error::Kind::lost:
    case db::Error::Kind::undone:
    case db::Error::Kind::outcome_unknown:
    case db::Error::Kind::not_initialised:
    case db::Error::Kind::foreign:
    case db::Error::Kind::newer:
    case db::Error::Kind::older:
      return Exit::unavailable;
    case db::Error::Kind::not_permitted:
    case db::Error::Kind::read_only:
      return Exit::not_permitted;
    case db::Error::Kind::full:
    case db::Error::Kind::failed:
      return Exit::failed;
  }
  return Exit::failed;
}

// Messages quote what people typed. What is clean already stays as it is.
std::string visible(const std::string& text) {
  return text::has_control(text) || !text::is_utf8(text) ? text::escape_controls(text) : text;
}

}  // namespace

const ExitMeaning& meaning_of(Exit exit) { return meanings[static_cast<std::size_t>(exit)]; }

Failure current_failure() {
  try {
    throw;
  } catch (const CommandError& error) {
    return {error.exit, error.what(), error.hint};
  } catch (const admin::NotFound& error) {
    return {Exit::not_found, error.what(), error.hint};
  } catch (const admin::AlreadyExists& error) {
    return {Exit::conflict, error.what(), error.hint};
  } catch (const admin::Refused& error) {
    return {Exit::refused, error.what(), error.hint};
  } catch (const admin::Ambiguous& error) {
    return {Exit::usage, error.what(), error.hint};
  } catch (const federation::NoUsableToken& error) {
    return {Exit::inactive, error.what(), error.hint};
  } catch (const admin::UserError& error) {
    return {Exit::failed, error.what(), error.hint};
  } catch (const SettingError& error) {
    return {Exit::refused, error.what(), "oauth2ctl config check"};
  } catch (const ServerKeyError& error) {
    return {Exit::refused, error.what(), error.hint};
  } catch (const federation::Failure& error) {
    const bool refused = error.kind == federation::FailureKind::token_refused;
    return {refused ? Exit::not_permitted : Exit::failed, fmt::format("the provider: {}", error.what()), {}};
  } catch (const WrongMember& wrong) {
    return {Exit::failed, "the server's answer is malformed: " + wrong.name + " " + wrong.problem, {}};
  } catch (const db::Error& error) {
    return {exit_of(error.kind), error.what(), error.hint};
  } catch (const db::Conflict& error) {
    return {Exit::conflict, error.what(), {}};
  } catch (const std::bad_alloc&) {
    return {Exit::failed, "out of memory", {}};
  } catch (const std::exception& error) {
    return {Exit::failed, error.what(), {}};
  }
}

std::string failure_text(const Failure& failure, bool as_json) {
  if (!as_json) {
    std::string out = fmt::format("oauth2ctl: {}\n", visible(failure.message));
    if (!failure.hint.empty()) out += fmt::format("  hint: {}\n", visible(failure.hint));
    return out;
  }
  const Scalar hint = failure.hint.empty() ? Scalar() : Scalar(failure.hint);
  return fmt::format("{{\"error\":{}}}\n", to_json_line({{"code", std::string(meaning_of(failure.exit).code)},
                                                         {"message", failure.message},
                                                         {"hint", hint},
                                                         {"exit", static_cast<std::int64_t>(failure.exit)}}));
}

}  // namespace oauth2::cli
