#pragma once

#include <atomic>
#include <string>
#include <thread>

#include <httplib.h>
#include <openssl/ssl.h>

#include "support/test_authority.h"

namespace autoreply::test {

/// A server that accepts any POST. Serves from construction to destruction.
class TlsServer final {
 public:
  struct Options {
    std::string address = "127.0.0.1";
    int port = 0;  ///< 0: any free one
    int newest_version = TLS1_3_VERSION;
  };

  explicit TlsServer(const TestAuthority::Files& files) : TlsServer(files, Options()) {}
  TlsServer(const TestAuthority::Files& files, const Options& options);
  ~TlsServer();
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;

  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] int requests() const { return requests_; }

 private:
  httplib::SSLServer server_;
  int port_ = 0;
  std::atomic<int> requests_ = 0;
  std::thread listener_;
};

}  // namespace autoreply::test
