#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace autoreply {

/// What a provider says about an error; every field may be empty. All texts are as they came.
struct ErrorBody {
  std::string message;
  std::string type;   ///< or Google's `status`
  std::string code;   ///< numbers too, as text
  std::string param;  ///< the request's field that is to blame
  /// A finer reason: Google's ErrorInfo, Anthropic's `details.error_code`, Azure's inner error.
  std::string reason;
  std::string quota_id;     ///< Google's QuotaFailure
  std::string retry_delay;  ///< Google's RetryInfo, such as "46.2s"
  bool moderated = false;   ///< OpenRouter's moderation lists its reasons

  /// Whether type, code or reason is `word`.
  [[nodiscard]] bool says(std::string_view word) const {
    return type == word || code == word || reason == word;
  }
};

/// Reads the error body of any provider: `{"error":{…}}`, the same in an array, `{"error":"text"}`,
/// a flat object, `{"detail":…}`. Anything else, HTML for one, gives empty fields. Pure.
[[nodiscard]] ErrorBody parse_error_body(std::string_view body);

}  // namespace autoreply
