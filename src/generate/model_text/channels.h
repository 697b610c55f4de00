#pragma once

#include <string>
#include <string_view>

namespace autoreply {

/// The reply of a model, extracted from its raw output.
struct ModelOutput {
  std::string text;          ///< for the customer; may be blank
  bool calls_tools = false;  ///< some of the output was meant for a tool
};

/// Whether a text uses the channels of OpenAI's harmony format, with or without its tokens.
[[nodiscard]] bool has_channels(std::string_view printed);

/// Returns the text of the channel `final`, or else of the messages without a channel; empty if
/// there is neither. Linear. Pure.
[[nodiscard]] ModelOutput final_channel(std::string_view printed);

}  // namespace autoreply
