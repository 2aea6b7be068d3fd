#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "cli/command.h"
#include "cli/commands/client_flags.h"
#include "cli/console.h"
#include "core/admin/clients.h"
#include "core/fetch/error.h"
#include "core/fetch/url.h"
#include "core/protocol/error.h"
#include "core/protocol/explain.h"
#include "core/protocol/registration.h"
#include "core/text.h"

namespace oauth2::cli {
namespace {

using protocol::Finding;

struct Values {
  std::optional<std::string> url;
  std::optional<std::string> client;
  std::vector<std::pair<std::string, std::optional<std::string>>> parameters;  // in the order of the flags
  std::optional<std::vector<std::string>> scope;
  std::vector<std::string> resource;
  bool pushed = false;
  std::optional<std::string> auth_method;

  std::optional<std::string>& parameter(const std::string& name) {
    return parameters.emplace_back(name, std::nullopt).second;
  }
};

void append(std::string& form, std::string_view name, std::string_view value) {
  if (!form.empty()) form += '&';
  form += protocol::form_encode(name) + '=' + protocol::form_encode(value);
}

// The first flag that says what the request has; "" for none.
std::string first_flag(const Values& values) {
  if (values.client) return "--client";
  if (values.scope) return "--scope";
  if (!values.resource.empty()) return "--resource";
  for (const auto& [name, value] : values.parameters) {
    if (!value) continue;
    std::string flag = "--" + name;
    std::replace(flag.begin(), flag.end(), '_', '-');
    return flag;
  }
  return {};
}

bool is_same_page(const std::string& url, const std::string& endpoint) {
  if (url == endpoint) return true;
  try {
    const fetch::Url a = fetch::parse_url(url);
    const fetch::Url b = fetch::parse_url(endpoint);
    return a.is_https == b.is_https && a.host == b.host && a.port == b.port && a.path == b.path;
  } catch (const fetch::Error&) {
    return false;
  }
}

// Of this server's authorization endpoint: what another would say to the request is not known here.
std::string query_of(const std::string& url, const Settings& settings) {
  const std::string endpoint = settings.issuer + "/oauth/authorize";
  const auto mark = std::min(url.find_first_of("?#"), url.size());
  const std::string page = url.substr(0, mark);
  if (!page.empty() && page != "/oauth/authorize" && !is_same_page(page, endpoint))
    throw UsageError(fmt::format("--url: it does not begin with {}?", endpoint));
  if (url.substr(mark, 1) != "?") throw UsageError("the URL has no query");
  return url.substr(mark + 1, url.find('#', mark) - mark - 1);
}

// The request that the flags describe.
std::string request_form(const Values& values, const admin::Context& context) {
  std::string form;
  if (values.client) append(form, "client_id", admin::require_client(context, *values.client).id);
  for (const auto& [name, value] : values.parameters) {
    if (value) append(form, name, *value);
  }
  if (values.scope) append(form, "scope", text::join(*values.scope));
  for (const std::string& uri : values.resource) append(form, "resource", uri);
  return form;
}

Record record_of(const Finding& finding) {
  constexpr const char* names[] = {"ok", "refused", "not reached"};
  return {{"check", finding.check},
          {"result", names[static_cast<int>(finding.result)]},
          {"error", finding.error.empty() ? Scalar() : Scalar(finding.error)},
          {"detail", finding.detail.empty() ? Scalar() : Scalar(finding.detail)},
          {"comparison", finding.comparison}};
}

Exit show(Console& console, const std::vector<Finding>& findings) {
  std::vector<Record> records;
  const Finding* refusal = nullptr;
  for (const Finding& finding : findings) {
    records.push_back(record_of(finding));
    if (finding.result == Finding::Result::refused) refusal = &finding;
  }
  console.print(records);
  console.flush();
  if (!refusal) return Exit::done;
  if (console.format() == Format::table) {
    for (const std::string& line : refusal->comparison) console.note("  " + line);
  }
  throw CommandError(Exit::refused, "the request would be refused: " + refusal->detail);
}

protocol::Params read_request(const Values& values, const admin::Context& context) {
  try {
    return protocol::Params::parse_noting_repeats(request_form(values, context));
  } catch (const protocol::Error& error) {
    throw UsageError(std::string("the request cannot be read: ") + error.what());
  }
}

// What a rule may ask for beside the database; nothing of it is used to explain.
struct Surroundings {
  explicit Surroundings(const Settings& settings) : limits(settings) {}
  protocol::RateLimits limits;
  protocol::LastUse last_use;
  crypto::PasswordWorkers workers{0};
  protocol::SigningKeys signing_keys;

