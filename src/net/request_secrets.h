#pragma once

#include <string>

#include "net/http_message.h"

namespace autoreply {

/// Returns `text` with "***" in place of all that `request` must keep secret: the keys in its
/// headers, and the credentials and the values of the query in its URL, since a host may expect its
/// token there. Peers quote requests in their answers. Call it before `forget_header_values`.
[[nodiscard]] std::string without_secrets(std::string text, const HttpRequest& request);

}  // namespace autoreply
