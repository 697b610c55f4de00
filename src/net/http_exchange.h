#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

#include "net/http_message.h"

namespace autoreply {

class AnswerBudget;

/// The state of one request and its answer, filled by libcurl's callbacks. C code calls them, so
/// nothing here throws.
struct HttpExchange {
  /// Limits all headers of an answer together, including interim answers.
  static constexpr std::size_t kHeaderBytesMax = 64UL << 10U;

  std::function<bool()> may_begin;  ///< from the request
  bool withheld = false;            ///< `may_begin` returned false
  bool began = false;               ///< some of the request may have been sent
  bool again = false;               ///< libcurl wanted to send it once more and was refused
  HttpResponse response;
  std::size_t body_bytes_max = 0;
  AnswerBudget* budget = nullptr;  ///< null: none
  std::size_t budgeted = 0;        ///< bytes that the budget counts
  void* easy = nullptr;            ///< libcurl's handle of the transfer
  std::size_t header_bytes = 0;
  bool too_large = false;
  bool out_of_memory = false;
  AddressPolicy address_policy = AddressPolicy::public_only;
  int sockets_refused = 0;  ///< by the address policy
  int sockets_opened = 0;
  int socket_error = 0;      ///< errno of the last socket that could not be opened
  bool* has_news = nullptr;  ///< set if a socket was wanted, or the request may begin. May be null

  /// Whether the transfer wanted a socket, and so knows an address.
  [[nodiscard]] bool has_address() const {
    return sockets_opened + sockets_refused > 0 || socket_error != 0;
  }

  /// Whether the request may be sent on the connection that is ready for it. Returning false ends
  /// the exchange.
  [[nodiscard]] bool begin() noexcept;

  enum class Taken {
    all,
    later,  ///< the budget has no room: the transfer must pause
    no,     ///< the exchange ends
  };
  /// Takes a part of the answer's body.
  [[nodiscard]] Taken write_body(std::string_view bytes) noexcept;
  /// Takes one header line. Returning false ends the exchange.
  [[nodiscard]] bool write_header(std::string_view line) noexcept;
};

}  // namespace autoreply
