#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "support/process.h"

namespace autoreply::test {

/// A test's own PostgreSQL server on a free port of 127.0.0.1, with its data in a temporary
/// directory. Committed data survives any kind of stop. Throws std::runtime_error if the server
/// cannot be created.
class PostgresServer final {
 public:
  PostgresServer();
  /// A standby of `primary` that follows it asynchronously.
  [[nodiscard]] static std::unique_ptr<PostgresServer> standby_of(const PostgresServer& primary);
  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  [[nodiscard]] const std::string& url() const { return url_; }

  /// Same as `pg_ctl --mode=immediate stop`: sessions get no message and nothing more is written.
  void stop_immediately();
  /// Starts the server on the same port and waits until it answers.
  void start();

  /// Makes a standby a primary.
  void promote();

  [[nodiscard]] int port() const { return port_; }

  /// Whether PostgreSQL's programs are installed on this machine.
  [[nodiscard]] static bool is_installed();

 private:
  struct Empty {};
  /// Without data.
  explicit PostgresServer(Empty empty);

  std::filesystem::path directory_;
  int port_ = 0;
  std::string url_;
  std::unique_ptr<Process> process_;
};

}  // namespace autoreply::test
