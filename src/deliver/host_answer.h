#pragma once

#include <string>
#include <string_view>

namespace autoreply {

/// What the host's answer says beside its status.
struct HostAnswer {
  bool claims_success = false;  ///< JSON with `"success": true` at top level
  bool denies_success = false;  ///< JSON with `"success": false` there, which outweighs the other
  bool is_web_page = false;     ///< begins as HTML does
  bool says_opted_out = false;  ///< by the carrier's code, or in a carrier's words
  bool reports_opted_out = false;       ///< by the code, or in what it calls an error
  bool says_invalid_recipient = false;  ///< by code or in words
  std::string code;                     ///< as it stands in the answer; may be empty
  std::string retry_after;              ///< a wait in seconds as it stands there; may be empty
  std::string message;                  ///< masked, one line, at most 200 bytes; may be empty
};

/// Reads the body of a callback's answer, which may be anything, in time linear in its size. A byte
/// order mark and white space before it, and an end that is missing, change nothing of what is read
/// from the rest. JSON in a JSON string, or behind a warning or a guard against scripts, is read as
/// well; "false", "no" and 0 are `false`, "true", "yes" and 1 are `true`. Pure.
[[nodiscard]] HostAnswer parse_host_answer(std::string_view body);

}  // namespace autoreply
