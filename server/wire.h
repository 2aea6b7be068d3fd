#pragma once

#include <httplib.h>

#include <optional>
#include <string>

#include "core/protocol/bearer.h"
#include "core/protocol/context.h"
#include "core/protocol/error.h"
#include "core/protocol/params.h"

// Between httplib's requests and responses and what the protocol knows.
namespace oauth2::server {

// The body as a form. Throws protocol::Error(invalid_request) when it is not
// application/x-www-form-urlencoded.
protocol::Params read_form(const httplib::Request& request);
std::string_view read_form_text(const httplib::Request& request);  // the same, not parsed yet
protocol::Params read_query(const httplib::Request& request);
std::string_view read_query_text(const httplib::Request& request);

// The field's only value; throws protocol::Error(invalid_request) when it came twice.
std::optional<std::string> read_header(const httplib::Request& request, const std::string& name);

// All lines of a list field as one, in the order they came (RFC 9110 section 5.3); "" when there is none.
std::string read_list_header(const httplib::Request& request, const std::string& name);

protocol::BearerClaim read_bearer_claim(const httplib::Request& request, bool query_tokens);

// The answer as it is, not to be stored.
void write(const protocol::Answer& answer, httplib::Response& response);

// The answer is nobody's to keep.
void forbid_storing(httplib::Response& response);

// How the endpoint asks for credentials, in WWW-Authenticate. `check`: as bearer, but what a proxy does not
// understand (400) is 401.
enum class Challenge { none, basic, bearer, check };
void write_error(const protocol::Error& error, Challenge challenge, httplib::Response& response);

}  // namespace oauth2::server
