#include "server/endpoints/endpoints.h"

namespace oauth2::server {
namespace {

// Whether the address says what these bytes hash to; then it can be kept for good.
bool names_hash(const httplib::Request& request, const Asset& asset) {
  const auto mark = request.target.find('?');
  return mark != std::string::npos && request.target.substr(mark) == "?v=" + asset.hash;
}

}  // namespace

void serve_asset(const Asset& asset, const httplib::Request& request, httplib::Response& response) {
  if (request.method != "GET" && request.method != "HEAD") {
    response.status = request.method == "OPTIONS" ? 204 : 405;
    response.set_header("Allow", "GET, HEAD, OPTIONS");
    return;
  }
  response.status = 200;
  response.set_header("Cache-Control", names_hash(request, asset) ? "public, max-age=31536000, immutable"
                                                                  : "public, max-age=300");
  // A picture that is opened by itself is a document, which could hold scripts.
  response.set_header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox");
  response.set_content(asset.bytes, asset.content_type.c_str());
}

}  // namespace oauth2::server
