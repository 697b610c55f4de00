#pragma once

#include <optional>
#include <string>

#include "generate/error_body.h"

namespace autoreply {

/// What an error says about its cause, in the order in which causes count.
enum class Sign {
  credit,     ///< no credit, budget or quota left: the account's
  key,        ///< the key or the account behind it is refused
  content,    ///< filter, moderation
  too_long,   ///< the prompt does not fit
  model,      ///< unknown, or not for this key
  parameter,  ///< one that the workspace decides on is rejected
  throttled,
};

/// Keeps what counts first.
inline void keep_first(std::optional<Sign>& best, Sign sign) {
  if (!best || sign < *best) best = sign;
}

/// The first sign that any code of the error gives. A moderation's reasons count as a code, and a
/// request that is larger by itself than the limit is too long, whatever the code says.
[[nodiscard]] std::optional<Sign> sign_in_codes(const ErrorBody& error);

/// The first sign that the texts of an error give, for providers that give no code. Vendors may
/// change their texts: the phrases are long enough for other errors not to hold them. One that
/// speaks of a quota counts only if the answer names no wait (`names_wait`): some vendors call a
/// rate limit a quota.
[[nodiscard]] std::optional<Sign> sign_in_texts(const ErrorBody& error, bool names_wait);

/// What the first text that says anything by its words says (see error_words.h).
[[nodiscard]] std::optional<Sign> sign_in_words(const ErrorBody& error);

/// The field of the request that the error blames, if the workspace's settings decide on it; else
/// nothing.
[[nodiscard]] std::string blamed_setting(const ErrorBody& error);

/// Whether a code says no more than the statuses 401 and 403 do.
[[nodiscard]] bool says_forbidden(const ErrorBody& error);

/// Whether a code says that the provider is at fault or has no room.
[[nodiscard]] bool says_down(const ErrorBody& error);

}  // namespace autoreply
