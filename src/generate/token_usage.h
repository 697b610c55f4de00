#pragma once

#include <cstdint>
#include <optional>

namespace autoreply {

/// What a call consumed. Empty fields were not reported; a report that cannot be true, of fewer
/// than no tokens or of a billion, is no report at all.
struct TokenUsage {
  std::optional<std::int64_t> input;   ///< with those read from and written to the prompt cache
  std::int64_t cached = 0;             ///< of the input, read from the cache
  std::int64_t cache_write = 0;        ///< of the input, written to the cache
  std::optional<std::int64_t> output;  ///< with hidden reasoning
  std::optional<std::int64_t> total;
  bool operator==(const TokenUsage&) const = default;
};

}  // namespace autoreply
