#pragma once

#include <optional>
#include <string>

#include "generate/errors/error_body.h"

namespace autoreply {

/// What an error says about its cause. Earlier signs take precedence.
enum class Sign {
  credit,     ///< the account has no credit, budget or quota left
  key,        ///< the key or its account is refused
  content,    ///< filter, moderation
  too_long,   ///< the prompt does not fit
  model,      ///< unknown, or not available to this key
  parameter,  ///< a parameter that the workspace decides on is rejected
  throttled,
};

/// Keeps the sign that takes precedence.
inline void keep_first(std::optional<Sign>& best, Sign sign) {
  if (!best || sign < *best) best = sign;
}

/// Returns the preferred sign among the codes of an error. A moderation's reasons count as a code.
/// A request that exceeds a limit on its own is too long, even under a throttling code.
[[nodiscard]] std::optional<Sign> sign_in_codes(const ErrorBody& error);

/// Returns the preferred sign among the texts of an error, for providers that give no code. Vendors
/// may change their texts. The phrases are long enough not to occur in other errors. A phrase about
/// a quota counts only if the answer names no wait (`names_wait`), because some vendors call a rate
/// limit a quota.
[[nodiscard]] std::optional<Sign> sign_in_texts(const ErrorBody& error, bool names_wait);

/// Returns the sign of the first text whose words give one (see error_words.h).
[[nodiscard]] std::optional<Sign> sign_in_words(const ErrorBody& error);

/// Returns the request field that the error blames, if the workspace's settings decide on it;
/// otherwise empty.
[[nodiscard]] std::string blamed_setting(const ErrorBody& error);

/// Whether a code says no more than the statuses 401 and 403.
[[nodiscard]] bool says_forbidden(const ErrorBody& error);

/// Whether a code says that the provider has a fault or no capacity.
[[nodiscard]] bool says_down(const ErrorBody& error);

}  // namespace autoreply
