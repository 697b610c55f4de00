#pragma once

#include <optional>

namespace autoreply {

/// Returns the most tokens that an answer may have: those for the text (`max_tokens` of the
/// workspace, otherwise 600), and 2,000 more if the model always reasons first. Doubled once per
/// earlier answer that was cut or empty, up to 8,192. A larger number of the workspace is kept.
[[nodiscard]] int token_budget(std::optional<int> max_tokens, bool always_reasons, int cut_answers);

}  // namespace autoreply
