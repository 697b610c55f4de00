#pragma once

#include <string>
#include <string_view>

namespace autoreply {

/// What a model means to say, taken out of what it printed.
struct ModelOutput {
  std::string text;          ///< for the customer; may be blank
  bool calls_tools = false;  ///< something was meant for a tool
};

/// Whether a text is written in the channels of OpenAI's harmony format, or was before its tokens
/// were lost.
[[nodiscard]] bool has_channels(std::string_view printed);

/// The text of the channel `final`; empty if there is none. Linear. Pure.
[[nodiscard]] ModelOutput final_channel(std::string_view printed);

}  // namespace autoreply
