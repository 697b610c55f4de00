#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace autoreply::test {

/// Parses a JSON document. Invalid text fails the test and yields null.
[[nodiscard]] nlohmann::json parse_json(std::string_view text);

}  // namespace autoreply::test
