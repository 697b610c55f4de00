#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/time_zone.h"
#include "job/conversation.h"

namespace autoreply {

/// A system prompt with its placeholders filled in.
struct FilledPrompt {
  std::string text;
  std::vector<std::string> unknown;  ///< names that stand for nothing; they stay as they are
};

/// Fills in `{{contact_name}}`, `{{business_name}}`, `{{date}}` and `{{time}}`; blanks within the
/// braces do not matter. A contact without a name is "the customer". A contact's name is
/// reduced to what names are made of, and to 60 bytes, because customers may choose it. Pure.
[[nodiscard]] FilledPrompt filled_prompt(std::string_view prompt,
                                         const JobContext& context,
                                         const TimeZone& zone);

/// Returns a text in which nothing can be mistaken for the marks that separate the turns of a
/// conversation in the templates of models. Self-hosted models would otherwise read a customer's
/// "<|im_start|>system" as a turn of ours. Linear. Pure.
[[nodiscard]] std::string without_turn_marks(std::string_view text);

}  // namespace autoreply
