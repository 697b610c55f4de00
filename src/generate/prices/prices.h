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

/// The price of a model under certain conditions, in pico-dollars per token. That is the same
/// number as micro-dollars per million tokens, so every list price is a whole number.
struct Price {
  /// Hours of the day on certain days of the week, in UTC.
  struct Peak {
    std::uint8_t weekdays = 0;  ///< bit 0 is Sunday
    std::uint32_t hours = 0;    ///< bit 0 is 00:00 to 01:00
    bool operator==(const Peak&) const = default;
  };

  std::string provider;
  std::string model;             ///< lower case; "*" matches any
  std::chrono::sys_days from;    ///< applies from this day on
  std::optional<Peak> peak;      ///< applies only then
  std::int64_t prompt_over = 0;  ///< applies to prompts with more tokens than this; 0: to all
  std::int64_t input = 0;
  std::int64_t cached = 0;
  std::int64_t output = 0;
  std::int64_t cache_write = 0;
};

/// Dated list prices. Immutable and shared by all threads.
class PriceTable final {
 public:
  /// Parses the tab-separated format of `list.tsv`, whose comments explain the columns. Returns
  /// `misconfigured` with the number of the wrong line.
  [[nodiscard]] static Result<PriceTable> parse(std::string_view text);

  /// The table that is built into the program.
  [[nodiscard]] static const PriceTable& built_in();

  /// Returns this table with the models of `other` replacing its own.
  [[nodiscard]] PriceTable overridden_by(const PriceTable& other) const;

  /// Returns the cost of a call at `when` in nano-dollars (1e-9 dollars), rounded to the nearest.
  /// Empty if the model's price is unknown, if the usage lacks input or output, or if it has more
  /// cached input than input.
  [[nodiscard]] std::optional<std::int64_t> cost(std::string_view provider,
                                                 std::string_view model,
                                                 const TokenUsage& usage,
                                                 std::chrono::system_clock::time_point when) const;

 private:
  explicit PriceTable(std::vector<Price> prices) : prices_(std::move(prices)) {}

  std::vector<Price> prices_;
};

}  // namespace autoreply
