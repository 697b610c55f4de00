#pragma once

#include <chrono>
#include <string>

namespace autoreply {

/// Returns "2026-11-26 10:00:05" for a time in ISO 8601; empty stays empty.
[[nodiscard]] std::string time_text(const std::string& iso_time);

/// Returns an age in whole seconds, such as "0s" or "1h5m".
[[nodiscard]] std::string age_text(std::chrono::milliseconds age);

}  // namespace autoreply
