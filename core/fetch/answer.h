#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "core/fetch/fetch.h"

namespace oauth2::fetch {

// Reads an HTTP/1.1 answer (RFC 9112) to a request of `method`, piece by piece from `read`, which answers ""
// at the end. Error(too_large) for a body beyond `most_body_bytes` or a head beyond 32 kB, Error(malformed)
// for what could be read in two ways, Error(lost) for an answer that ends early. `reusable` is told whether
// another request may follow on the connection: the answer has its own end, nothing came behind it, and the
// server did not say that it ends the connection.
Response read_answer(const std::function<std::string()>& read, const std::string& method,
                     std::size_t most_body_bytes, bool* reusable = nullptr);

}  // namespace oauth2::fetch
