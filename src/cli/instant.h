#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/result.h"

namespace autoreply {

/// Parses a time as written on the command line and returns it in ISO 8601 and UTC:
/// "2026-11-22T10:00:00Z", with a fraction of three digits if it is not 0. Accepts
/// - a day, "2026-11-22", which means its beginning;
/// - a day and a time, "2026-11-22T10:00", also with a space for the T, with seconds and a fraction
///   (cut to milliseconds), and with a zone: "Z", "+02:00", "+0200" or "+02". The default is UTC;
/// - an age such as "2h", which means that long before `now`.
/// Returns `misconfigured` with the accepted forms for anything else, including days and times that
/// do not exist.
[[nodiscard]] Result<std::string> parse_instant(std::string_view text,
                                                std::chrono::system_clock::time_point now);

}  // namespace autoreply
