#pragma once

#include "generate/provider.h"
#include "net/http_message.h"

namespace autoreply {

/// Which of the fields that this program adds to requests on its own an error with the status 400
/// or 422 refuses. Every provider writes this differently, so the name of a field, or of what it
/// controls, is looked for in the error's parameter and texts. Pure.
[[nodiscard]] Refused refused_by(const HttpResponse& response);

}  // namespace autoreply
