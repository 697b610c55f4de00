#pragma once

#include <string>

#include "net/http_message.h"

namespace autoreply {

/// Returns `text` with "***" in place of all that `request` must keep secret: the keys in its
/// headers, the credentials in its URL, and values of the query that may be the host's token. Texts
/// of less than eight bytes stay, but for keys. Peers quote requests in their answers. Call it
/// before `forget_header_values`.
[[nodiscard]] std::string without_secrets(std::string text, const HttpRequest& request);

}  // namespace autoreply
