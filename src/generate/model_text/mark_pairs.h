#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "generate/model_text/model_marks.h"

namespace autoreply {

/// Distinguishes marks from customer text that looks the same: "To cancel, text CANCEL <reason>." A
/// doubtful mark counts if a mark of the same name closes its block. It also counts if the text
/// begins with it and continues without a gap, like a block that was cut off.
class MarkPairs final {
 public:
  /// Reads `text` once, in linear time. `text` must outlive this object.
  explicit MarkPairs(std::string_view text);

  /// Whether the mark at `at` counts. Call this once for each mark, from left to right. `begins`
  /// says that only marks and blanks precede it.
  [[nodiscard]] bool counts(const Mark& mark, std::size_t at, bool begins);

 private:
  [[nodiscard]] bool opening_counts(const Mark& mark, std::size_t at, bool begins) const;
  [[nodiscard]] bool ends_text(std::size_t at) const;

  std::string_view text_;
  std::map<std::string, std::size_t, std::less<>> last_closing_;
  std::map<std::string, std::size_t, std::less<>> open_;
};

}  // namespace autoreply
