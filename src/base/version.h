#pragma once

#include <string_view>

namespace autoreply {

/// This program's version, from CMake's project().
extern const std::string_view kVersion;

/// The name that this program gives itself in its requests.
extern const std::string_view kUserAgent;

}  // namespace autoreply
