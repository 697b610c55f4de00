#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace autoreply::test {

/// One message of PostgreSQL's protocol as it lies at the front of a buffer.
struct WireMessage {
  char type;  ///< 0: a client's first message, which has none
  std::string_view body;
  std::size_t size;  ///< of all of it
};

/// The first message in `bytes`; empty while it is not whole.
[[nodiscard]] std::optional<WireMessage> next_message(std::string_view bytes, bool first);

/// The statement that a client's message carries; empty where it carries none.
[[nodiscard]] std::string_view statement_of(const WireMessage& message);

/// Whether the server answers this message of a client's with ReadyForQuery.
[[nodiscard]] inline bool ends_request(const WireMessage& message) {
  return message.type == 'Q' || message.type == 'S';
}

/// Whether this message of a client's belongs to a request that goes on.
[[nodiscard]] inline bool continues_request(const WireMessage& message) {
  return message.type == 'P' || message.type == 'B' || message.type == 'D' || message.type == 'E' ||
         message.type == 'C';
}

[[nodiscard]] inline bool is_ready_for_query(const WireMessage& message) {
  return message.type == 'Z';
}

}  // namespace autoreply::test
