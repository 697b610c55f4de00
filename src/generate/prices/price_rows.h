#pragma once

#include <string_view>
#include <vector>

#include "generate/prices/prices.h"

namespace autoreply {

/// Parses the rows of a price table; see `PriceTable::parse`.
[[nodiscard]] Result<std::vector<Price>> parse_price_rows(std::string_view text);

}  // namespace autoreply
