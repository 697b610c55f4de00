#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "net/http_message.h"

namespace autoreply {

/// What a provider says about an error. Any field may be empty.
struct ErrorBody {
  /// Texts for people, the outermost first, without repetitions; at most 16 of at most 2,000 bytes.
  std::vector<std::string> texts;
  /// Every value that names a kind of error (`code`, `type`, `status`, `reason`), reduced to
  /// lower-case letters and digits: every spelling of "insufficient_quota" becomes
  /// "insufficientquota". At most 32.
  std::vector<std::string> codes;
  std::string code;         ///< the most specific of them, as received
  std::string param;        ///< the request field to blame
  std::string quota_ids;    ///< ids in Google's QuotaFailure, separated by blanks
  std::string retry_delay;  ///< the body's own wait, such as "46.2s"
  HttpHeaders headers;      ///< of the server behind OpenRouter, which passes them on
  bool moderated = false;   ///< OpenRouter's moderation lists its reasons

  /// Joins all texts, the outermost first.
  [[nodiscard]] std::string message() const;
};

/// Parses the error body of any provider: `{"error":{…}}`, the same in an array, `{"error":"text"}`
/// with a code next to it, flat objects, `{"detail":…}`, errors nested in errors and JSON nested in
/// strings, as gateways pass them on. Plain text is a text. Anything else, such as HTML, gives
/// empty fields. Linear in the size of the body; looks at no more than 1,000 values, six levels
/// deep. Pure.
[[nodiscard]] ErrorBody parse_error_body(std::string_view body);

}  // namespace autoreply
