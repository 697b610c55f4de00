#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "support/json.h"
#include "support/process.h"
#include "support/standin.h"
#include "support/test_database.h"

namespace autoreply::testing {

/// A key that no test may ever see again in what the program prints or stores.
inline constexpr std::string_view kProviderKey = "sk-standin-0f9a8b7c6d5e";
inline constexpr std::string_view kCallbackToken = "cb-token-1a2b3c4d5e6f";

/// Somebody who writes to a workspace.
struct Customer {
  std::string workspace = "acme";
  std::string id;     ///< of the contact
  std::string phone;
};

/// A workspace's row in the configuration table.
struct Workspace {
  std::string id = "acme";
  std::string provider = "openai";
  std::string model = "gpt-4o-mini";
  std::string system_prompt = "You answer for Acme Plumbing.";
  std::string api_key{kProviderKey};
  std::string base_url{};  ///< empty: the stand-in's
  bool enabled = true;
};

/// One run of the program that came to its summary.
struct RunResult {
  int status = -1;
  nlohmann::json summary;
  std::string out;
  std::string log;
  Exit exit;

  /// The summary's number of that name.
  [[nodiscard]] int operator[](const char* name) const { return summary.value(name, -1); }
};

/// The program as its users see it: a migrated database with one workspace, a stand-in for provider and
/// host, and nothing else but command lines. Every test runs on SQLite and on PostgreSQL.
class ProgramTest : public ::testing::TestWithParam<DatabaseKind> {
 protected:
  ProgramTest();

  // Filling the host's tables. Ids are made up, in order; all rows are older than the program's start.
  void add_workspace(const Workspace& workspace);
  Customer add_customer(const std::string& workspace = "acme");
  std::string add_message(const Customer& from,
                          std::string_view body,
                          std::string_view direction = "inbound",
                          int seconds_ago = 30);
  std::string enqueue(const Customer& customer, const std::string& message_id, int seconds_ago = 30);
  /// A message and its entry in the queue; returns the job's id.
  std::string ask(const Customer& customer, std::string_view body, int seconds_ago = 30);
  /// The same from a new customer.
  std::string ask(std::string_view body);
  /// So many jobs, each of its own customer, oldest first.
  std::vector<std::string> ask_many(int count);

  // Looking at the tables.
  nlohmann::json rows(const std::string& table, const std::string& condition = "true");
  nlohmann::json job(const std::string& id);
  nlohmann::json log_row(const std::string& id);
  /// Milliseconds since 1970 of a job's time column; the test fails where it is NULL.
  std::int64_t time_of(const std::string& id, const std::string& column);
  /// Milliseconds from one time column of a job to another.
  std::int64_t between(const std::string& id, const std::string& from, const std::string& to);
  /// Waits until the job's row has that status; false where that does not come.
  [[nodiscard]] bool wait_for_status(const std::string& id, std::string_view status);
  /// Moves a time column of a job that many seconds into the past.
  void move_back(const std::string& id, const std::string& column, int seconds);
  /// An SQL expression of the database's kind: a moment that many seconds ago.
  std::string ago(int seconds) const;
  std::string fresh_id();

  // Running the program.
  Command command(const std::vector<std::string>& arguments) const;
  Command run_command(const std::vector<std::string>& more = {}) const;
  /// Runs to the end and checks what holds for every run: one line of JSON with all keys, outcomes that
  /// add up, the exit status it names, and neither key nor token nor phone number in what it printed.
  RunResult run(const std::vector<std::string>& more = {});
  RunResult result_of(Process& process);

  TestDatabase database_{GetParam()};
  StandIn standin_;

 private:
  void check_summary(const RunResult& result);
  void check_secrecy(const RunResult& result);

  int ids_ = 0;
  std::vector<Customer> customers_;
};

/// Runs the suite on both databases.
#define AUTOREPLY_ON_BOTH_DATABASES(suite)                                                       \
  INSTANTIATE_TEST_SUITE_P(On,                                                                   \
                           suite,                                                                \
                           ::testing::Values(DatabaseKind::sqlite, DatabaseKind::postgres),      \
                           [](const auto& parameter) { return database_name(parameter.param); })

}  // namespace autoreply::testing
