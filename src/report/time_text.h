#pragma once

#include <string>

namespace autoreply {

/// Returns "2026-11-26 10:00:05" for a time in ISO 8601; empty stays empty.
[[nodiscard]] std::string time_text(const std::string& iso_time);

}  // namespace autoreply
