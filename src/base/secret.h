#pragma once

#include <string>
#include <utility>

namespace autoreply {

/// A key or token. It has no formatter and no stream operator, so it cannot be logged by accident.
/// `reveal` marks each place that needs the plain text.
class Secret final {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}

  [[nodiscard]] const std::string& reveal() const { return text_; }
  [[nodiscard]] bool empty() const { return text_.empty(); }

 private:
  std::string text_;
};

}  // namespace autoreply
