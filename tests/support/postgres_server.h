#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "support/process.h"

namespace autoreply::test {

/// A PostgreSQL server of a test's own, on 127.0.0.1 and a free port, with its data in a temporary
/// directory. It keeps what it has committed when it is stopped, however it is. Throws
/// std::runtime_error where it cannot be made.
class PostgresServer final {
 public:
  PostgresServer();
  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  [[nodiscard]] const std::string& url() const { return url_; }

  /// As `pg_ctl --mode=immediate stop` does: no session is told, nothing is written any more.
  void stop_immediately();
  /// Starts it on the same port, and waits until it answers.
  void start();

  /// Whether this machine has the programs.
  [[nodiscard]] static bool is_installed();

 private:
  std::filesystem::path directory_;
  int port_ = 0;
  std::string url_;
  std::unique_ptr<Process> process_;
};

}  // namespace autoreply::test
