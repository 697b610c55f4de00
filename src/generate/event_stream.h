#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace autoreply {

/// Returns the JSON in a server's answer, without white space and a byte order mark before it and
/// without the end mark of an event stream (`data: [DONE]`) after it. Pure.
[[nodiscard]] std::string_view json_part(std::string_view body);

/// Whether a body is an event stream. Some servers and gateways send one unasked. JSON never begins
/// like one. Pure.
[[nodiscard]] bool is_event_stream(std::string_view body);

/// Returns the data of each event in order, including `[DONE]` (HTML Living Standard, section
/// 9.2.6). An event that is an object on one line need not end with an empty line. Linear. Pure.
[[nodiscard]] std::vector<std::string> stream_events(std::string_view body);

/// The data of the event that ends a stream.
inline constexpr std::string_view kStreamEnd = "[DONE]";

}  // namespace autoreply
