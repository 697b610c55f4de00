#pragma once

#include <cstdint>

namespace autoreply {

/// A moment by the database's clock, in milliseconds since 1970.
using DatabaseTime = std::int64_t;

}  // namespace autoreply
