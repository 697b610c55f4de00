#pragma once

#include <cstdint>
#include <optional>

namespace autoreply {

/// The tokens that a call consumed. Empty fields were not reported. An impossible report (a
/// negative count or more than a billion tokens) counts as none.
struct TokenUsage {
  std::optional<std::int64_t>
      input;                     ///< including tokens read from and written to the prompt cache
  std::int64_t cached = 0;       ///< part of the input, read from the cache
  std::int64_t cache_write = 0;  ///< part of the input, written to the cache
  std::optional<std::int64_t> output;  ///< including hidden reasoning
  std::optional<std::int64_t> total;
  bool operator==(const TokenUsage&) const = default;
};

}  // namespace autoreply
