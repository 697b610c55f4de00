#pragma once

#include <string_view>

#include "net/http_exchange.h"
#include "net/http_message.h"

namespace autoreply {

/// How libcurl says that a transfer ended.
struct HttpEnding {
  bool stopped = false;       ///< the caller's stop token said so
  int code = 0;               ///< a CURLcode; 0 if the answer came whole
  long system_error = 0;      ///< errno of the connection, 0 if there was none
  std::string_view detail{};  ///< libcurl's words; may be empty
};

/// What the caller is told about an exchange: the answer, unpacked, or why there is no whole one
/// and what came of it.
///
/// After a name that could not be resolved, tries whether this process can open descriptors.
[[nodiscard]] HttpResult result_of(const HttpEnding& ending, HttpExchange exchange);

}  // namespace autoreply
