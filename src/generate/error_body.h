#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "net/http_message.h"

namespace autoreply {

/// What a provider says about an error; every field may be empty.
struct ErrorBody {
  /// What it says to people, the outermost first, each once; at most 16 of at most 2,000 bytes.
  std::vector<std::string> texts;
  /// Everything that names a kind of error (`code`, `type`, `status`, `reason`), reduced to
  /// lower-case letters and digits: however it is spelt, "insufficient_quota" is
  /// "insufficientquota". At most 32.
  std::vector<std::string> codes;
  std::string code;         ///< the most telling of them, as it came
  std::string param;        ///< the request's field that is to blame
  std::string quota_ids;    ///< Google's QuotaFailure, one after the other
  std::string retry_delay;  ///< what the body itself says about waiting, such as "46.2s"
  HttpHeaders headers;      ///< of the server behind OpenRouter, which passes them on
  bool moderated = false;   ///< OpenRouter's moderation lists its reasons

  /// All texts in one, the outermost first.
  [[nodiscard]] std::string message() const;
};

/// Reads the error body of any provider: `{"error":{…}}`, the same in an array, `{"error":"text"}`
/// with a code beside it, flat objects, `{"detail":…}`, errors within errors and JSON within
/// strings, as gateways pass them on. Anything else, HTML for one, gives empty fields; plain text
/// is a text. Linear in the size of the body; looks at no more than 1,000 values, six deep. Pure.
[[nodiscard]] ErrorBody parse_error_body(std::string_view body);

}  // namespace autoreply
