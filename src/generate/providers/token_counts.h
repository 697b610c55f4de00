#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>

#include "base/json_fields.h"
#include "generate/token_usage.h"

namespace autoreply {

/// Reads token counts from the usage object of a provider's answer. A negative or fractional count,
/// or one above a billion, makes the whole report unbelievable.
class TokenCounts final {
 public:
  explicit TokenCounts(simdjson::dom::element usage) : usage_(usage) {}

  /// Returns the count at the first of these JSON pointers that has one above 0; otherwise 0 if one
  /// of them has a count, and nothing if none has.
  std::optional<std::int64_t> first(std::initializer_list<const char*> pointers);
  /// Returns the sum of the counts at these JSON pointers; nothing if none has a count.
  std::optional<std::int64_t> sum(std::initializer_list<const char*> pointers);

  /// Completes the total. Returns nothing if there is none, or if a count was unbelievable.
  [[nodiscard]] std::optional<TokenUsage> checked(TokenUsage usage) const;

 private:
  std::optional<std::int64_t> at(const char* pointer);

  simdjson::dom::element usage_;
  bool is_absurd_ = false;
};

}  // namespace autoreply
