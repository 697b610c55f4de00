#pragma once

#include <functional>
#include <span>

#include "base/result.h"
#include "store/batch_json.h"
#include "store/job_store.h"

namespace autoreply {

/// Asks for the contexts of jobs whose messages lie between certain times.
using AskForContexts =
    std::function<Result<Results<JobContext>>(std::span<const StartRequest>, const MessageTimes&)>;

/// The contexts of jobs. Asks for messages that are near their jobs first, which spares the other
/// partitions of a host's messages, and then everywhere for those that are not there.
[[nodiscard]] Result<Results<JobContext>> contexts_of(std::span<const StartRequest> requests,
                                                      const AskForContexts& ask);

}  // namespace autoreply
