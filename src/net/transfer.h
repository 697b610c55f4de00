#pragma once

#include <array>
#include <chrono>
#include <coroutine>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "net/http_ending.h"
#include "net/http_exchange.h"
#include "net/http_message.h"

namespace autoreply {

/// One request on its way through libcurl. Lies in the coroutine that waits for it.
struct Transfer {
  /// As CURL_ERROR_SIZE.
  static constexpr std::size_t kDetailBytes = 256;

  const HttpRequest* request = nullptr;
  std::string name;  ///< of the server, which may have to be looked up
  HttpExchange exchange;
  HttpEnding ending;       ///< set at the end
  bool unwatched = false;  ///< the kernel refuses to watch its socket
  std::chrono::steady_clock::time_point began{};
  std::coroutine_handle<> waiting{};
  std::stop_token stop;
  std::optional<std::stop_callback<std::function<void()>>> on_stop{};
  std::shared_ptr<void> headers{};
  std::array<char, kDetailBytes> detail{};
};

/// Frees an easy handle of libcurl.
struct FreeEasy {
  void operator()(void* easy) const;
};
using EasyHandle = std::unique_ptr<void, FreeEasy>;

/// Throws std::bad_alloc.
[[nodiscard]] EasyHandle make_easy();

/// Prepares a handle for the transfer, which must stay in its place until `take_apart`. `waited` is
/// how much of its time it has used. Throws std::bad_alloc, or std::runtime_error if libcurl lacks
/// an option.
void set_up(void* easy, Transfer& transfer, std::chrono::milliseconds waited);

/// Reads what the handle knows of the ended transfer, and makes it forget the transfer.
void take_apart(void* easy, Transfer& transfer);

}  // namespace autoreply
