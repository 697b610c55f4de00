#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "support/process.h"

namespace autoreply::test {

/// A real PgBouncer in transaction mode before one database, with two server connections for all
/// its clients. Listens on a free port of 127.0.0.1 from construction to destruction.
class PgBouncer final {
 public:
  explicit PgBouncer(const std::string& database_url);
  ~PgBouncer();
  PgBouncer(const PgBouncer&) = delete;
  PgBouncer& operator=(const PgBouncer&) = delete;

  /// The same database, through the pooler.
  [[nodiscard]] const std::string& url() const { return url_; }

 private:
  void wait_until_it_answers();

  std::filesystem::path directory_;
  std::string url_;
  std::unique_ptr<Process> process_;
};

}  // namespace autoreply::test
