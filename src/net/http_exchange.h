#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string_view>

#include "net/http_message.h"

namespace autoreply {

/// What one request and its answer have come to so far, fed by libcurl's callbacks. Those are
/// called by C code, so nothing here throws.
struct HttpExchange {
  /// Of all headers of an answer together, interim answers included.
  static constexpr std::size_t kHeaderBytesMax = 256UL << 10U;

  std::string_view unsent;          ///< what is left of the request's body
  std::function<bool()> may_begin;  ///< of the request
  bool withheld = false;            ///< it said no
  bool body_began = false;          ///< any of it may have left
  HttpResponse response;
  std::size_t body_bytes_max = 0;
  std::size_t header_bytes = 0;
  bool too_large = false;
  bool out_of_memory = false;
  AddressPolicy address_policy = AddressPolicy::public_only;
  int sockets_refused = 0;  ///< by the address policy
  int sockets_opened = 0;
  int socket_error = 0;  ///< errno of the last socket that could not be made

  /// Copies the next part of the body into a buffer and returns its length, 0 at the end; empty if
  /// the request is withheld.
  [[nodiscard]] std::optional<std::size_t> read_body(char* buffer, std::size_t capacity) noexcept;

  /// Takes a part of the answer's body, or one header line. False ends the exchange.
  [[nodiscard]] bool write_body(std::string_view bytes) noexcept;
  [[nodiscard]] bool write_header(std::string_view line) noexcept;
};

}  // namespace autoreply
