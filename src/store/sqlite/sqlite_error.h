#pragma once

#include <string>

#include "base/result.h"

namespace soci {
class soci_error;
}

namespace autoreply {

/// The meaning of an error of the file at `path`.
[[nodiscard]] Error sqlite_error(const soci::soci_error& error, const std::string& path);

}  // namespace autoreply
