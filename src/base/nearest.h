#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace autoreply {

/// Returns the candidate that a misspelt `word` most likely means: the one with the fewest wrong,
/// missing, extra or swapped letters, at most a third of the word. If there is none, returns the
/// shortest candidate that starts with the word. Ignores case and treats `_` as `-`. Empty if no
/// candidate is near or if the word is longer than 64 bytes.
[[nodiscard]] std::optional<std::string> nearest(std::string_view word,
                                                 const std::vector<std::string>& candidates);

/// Returns ": did you mean X?" with the nearest candidate, for the end of a message; empty if none
/// is near.
[[nodiscard]] std::string did_you_mean(std::string_view word,
                                       const std::vector<std::string>& candidates);

/// Joins words as in "retry, error or never".
[[nodiscard]] std::string any_of_them(const std::vector<std::string>& words);

}  // namespace autoreply
