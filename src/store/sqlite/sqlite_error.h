#pragma once

#include <string>

#include "base/result.h"

namespace soci {
class soci_error;
}

namespace autoreply {

/// What an error of the file at `path` means.
[[nodiscard]] Error sqlite_error(const soci::soci_error& error, const std::string& path);

}  // namespace autoreply
