#pragma once

#include <string>
#include <string_view>

namespace autoreply {

/// What the host's answer says beside its status.
struct HostAnswer {
  bool denies_success = false;  ///< JSON with `"success": false`
  std::string message;          ///< masked, one line, at most 200 bytes; may be empty
};

/// Reads the body of a callback's answer, which may be anything. Pure.
[[nodiscard]] HostAnswer parse_host_answer(std::string_view body);

}  // namespace autoreply
