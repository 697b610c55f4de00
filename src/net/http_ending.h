#pragma once

#include <string_view>

#include "net/http_exchange.h"
#include "net/http_message.h"

namespace autoreply {

/// How a transfer ended, according to libcurl.
struct HttpEnding {
  bool stopped = false;       ///< the caller's stop token was triggered
  int code = 0;               ///< a CURLcode; 0 if the whole answer arrived
  long system_error = 0;      ///< errno of the connection, 0 if there was none
  std::string_view detail{};  ///< libcurl's message; may be empty
};

/// The failure to take an answer that is over its limit. Keeps the beginning of the answer.
[[nodiscard]] HttpFailure too_large(HttpResponse came);

/// Whether `result_of` must unpack the answer, which can take 10 ms.
[[nodiscard]] bool is_packed(const HttpExchange& exchange);

/// Returns the result of an exchange for the caller: the unpacked answer, or why it is incomplete
/// and what arrived of it.
///
/// If a name could not be resolved, tests whether this process can open descriptors.
[[nodiscard]] HttpResult result_of(const HttpEnding& ending, HttpExchange exchange);

}  // namespace autoreply
