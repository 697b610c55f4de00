#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "support/endpoint.h"

namespace autoreply::test {

/// Token counts that the stand-in reports for each reply of its own.
inline constexpr int kPromptTokens = 120;
inline constexpr int kCompletionTokens = 30;

/// The model that the stand-in reports: the dated name of the requested one.
inline constexpr std::string_view kAnsweringModel = "gpt-4o-mini-2024-07-18";

/// Returns an answer in the format of an OpenAI-compatible provider, with usage.
[[nodiscard]] Answer chat_completion(std::string_view text,
                                     std::string_view finish_reason = "stop");

/// Returns a reply in the format of the provider whose path was called.
[[nodiscard]] Answer reply_to(const ReceivedRequest& request, std::string_view text);

/// Returns the text of the last user turn in a request to any provider.
[[nodiscard]] std::string last_user_message(const ReceivedRequest& request);

/// Returns the stand-in's default reply to a customer's message.
[[nodiscard]] std::string friendly_reply(std::string_view message);

/// A real HTTP server on a free port of 127.0.0.1. It stands in for the two servers that autoreply
/// calls: the provider and the host (`POST /send-sms`). The provider speaks OpenAI's chat
/// completions and Responses, Anthropic's Messages, Gemini's generateContent and Ollama's own
/// protocol, each on its path.
///
/// Serves from construction to destruction. Keeps connections alive and serves `kConnectionsMax` of
/// them at a time. Thread-safe.
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
  /// The same for any provider: a base URL below which it finds its path.
  [[nodiscard]] std::string url_of_provider(std::string_view name) const;
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
