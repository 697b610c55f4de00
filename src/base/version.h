#pragma once

#include <string_view>

namespace autoreply {

/// This program's version, as CMake's project() names it.
extern const std::string_view kVersion;

}  // namespace autoreply
