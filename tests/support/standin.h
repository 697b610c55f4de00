#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "support/endpoint.h"

namespace autoreply::test {

/// Tokens that the stand-in reports for every reply of its own making.
inline constexpr int kPromptTokens = 120;
inline constexpr int kCompletionTokens = 30;

/// The model that the stand-in says it is: the dated name of the one that was asked for.
inline constexpr std::string_view kAnsweringModel = "gpt-4o-mini-2024-07-18";

/// An answer as an OpenAI-compatible provider gives it, with usage.
[[nodiscard]] Answer chat_completion(std::string_view text,
                                     std::string_view finish_reason = "stop");

/// The text of the last user turn in a chat completions request.
[[nodiscard]] std::string last_user_message(const ReceivedRequest& request);

/// What the stand-in replies to a customer's message when no test says otherwise.
[[nodiscard]] std::string friendly_reply(std::string_view message);

/// A real HTTP server on 127.0.0.1 and a free port, standing in for the two machines that autoreply
/// talks to: the provider (`POST /v1/chat/completions`) and the host (`POST /send-sms`).
///
/// Serves from construction to destruction. Connections are kept alive; `kConnectionsMax` of them
/// are served at a time. Thread-safe.
class StandIn final {
 public:
  static constexpr int kConnectionsMax = 192;

  explicit StandIn(int port = 0);
  ~StandIn();
  StandIn(const StandIn&) = delete;
  StandIn& operator=(const StandIn&) = delete;

  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] std::string url() const;
  /// For a workspace's `base_url`.
  [[nodiscard]] std::string provider_url() const;
  /// For `--callback-url`.
  [[nodiscard]] std::string callback_url() const;

 private:
  struct Server;
  std::atomic<std::uint64_t> events_{0};

 public:
  Endpoint provider;
  Endpoint host;

 private:
  std::unique_ptr<Server> server_;
  int port_ = 0;
};

}  // namespace autoreply::test
