#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace autoreply {

/// Reads any connection string that libpq takes (URI or keywords) and writes it as a URI of
/// percent-encoded parameters, which SOCI passes on untouched, with this program's defaults for
/// what it leaves open: connect timeout, TCP keepalive and user timeout, so that a half-open
/// connection cannot hang the run. Returns `misconfigured` with libpq's own words for a malformed
/// one.
[[nodiscard]] Result<std::string> normalized_connection_string(std::string_view url);

}  // namespace autoreply