  protocol::Context context(const admin::Context& from) {
    return {from.db, from.settings, limits, last_use, workers, signing_keys, from.now, 0, "", "", nullptr};
  }
};

Exit run_authorize(const Values& values, Console& console) {
  const std::string flag = first_flag(values);
  if (!values.url && flag.empty())
    throw UsageError("which request?", "--url URL, or --client CLIENT and what it asks for");
  if (values.url && !flag.empty())
    throw UsageError(fmt::format("--url and {} exclude each other", flag), "the URL is the whole request");
  const auto context = console.context();
  Surroundings surroundings(context.settings);
  const std::string query =
      values.url ? query_of(*values.url, context.settings) : request_form(values, context);
  return show(console, protocol::explain_authorization(surroundings.context(context), query, values.pushed));
}

Exit run_token(const Values& values, Console& console) {
  const auto context = console.context();
  Surroundings surroundings(context.settings);
  const auto params = read_request(values, context);
  return show(console, protocol::explain_token(surroundings.context(context),
                                               {params, values.auth_method.value_or("")}));
}

void declare_common(Options& options, Values& values) {
  options.value("--client", "CLIENT", values.client, "the client that asks").offers(Offer::client);
  options.words("--scope", "SCOPE", values.scope, "what it asks for; else nothing is said of it")
      .offers(Offer::scope);
  options.list("--resource", "URI", values.resource, "the API that it asks for (RFC 8707)");
}

Action bind_authorize(Options& options) {
  const auto values = std::make_shared<Values>();
  values->parameters.reserve(8);  // the flags refer to its members
  declare_common(options, *values);
  options.value("--redirect-uri", "URI", values->parameter("redirect_uri"), "where it wants the answer");
  options.value("--response-type", "TYPE", values->parameter("response_type"), "code or token")
      .one_of({"code", "token"});
  options.value("--response-mode", "MODE", values->parameter("response_mode"), "query or fragment")
      .one_of({"query", "fragment"});
  options.value("--state", "TEXT", values->parameter("state"), "what it wants back");
  options.value("--code-challenge", "TEXT", values->parameter("code_challenge"), "of PKCE (RFC 7636)");
  options.value("--code-challenge-method", "METHOD", values->parameter("code_challenge_method"), "S256")
      .one_of({"S256"});
  options.on("--pushed", values->pushed, "as if the client had pushed it (RFC 9126)");
  options.value("--url", "URL", values->url,
                "the whole request as the browser sends it, instead of the other flags");
  return [values](Console& console) { return run_authorize(*values, console); };
}

Action bind_token(Options& options) {
  const auto values = std::make_shared<Values>();
  values->parameters.reserve(8);
  declare_common(options, *values);
  auto& grant_type = values->parameter("grant_type");
  options.value("--grant", "GRANT", grant_type, "the grant_type").one_of(grant_choices()).needed();
  options
      .value("--auth-method", "METHOD", values->auth_method,
             "how it authenticates; else as it is registered for")
      .one_of(protocol::registrable_auth_methods());
  return [values, &grant_type](Console& console) {
    const std::string_view full = protocol::full_grant_type(*grant_type);
    if (!full.empty()) grant_type = full;
    return run_token(*values, console);
  };
}

}  // namespace

extern const Command explain_authorize, explain_token;
const Command explain_authorize = {
    .path = "explain authorize",
    .summary = "tell which check would refuse an authorization request, and why",
    .details =
        "The checks of the server, in their order. Of a redirect URI that is not registered, the first "
        "character that differs is marked. A URL is one of this server's, and may name a request that was "
        "pushed or stored. Exit code 5: it would be refused.",
    .examples =
        {{"oauth2ctl explain authorize --client shop --redirect-uri https://shop.example/callback/ \\\n"
          "    --response-type code",
          ""},
         {"oauth2ctl explain authorize --url 'http://127.0.0.1:9000/oauth/authorize?client_id=…'",
          "what a browser sent"}},
    .shape = finding_shape,
    .bind = bind_authorize};
const Command explain_token = {
    .path = "explain token",
    .summary = "tell which check would refuse a token request, and why",
    .details = "As far as it can be judged without secrets. Exit code 5: it would be refused.",
    .examples = {{"oauth2ctl explain token --client ci --grant client_credentials --scope read", ""}},
    .shape = finding_shape,
    .bind = bind_token};

}  // namespace oauth2::cli
