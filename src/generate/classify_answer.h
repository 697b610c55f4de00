#pragma once

#include <tl/expected.hpp>

#include "generate/model_answer.h"
#include "generate/provider.h"

namespace autoreply {

/// Decides what an answer without an error is: a text to send, or the finding that replaces it. The
/// same for all providers. Does not set `Generation::consumed`. Pure.
[[nodiscard]] tl::expected<Generation, Answer> classify_answer(const ModelAnswer& answer,
                                                               const GenerationRequest& request);

}  // namespace autoreply
