#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "job/breaker.h"

namespace autoreply {

/// An outbound message in the host's record. The host accepted it for sending and has not seen it
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

/// Whether the host's record shows that `reply` went out, although its transmission got no definite
/// answer. Either a message names the reply in its metadata, or a message has its text. The text
/// must be equal, apart from white space and Unicode's normal form; a text of 20 letters or more
/// may also be part of the message, since hosts add footers. Such a message was made no earlier
/// than 10 s before the transmission, since the host's clock may be behind. Equal texts are matched
/// first. One message proves one reply: `others` are the contact's replies delivered since, and
/// each needs a message of its own. Pure.
[[nodiscard]] bool is_delivered(const SentReply& reply,
                                std::span<const SentReply> others,
                                std::span<const SentMessage> messages);

/// When the newest message that is not ours was made; empty if there is none. `messages` are newest
/// first. A message is ours if its metadata has a reply's id, or if it contains the text of one of
/// `replies`, however short, and was made no earlier than 10 s before that reply was sent. Pure.
[[nodiscard]] std::optional<DatabaseTime> newest_of_others(std::span<const SentMessage> messages,
                                                           std::span<const SentReply> replies);

}  // namespace autoreply
