#pragma once

#include <chrono>

#include "support/endpoint.h"

namespace autoreply::test {

/// A port of 127.0.0.1 that accepts connections but never answers.
class SilentServer final {
 public:
  SilentServer();
  ~SilentServer();
  SilentServer(const SilentServer&) = delete;
  SilentServer& operator=(const SilentServer&) = delete;

  [[nodiscard]] int port() const { return port_; }
  /// Whether a connection arrived within `patience`.
  [[nodiscard]] bool wait_for_connection(
      std::chrono::milliseconds patience = Endpoint::kPatience) const;

 private:
  int fd_ = -1;
  int port_ = 0;
};

}  // namespace autoreply::test
