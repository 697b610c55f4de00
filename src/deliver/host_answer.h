#pragma once

#include <string>
#include <string_view>

namespace autoreply {

/// What the body of the host's answer says, in addition to its status.
struct HostAnswer {
  bool claims_success = false;     ///< JSON with `"success": true` at top level
  bool denies_success = false;     ///< JSON with `"success": false` there, which takes precedence
  bool is_web_page = false;        ///< begins like HTML
  bool says_opted_out = false;     ///< by the carrier's code or in a carrier's words
  bool reports_opted_out = false;  ///< by the code, or within an error
  bool says_invalid_recipient = false;  ///< by code or in words
  std::string code;                     ///< as it appears in the answer; may be empty
  std::string retry_after;  ///< a wait as it appears there, bare numbers in seconds; may be empty
  std::string message;      ///< masked, one line, at most 200 bytes; may be empty
};

/// Reads the body of a callback's answer, which may be anything, in time linear in its size. A byte
/// order mark, leading white space and a missing end do not affect the rest. Also reads JSON inside
/// a JSON string, or after a warning or a guard against scripts. "false", "no" and 0 mean `false`;
/// "true", "yes" and 1 mean `true`. Pure.
[[nodiscard]] HostAnswer parse_host_answer(std::string_view body);

}  // namespace autoreply
