#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace autoreply::test {

/// A PostgreSQL protocol message at the front of a buffer.
struct WireMessage {
  char type;  ///< 0: a client's first message, which has no type
  std::string_view body;
  std::size_t size;  ///< of the whole message
};

/// Returns the first message in `bytes`; empty if it is incomplete.
[[nodiscard]] std::optional<WireMessage> next_message(std::string_view bytes, bool first);

/// Returns the statement in a client's message; empty if there is none.
[[nodiscard]] std::string_view statement_of(const WireMessage& message);

/// Whether the server answers this client message with ReadyForQuery.
[[nodiscard]] inline bool ends_request(const WireMessage& message) {
  return message.type == 'Q' || message.type == 'S';
}

/// Whether this client message belongs to a request that continues.
[[nodiscard]] inline bool continues_request(const WireMessage& message) {
  return message.type == 'P' || message.type == 'B' || message.type == 'D' || message.type == 'E' ||
         message.type == 'C';
}

[[nodiscard]] inline bool is_ready_for_query(const WireMessage& message) {
  return message.type == 'Z';
}

}  // namespace autoreply::test
