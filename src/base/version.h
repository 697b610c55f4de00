#pragma once

#include <string_view>

namespace autoreply {

/// This program's version, as CMake's project() names it.
extern const std::string_view kVersion;

/// What this program calls itself in its requests.
extern const std::string_view kUserAgent;

}  // namespace autoreply
