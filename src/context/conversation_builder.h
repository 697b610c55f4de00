#pragma once

#include <cstddef>

#include "job/conversation.h"

namespace autoreply {

/// Longest message body that is sent to a provider, in bytes of UTF-8; longer ones are cut.
inline constexpr std::size_t kBodyBytesMax = 8'000;

/// Builds a conversation that every provider accepts: drops empty turns, merges neighbouring turns
/// of the same role, begins with the user, ends with the message to answer, and contains only valid
/// UTF-8. Requires an original message. Pure. The rule is the strictest of all providers' (as of
/// November 2026): templates of self-hosted models fail if turns do not alternate.
[[nodiscard]] Conversation make_conversation(const JobContext& context);

}  // namespace autoreply
