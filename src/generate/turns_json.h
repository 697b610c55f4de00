#pragma once

#include "base/json_fields.h"
#include "job/conversation.h"

namespace autoreply {

/// Returns the turns as most protocols write them: [{"role": "user", "content": …}, …], with
/// "assistant" as the other role.
[[nodiscard]] nlohmann::ordered_json turns_json(const Conversation& conversation);

}  // namespace autoreply
