#include "cli/flow/callback.h"

#include <fmt/format.h>

#include "cli/flow/remote.h"
#include "core/crypto/hash.h"
#include "core/protocol/error.h"
#include "core/protocol/params.h"

namespace oauth2::cli {
namespace {

CallbackVerdict passed_over(int status, std::string page) {
  return {status, std::move(page), false, {}, std::nullopt};
}

CallbackVerdict failed(const CommandError& failure) {
  return {400, "The sign-in failed; the terminal says why. You can close this window.\n", true, {}, failure};
}

// Why the answer comes from another server than it should (mix-up, RFC 9207 section 2.4), or nullopt.
std::optional<std::string> iss_problem(const ExpectedCallback& expected, const protocol::Params& params) {
  const auto iss = params.find("iss");
  if (!iss && expected.iss_is_required) return "the answer lacks 'iss', which the server's metadata promises";
  if (iss && *iss != expected.issuer)
    return fmt::format("the answer is of another server: its 'iss' is '{}'", shortened(*iss));
  return std::nullopt;
}

CallbackVerdict judge_params(const ExpectedCallback& expected, const protocol::Params& params) {
  const auto state = params.find("state");
  if (!state || !crypto::equal_in_constant_time(*state, expected.state))
    return passed_over(400, "This answers another sign-in: its state is not the one that was sent.\n");
  if (const auto problem = iss_problem(expected, params)) return failed(CommandError(Exit::failed, *problem));
  if (const auto error = params.find("error"))
    return failed(Refusal(*error, params.find("error_description")));
  const auto code = params.find("code");
  if (!code) return failed(CommandError(Exit::failed, "the answer has neither 'code' nor 'error'"));
  return {200, "The answer has arrived; the terminal goes on from here. You can close this window.\n", true,
          *code, std::nullopt};
}

}  // namespace

CallbackVerdict judge_callback(const ExpectedCallback& expected, std::string_view method,
                               std::string_view target) {
  const auto question = target.find('?');
  if (target.substr(0, question) != expected.path) return passed_over(404, "There is nothing here.\n");
  if (method != "GET") return passed_over(405, "Only GET is answered here.\n");
  try {
    const std::string_view query = question == std::string_view::npos ? "" : target.substr(question + 1);
    return judge_params(expected, protocol::Params::parse(query));
  } catch (const protocol::Error&) {
    return passed_over(400, "This is no answer of an authorization server.\n");
  }
}

}  // namespace oauth2::cli
