#pragma once

#include <string>

#include "run/exit_status.h"
#include "store/queue_inspector.h"

namespace autoreply {

// How the queue is, as `status` prints it: text for people, or one line of JSON.

[[nodiscard]] std::string status_text(const QueueStatus& status);
[[nodiscard]] std::string status_json(const QueueStatus& status, ExitStatus exit_status);

}  // namespace autoreply
