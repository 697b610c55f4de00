#pragma once

#include <string>
#include <utility>

namespace autoreply {

/// A key or token. It has no formatter and no stream operator, so it cannot be logged by accident.
/// `reveal` marks each place that needs the plain text. Its own memory is overwritten at its end.
class Secret final {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}
  ~Secret() { overwrite(); }
  Secret(const Secret&) = default;
  Secret(Secret&& other) noexcept : text_(std::move(other.text_)) { other.overwrite(); }
  Secret& operator=(const Secret& other) {
    if (this != &other) {
      overwrite();
      text_ = other.text_;
    }
    return *this;
  }
  Secret& operator=(Secret&& other) noexcept {
    if (this != &other) {
      overwrite();
      text_ = std::move(other.text_);
      other.overwrite();
    }
    return *this;
  }

  [[nodiscard]] const std::string& reveal() const { return text_; }
  [[nodiscard]] bool empty() const { return text_.empty(); }

  /// Overwrites the bytes of a text that held a secret, and empties it.
  static void overwrite(std::string& text) noexcept;

 private:
  void overwrite() noexcept { overwrite(text_); }

  std::string text_;
};

}  // namespace autoreply
