#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "generate/model_marks.h"

namespace autoreply {

/// Tells marks from what is meant for the customer and looks the same: "To cancel, text CANCEL
/// <reason>." A doubtful mark counts if its block is closed by the same name, or if the text begins
/// with it and goes on at once, as a block does that was cut off.
class MarkPairs final {
 public:
  /// Reads `text` once, in linear time. `text` must outlive this.
  explicit MarkPairs(std::string_view text);

  /// Whether the mark at `at` is one. To be asked once for each mark, from left to right;
  /// `begins` if nothing but marks and blanks stands before it.
  [[nodiscard]] bool counts(const Mark& mark, std::size_t at, bool begins);

 private:
  [[nodiscard]] bool opening_counts(const Mark& mark, std::size_t at, bool begins) const;
  [[nodiscard]] bool ends_text(std::size_t at) const;

  std::string_view text_;
  std::map<std::string, std::size_t, std::less<>> last_closing_;
  std::map<std::string, std::size_t, std::less<>> open_;
};

}  // namespace autoreply
