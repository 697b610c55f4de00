#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "support/host_data.h"
#include "support/json.h"
#include "support/process.h"
#include "support/standin.h"
#include "support/test_database.h"

namespace autoreply::test {

/// A key that must never appear in anything that the program prints or stores.
inline constexpr std::string_view kProviderKey = "sk-standin-0f9a8b7c6d5e";
inline constexpr std::string_view kCallbackToken = "cb-token-1a2b3c4d5e6f";

inline constexpr int kSecond = 1'000;  ///< in the unit of `ProgramTest::between`

/// A person who writes to a workspace.
struct Customer {
  std::string workspace = "ws-1";
  std::string id;  ///< of the contact
  std::string phone{};
};

/// The content of a file below tests/.
[[nodiscard]] std::string content_of_test_file(const std::string& path);

/// One run of the program that printed its summary.
struct RunResult {
  int status = -1;
  nlohmann::json summary;
  std::string out;
  std::string log;
  Exit exit;

  /// The summary's number with this name; -1 if there is none.
  [[nodiscard]] int operator[](const char* name) const { return summary.value(name, -1); }
};

/// The program as its users see it: a migrated database with one workspace, a stand-in for provider
/// and host, and only command lines. Every test runs on SQLite and on PostgreSQL.
///
/// A suite that adds to `SetUp` calls this one first and returns if the test is skipped.
class ProgramTest : public testing::TestWithParam<DatabaseKind> {
 protected:
  void SetUp() override;

  /// The kind of database that the test uses. If `make_database` returns null, the test is skipped.
  [[nodiscard]] virtual DatabaseKind kind() const { return GetParam(); }
  [[nodiscard]] virtual std::unique_ptr<TestDatabase> make_database();

  [[nodiscard]] TestDatabase& database() { return *database_; }

  // Filling the host's tables. Ids are invented in ascending order. All rows are older than the
  // program's start.
  /// Adds the workspace's configuration, with our key and the stand-in as provider if it names
  /// none.
  void add_workspace(ConfigRow config);
  Customer add_customer(const std::string& workspace = "ws-1");
  std::string add_message(const Customer& from,
                          std::string_view body,
                          std::string_view direction = "inbound",
                          int seconds_ago = 30);
  std::string enqueue(const Customer& customer,
                      const std::string& message_id,
                      int seconds_ago = 30);
  /// Adds a message and its entry in the queue. Returns the job's id.
  std::string ask(const Customer& customer, std::string_view body, int seconds_ago = 30);
  /// The same from a new customer.
  std::string ask(std::string_view body);
  /// Adds `count` jobs, each of its own customer, oldest first.
  std::vector<std::string> ask_many(int count);

  // Looking at the tables.
  nlohmann::json rows(const std::string& table, const std::string& condition = "true");
  nlohmann::json job(const std::string& id);
  nlohmann::json log_row(const std::string& id);
  /// A job's time column in milliseconds since 1970. The test fails if it is NULL.
  std::int64_t time_of(const std::string& id, const std::string& column);
  /// Milliseconds from one time column of a job to another.
  std::int64_t between(const std::string& id, const std::string& from, const std::string& to);
  /// Waits until the job's row has the status. Returns false if that takes too long.
  [[nodiscard]] bool wait_for_status(const std::string& id, std::string_view status);
  /// Waits until the query's first value is `value`. Returns false if that takes too long.
  [[nodiscard]] bool wait_for_value(const std::string& query, std::string_view value);
  /// Moves a time column of a job `seconds` into the past.
  void move_back(const std::string& id, const std::string& column, int seconds);
  std::string fresh_id();

  // Running the program.
  Command command(const std::vector<std::string>& arguments) const;
  /// `run` with all the options it needs. Options in `more` replace ours.
  Command run_command(const std::vector<std::string>& more = {}) const;
  /// Runs to the end and checks what holds for every run: it prints one line of JSON with all keys,
  /// the outcomes add up, the exit status is the one it names, and no key, token or phone number is
  /// printed.
  RunResult run(const std::vector<std::string>& more = {});
  RunResult result_of(Process& process);

  StandIn standin_;

 private:
  std::unique_ptr<TestDatabase> database_;
  void check_summary(const RunResult& result);
  void check_secrecy(const RunResult& result);

  int ids_ = 0;
  std::vector<Customer> customers_;
};

}  // namespace autoreply::test

/// Runs the suite on both databases.
#define AUTOREPLY_ON_BOTH_DATABASES(suite)                      \
  INSTANTIATE_TEST_SUITE_P(                                     \
      ,                                                         \
      suite,                                                    \
      testing::Values(autoreply::test::DatabaseKind::sqlite,    \
                      autoreply::test::DatabaseKind::postgres), \
      [](const auto& tested) { return std::string(autoreply::test::to_string(tested.param)); })
