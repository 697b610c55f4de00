#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "store/database.h"
#include "store/job_store.h"
#include "support/claims.h"
#include "support/host_data.h"
#include "support/test_database.h"

namespace autoreply::test {

/// A text with everything that breaks if it is quoted wrongly.
inline constexpr const char* kOddText =
    "It's \"odd\" \\ 100% :colon ::cast :'x' {queue} {logs} $1 ? ; -- no comment\n"
    "next line\ttab \xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7 \xE2\x80\x94 \xC3\xA9";

/// Base of `JobStore` tests that must pass on every kind of database: an empty, migrated database
/// with one store on it. Use `TEST_P` and `AUTOREPLY_ON_EVERY_DATABASE`.
class StoreTest : public testing::TestWithParam<DatabaseKind> {
 protected:
  void SetUp() override;

  [[nodiscard]] TestDatabase& database() { return *database_; }
  [[nodiscard]] HostData host() { return HostData(*database_); }
  [[nodiscard]] JobStore& store() { return *store_; }
  [[nodiscard]] DatabaseConfig database_config() const;
  [[nodiscard]] std::unique_ptr<JobStore> open_another_store() const;

  [[nodiscard]] static StartRequest start_request(const ClaimedJob& job, bool in_doubt = false);

  /// Returns the claimed jobs. An error fails the test.
  std::vector<ClaimedJob> claim(int limit = 100) { return claim(claim_request(limit)); }
  std::vector<ClaimedJob> claim(const ClaimRequest& request);

  /// Makes a job due now and claims only that job. Fails the test if that does not work.
  ClaimedJob claim_one(const std::string& job_id);

  /// Returns the context from `start`; empty if the token no longer holds.
  std::optional<JobContext> start(const ClaimedJob& job);
  /// Claims only this job and returns its context.
  JobContext context_of(const std::string& job_id);

  /// Records `text` for the job as its first transmission. Returns whether the token held.
  bool record(const ClaimedJob& job, const std::string& text = "We open at 7.");
  [[nodiscard]] static RecordRequest record_request(const ClaimedJob& job, const std::string& text);
  [[nodiscard]] static std::string log_id_of(const ClaimedJob& job);

  /// Writes one settlement. Returns whether the token held.
  bool settle(const Settlement& settlement);
  [[nodiscard]] static Settlement settlement(const ClaimedJob& job, Outcome outcome);

  /// Returns a column of the job's row as text; empty for NULL.
  std::string column(const std::string& job_id, std::string_view name);
  /// Returns the seconds from now to the instant in a column.
  double seconds_until(const std::string& job_id, std::string_view name);
  /// Returns the job's whole row, to check that nothing changed.
  std::vector<std::string> row(const std::string& job_id);
  void set(const std::string& job_id, const std::string& assignments);

  /// For suites that create the database themselves: they must migrate it before opening the store.
  void use(std::unique_ptr<TestDatabase> database) { database_ = std::move(database); }
  void open_store_of_database() { store_ = open_another_store(); }

 private:
  std::unique_ptr<TestDatabase> database_;
  std::unique_ptr<JobStore> store_;
};

/// Base of tests on a host whose tables exist before `migrate`.
class HostStoreTest : public StoreTest {
 protected:
  void SetUp() override;

  virtual void make_host_tables() = 0;
};

/// Returns the configuration for a store on this database, with defaults for everything else.
[[nodiscard]] DatabaseConfig config_of(const TestDatabase& database);

/// Returns the ids of claimed jobs in order.
[[nodiscard]] std::vector<std::string> ids(const std::vector<ClaimedJob>& jobs);

}  // namespace autoreply::test

#define AUTOREPLY_ON_EVERY_DATABASE(suite)                      \
  INSTANTIATE_TEST_SUITE_P(                                     \
      ,                                                         \
      suite,                                                    \
      testing::Values(autoreply::test::DatabaseKind::sqlite,    \
                      autoreply::test::DatabaseKind::postgres), \
      [](const auto& tested) { return std::string(autoreply::test::to_string(tested.param)); })

#define AUTOREPLY_ON_POSTGRES(suite)                                                              \
  INSTANTIATE_TEST_SUITE_P(                                                                       \
      , suite, testing::Values(autoreply::test::DatabaseKind::postgres), [](const auto& tested) { \
        return std::string(autoreply::test::to_string(tested.param));                             \
      })

#define AUTOREPLY_ON_SQLITE(suite)                                                              \
  INSTANTIATE_TEST_SUITE_P(                                                                     \
      , suite, testing::Values(autoreply::test::DatabaseKind::sqlite), [](const auto& tested) { \
        return std::string(autoreply::test::to_string(tested.param));                           \
      })
