#pragma once

#include <cstddef>

#include "base/time_zone.h"
#include "job/conversation.h"

namespace autoreply {

/// Longest message body that is sent to a provider, in bytes of UTF-8; longer ones are cut.
inline constexpr std::size_t kBodyBytesMax = 8'000;

/// Builds a conversation that every provider accepts: drops empty turns, merges neighbouring turns
/// of the same role, begins with the user, ends with the message to answer, and contains only valid
/// UTF-8, none of it a mark that separates turns. Fills in the placeholders of the system prompt.
/// Requires an original message. Pure. The rule is the strictest of all providers' (as of
/// November 2026): templates of self-hosted models fail if turns do not alternate.
[[nodiscard]] Conversation make_conversation(const JobContext& context,
                                             const TimeZone& run_zone = TimeZone());

}  // namespace autoreply
