#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "generate/token_usage.h"

namespace autoreply {

/// What one model costs under certain conditions. Prices are in pico-dollars a token, which is the
/// same number as micro-dollars a million tokens, so that every list price is a whole number.
struct Price {
  /// Hours of the day on certain days, UTC.
  struct Peak {
    std::uint8_t weekdays = 0;  ///< bit 0 is Sunday
    std::uint32_t hours = 0;    ///< bit 0 is 00:00 to 01:00
    bool operator==(const Peak&) const = default;
  };

  std::string provider;
  std::string model;             ///< lower case; "*" is any
  std::chrono::sys_days from;    ///< counts from this day on
  std::optional<Peak> peak;      ///< counts only then
  std::int64_t prompt_over = 0;  ///< counts for prompts with more tokens than this; 0: for all
  std::int64_t input = 0;
  std::int64_t cached = 0;
  std::int64_t output = 0;
  std::int64_t cache_write = 0;
};

/// Dated list prices. Immutable; shared by all threads.
class PriceTable final {
 public:
  /// Reads the tab-separated form of `prices.tsv`, whose comments explain the columns. Returns
  /// `misconfigured` with the line that is wrong.
  [[nodiscard]] static Result<PriceTable> parse(std::string_view text);

  /// The table that comes with the program.
  [[nodiscard]] static const PriceTable& built_in();

  /// This table with the models of `other` in place of its own.
  [[nodiscard]] PriceTable overridden_by(const PriceTable& other) const;

  /// What a call at `when` cost in nano-dollars (1e-9 dollars), rounded to the nearest. Empty if
  /// the model's price is not known, or if the usage tells not both input and output, or more of
  /// the input from the cache than there is.
  [[nodiscard]] std::optional<std::int64_t> cost(std::string_view provider,
                                                 std::string_view model,
                                                 const TokenUsage& usage,
                                                 std::chrono::system_clock::time_point when) const;

 private:
  explicit PriceTable(std::vector<Price> prices) : prices_(std::move(prices)) {}

  std::vector<Price> prices_;
};

}  // namespace autoreply
