#pragma once

#include <httplib.h>

#include "core/protocol/context.h"
#include "server/pages.h"

// One endpoint a file; what it does is in core/protocol.
namespace oauth2::server {

void token_endpoint(const protocol::Context& context, const httplib::Request& request,
                    httplib::Response& response);
void introspect_endpoint(const protocol::Context& context, const httplib::Request& request,
                         httplib::Response& response);
void revoke_endpoint(const protocol::Context& context, const httplib::Request& request,
                     httplib::Response& response);
void device_authorization_endpoint(const protocol::Context& context, const httplib::Request& request,
                                   httplib::Response& response);
void ping_endpoint(const protocol::Context& context, const httplib::Request& request,
                   httplib::Response& response);
void info_endpoint(const protocol::Context& context, const httplib::Request& request,
                   httplib::Response& response);
void check_endpoint(const protocol::Context& context, const httplib::Request& request,
                    httplib::Response& response);
void par_endpoint(const protocol::Context& context, const httplib::Request& request,
                  httplib::Response& response);
void metadata_endpoint(const protocol::Context& context, const httplib::Request& request,
                       httplib::Response& response);
void jwks_endpoint(const protocol::Context& context, const httplib::Request& request,
                   httplib::Response& response);
void healthz_endpoint(const protocol::Context& context, const httplib::Request& request,
                      httplib::Response& response);
void readyz_endpoint(const protocol::Context& context, const httplib::Request& request,
                     httplib::Response& response);

// Stylesheet, pictures, robots.txt: any path that Pages::find_asset knows.
void serve_asset(const Asset& asset, const httplib::Request& request, httplib::Response& response);

}  // namespace oauth2::server
