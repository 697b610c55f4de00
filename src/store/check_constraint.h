#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace autoreply {

/// The values that a CHECK constraint allows one column, if it is nothing but a list of them:
/// `CHECK ((status = ANY (ARRAY['a'::text, 'b'::text])))`, or equalities joined by OR, as
/// PostgreSQL writes them back. Empty for any other: only PostgreSQL can judge it. A
/// domain's constraint calls the column VALUE. Pure.
[[nodiscard]] std::optional<std::vector<std::string>> listed_values(std::string_view definition,
                                                                    std::string_view column);

}  // namespace autoreply
