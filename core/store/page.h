#pragma once

#include <cstdint>

namespace oauth2::store {

// Which rows of a list, in its order.
struct Page {
  std::int64_t limit = 50;
  std::int64_t offset = 0;
};

}  // namespace oauth2::store
