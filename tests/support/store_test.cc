#include "support/store_test.h"

#include <fmt/format.h>

#include "base/uuid.h"
#include "support/migrated_database.h"

namespace autoreply::test {
namespace {

/// Longer than any test.
constexpr std::chrono::minutes kLease{2};

}  // namespace

void StoreTest::SetUp() {
  use(make_migrated_database(GetParam()));
  if (!database_) GTEST_SKIP() << "AUTOREPLY_TEST_POSTGRES names no server";
  open_store_of_database();
}

void HostStoreTest::SetUp() {
  auto empty = make_test_database(GetParam());
  if (!empty) GTEST_SKIP() << "AUTOREPLY_TEST_POSTGRES names no server";
  use(std::move(empty));
  make_host_tables();
  const auto migrated = migrate(database_config());
  ASSERT_TRUE(migrated) << migrated.error().message;
  open_store_of_database();
}

DatabaseConfig config_of(const TestDatabase& database) {
  DatabaseConfig config;
  config.url = database.url();
  config.run = {.id = random_uuid(), .version = "0.1.0", .host = "it's a host"};
  return config;
}

DatabaseConfig StoreTest::database_config() const {
  return config_of(*database_);
}

std::unique_ptr<JobStore> StoreTest::open_another_store() const {
  auto opened = open_store(database_config());
  if (!opened) throw std::runtime_error(opened.error().message);
  return std::move(*opened);
}

StartRequest StoreTest::start_request(const ClaimedJob& job, bool in_doubt) {
  return {.held = {job.job.id, job.token},
          .lease = kLease,
          .in_doubt = in_doubt,
          .created_at = job.job.created_at};
}

std::vector<ClaimedJob> StoreTest::claim(const ClaimRequest& request) {
  auto jobs = claim_from(store(), request);
  if (!jobs) {
    ADD_FAILURE() << "claim: " << jobs.error().message;
    return {};
  }
  return std::move(jobs->jobs);
}

ClaimedJob StoreTest::claim_one(const std::string& job_id) {
  if (column(job_id, "status") == "pending") {
    set(job_id, "next_attempt_at = " + database().instant(-1));
  }
  ClaimRequest request = claim_request();
  request.filter.job_ids = {job_id};
  const auto jobs = claim(request);
  if (jobs.size() != 1) throw std::runtime_error("the job could not be claimed");
  return jobs.front();
}

std::optional<JobContext> StoreTest::start(const ClaimedJob& job) {
  const std::vector<StartRequest> requests{start_request(job)};
  auto contexts = store().start(requests);
  if (!contexts) {
    ADD_FAILURE() << "start: " << contexts.error().message;
    return std::nullopt;
  }
  if (!contexts->at(0)) return std::nullopt;
  return *contexts->at(0);
}

JobContext StoreTest::context_of(const std::string& job_id) {
  auto context = start(claim_one(job_id));
  if (!context) throw std::runtime_error("the token did not hold");
  return *context;
}

std::string StoreTest::log_id_of(const ClaimedJob& job) {
  return uuid_v5("6ba7b810-9dad-11d1-80b4-00c04fd430c8", job.job.id.value);
}

RecordRequest StoreTest::record_request(const ClaimedJob& job, const std::string& text) {
  return {.held = {job.job.id, job.token},
          .job = job.job,
          .lease = kLease,
          .log_id = log_id_of(job),
          .sends = 1,
          .reply = Reply{.text = text,
                         .provider = "openai",
                         .model = "gpt-4o-mini",
                         .prompt = R"([{"role":"user"}])",
                         .tokens_used = 321,
                         .cost_nanodollars = 1'234'567}};
}

bool StoreTest::record(const ClaimedJob& job, const std::string& text) {
  const std::vector<RecordRequest> records{record_request(job, text)};
  const auto written = store().write(records, {});
  if (!written) {
    ADD_FAILURE() << "write: " << written.error().message;
    return false;
  }
  return written->recorded.at(0).has_value();
}

Settlement StoreTest::settlement(const ClaimedJob& job, Outcome outcome) {
  return {.id = job.job.id, .token = job.token, .outcome = outcome, .attempts = job.attempt};
}

bool StoreTest::settle(const Settlement& settlement) {
  const std::vector<Settlement> settlements{settlement};
  const auto written = store().write({}, settlements);
  if (!written) {
    ADD_FAILURE() << "write: " << written.error().message;
    return false;
  }
  return written->settled.at(0).has_value();
}

std::string StoreTest::column(const std::string& job_id, std::string_view name) {
  return database().value(
      fmt::format("select {} from ai_response_queue where id = {}", name, sql_literal(job_id)));
}

double StoreTest::seconds_until(const std::string& job_id, std::string_view name) {
  const std::string seconds =
      column(job_id, database().seconds_between(database().instant(0), name));
  if (seconds.empty()) throw std::runtime_error(fmt::format("{} is NULL", name));
  return std::stod(seconds);
}

std::vector<std::string> StoreTest::row(const std::string& job_id) {
  return database().rows("select * from ai_response_queue where id = " + sql_literal(job_id)).at(0);
}

void StoreTest::set(const std::string& job_id, const std::string& assignments) {
  database().execute(fmt::format(
      "update ai_response_queue set {} where id = {}", assignments, sql_literal(job_id)));
}

std::vector<std::string> ids(const std::vector<ClaimedJob>& jobs) {
  std::vector<std::string> found;
  found.reserve(jobs.size());
  for (const ClaimedJob& job : jobs) found.push_back(job.job.id.value);
  return found;
}

}  // namespace autoreply::test
