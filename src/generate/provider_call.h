#pragma once

#include <stop_token>

#include "base/side_thread.h"
#include "base/task.h"
#include "generate/provider.h"
#include "net/http_sender.h"

namespace autoreply {

/// Asks a provider for a reply to the last turn, with one request. If the model refuses a field
/// that this program added on its own, it is asked once more without it, and `request.refused`
/// says so afterwards: such a refusal costs nothing, and the workspace could not mend it. The cost
/// in the outcome is what the provider reports. `reader` reads large answers, one at a time: a
/// hostile one takes 25 times its size meanwhile.
[[nodiscard]] Task<GenerationOutcome> call_provider(const Provider& provider,
                                                    const Conversation& conversation,
                                                    GenerationRequest& request,
                                                    HttpSender& http,
                                                    SideThread& reader,
                                                    const std::stop_token& stop);

}  // namespace autoreply
