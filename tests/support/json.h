#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace autoreply::test {

/// Reads a JSON document. Text that is none fails the test and gives null.
[[nodiscard]] nlohmann::json parse_json(std::string_view text);

}  // namespace autoreply::test
