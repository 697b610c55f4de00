#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace autoreply {

/// Returns the candidate that a misspelt `word` most likely means: the one with the fewest letters
/// that are wrong, missing, too many or swapped with their neighbour, at most a third of the word;
/// else the shortest that begins with the word. Case counts for nothing, and `_` is taken for `-`.
/// Empty if none is near, or if the word is longer than 64 bytes.
[[nodiscard]] std::optional<std::string> nearest(std::string_view word,
                                                 const std::vector<std::string>& candidates);

/// Returns ": did you mean X?" with the nearest candidate, to stand at the end of a message; empty
/// if none is near.
[[nodiscard]] std::string did_you_mean(std::string_view word,
                                       const std::vector<std::string>& candidates);

/// "retry, error or never"
[[nodiscard]] std::string any_of_them(const std::vector<std::string>& words);

}  // namespace autoreply
