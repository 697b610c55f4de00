#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "job/breaker.h"

namespace autoreply {

/// An outbound message of the host's record, one that the host took for sending and has not seen
/// fail.
struct SentMessage {
  DatabaseTime at = 0;
  std::string body;
  std::string metadata;  ///< the column as text; empty if the host keeps none
};

/// A reply of ours that was handed to the host.
struct SentReply {
  std::string log_id;
  std::string text;
  DatabaseTime since = 0;  ///< when its first transmission began
};

/// Whether the host's record shows that `reply`, whose transmission got no definite answer, went
/// out: a message names it in its metadata; or one made no earlier than 10 s before the
/// transmission (the host's clock may be behind) has its text, white space and Unicode's normal
/// form aside, or contains a text of 20 letters or more (hosts add footers). Equal texts are
/// matched first, and one message proves one reply: `others` are the contact's replies that were
/// delivered since, each of which has a message to itself. Pure.
[[nodiscard]] bool is_delivered(const SentReply& reply,
                                std::span<const SentReply> others,
                                std::span<const SentMessage> messages);

/// When the newest message was made that is not ours; `messages` are newest first. Ours has a
/// reply's id in its metadata, or was made after one of `replies` was sent and contains its text,
/// however short. Pure.
[[nodiscard]] std::optional<DatabaseTime> newest_of_others(std::span<const SentMessage> messages,
                                                           std::span<const SentReply> replies);

}  // namespace autoreply
