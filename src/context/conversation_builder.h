#pragma once

#include <cstddef>

#include "job/conversation.h"

namespace autoreply {

/// Longest message body that reaches a provider, in bytes of UTF-8; longer ones are cut.
inline constexpr std::size_t kBodyBytesMax = 8'000;

/// Makes the conversation that every provider accepts: empty turns dropped, neighbours of one role
/// merged, begun by the user, ended by the message to answer, valid UTF-8 throughout. Requires an
/// original message. Pure. The rule is the strictest of what providers ask (facts of November
/// 2026): templates of self-hosted models fail on turns that do not alternate.
[[nodiscard]] Conversation make_conversation(const JobContext& context);

}  // namespace autoreply
