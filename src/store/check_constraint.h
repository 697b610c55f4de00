#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace autoreply {

/// The values that a CHECK constraint allows for a column, if the constraint is only a list of
/// values, as PostgreSQL prints it: `CHECK ((status = ANY (ARRAY['a'::text, 'b'::text])))`, or
/// equalities joined by OR. Empty for any other constraint, which only PostgreSQL can judge. A
/// domain's constraint calls the column VALUE. Pure.
[[nodiscard]] std::optional<std::vector<std::string>> listed_values(std::string_view definition,
                                                                    std::string_view column);

}  // namespace autoreply
