#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "postgres_plan_fixture.h"
#include "store/batch_json.h"

namespace autoreply::test {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr int kJobs = 8;

/// A write must read what belongs to its batch, whatever the size of the queue and the statistics.
class WriteCost : public PlanTest {
 protected:
  struct Statement {
    std::string name;
    const SqlStatement& statement;
    Values values;
    Plans plans = Plans::lookups;
  };

  void SetUp() override {
    PlanTest::SetUp();
    for (int at = 0; at < kJobs; ++at) host().job();
    for (const ClaimedJob& job : claim(kJobs)) {
      starts_.push_back(start_request(job));
      records_.push_back(record_request(job, "We open at 7."));
      settlements_.push_back(settlement(job, Outcome::completed));
      settlements_.back().answered = {"00000000-0000-0000-0000-000000000001"};
      held_.push_back({job.job.id, job.token});
    }
    ASSERT_EQ(held_.size(), kJobs);
  }

  [[nodiscard]] std::vector<Statement> statements() {
    called_ = statements_of_the_store();
    EXPECT_THAT(called_.start.parts.front().sql, HasSubstr("autoreply_start_"));
    return {
        {"start by its function", called_.start, start_values({})},
        {"record by its function", called_.record, record_values({})},
        {"supersede by its function",
         called_.supersede,
         {{"batch", supersede_batch(settlements_)}}},
        {"settle by its function", called_.settle, {{"batch", settle_batch(settlements_)}}},
        {"renew by its function",
         called_.renew,
         {{"batch", held_batch(held_)}, {"lease_ms", "60000"}, {"run_id", ""}}},
        {"start", sql_.start, start_values({})},
        {"start in a claim", sql_.start, start_values({}), Plans::walks},
        {"renew",
         sql_.renew,
         {{"batch", held_batch(held_)}, {"lease_ms", "60000"}, {"run_id", ""}}},
        {"record", sql_.record, record_values({})},
        {"supersede", sql_.supersede, {{"batch", supersede_batch(settlements_)}}},
        {"settle", sql_.settle, {{"batch", settle_batch(settlements_)}}},
        {"find_deliveries", sql_.find_deliveries, {{"batch", held_batch(held_)}}},
        {"put_back",
         sql_.put_back,
         {{"batch",
           R"([{"id": ")" + held_.front().id.value +
               R"(", "attempts": 1, "attempts_before": 0, "at": 0}])"},
          {"reason", "x"}}},
        {"lock_breakers", sql_.lock_breakers, {{"peers", "[]"}, {"workspaces", R"(["ws1"])"}}},
    };
  }

  [[nodiscard]] Values start_values(const MessageTimes& times) const {
    return {{"batch", start_batch(starts_)},
            {"message_types", message_types_json({"sms"})},
            {"context_messages", "5"},
            {"messages_since", times.since},
            {"messages_until", times.until}};
  }

  [[nodiscard]] Values record_values(const MessageTimes& times) const {
    return {{"batch", record_batch(records_)},
            {"message_types", message_types_json({"sms"})},
            {"messages_since", times.since},
            {"messages_until", times.until}};
  }

  /// How many scans of partitions of messages a plan has.
  [[nodiscard]] int partition_scans(const SqlStatement& statement, const Values& values) {
    const std::string text = plan(Plans::lookups, statement, values);
    int scans = 0;
    for (std::size_t at = text.find(" on month_"); at != std::string::npos;
         at = text.find(" on month_", at + 1)) {
      ++scans;
    }
    return scans;
  }

  void expect_no_growth(Statistics statistics) {
    std::vector<int> before;
    for (const Statement& each : statements()) {
      before.push_back(blocks_read(each.plans, each.statement, each.values));
    }
    fill(statistics);
    for (std::size_t at = 0; const Statement& each : statements()) {
      SCOPED_TRACE(each.name);
      const std::string text = plan(each.plans, each.statement, each.values);
      EXPECT_THAT(text, Not(HasSubstr("Seq Scan on ai_response_queue")));
      EXPECT_THAT(text, Not(HasSubstr("Seq Scan on livechat_messages")));
      // An index gets a level higher, which costs a block for each look into it. A walk of the
      // whole queue reads a thousand blocks or more.
      EXPECT_LE(blocks_read(each.plans, each.statement, each.values), 3 * before[at] + 100) << text;
      ++at;
    }
  }

  Statements called_;
  std::vector<StartRequest> starts_;
  std::vector<RecordRequest> records_;
  std::vector<Settlement> settlements_;
  std::vector<HeldJob> held_;
};
AUTOREPLY_ON_POSTGRES(WriteCost);

TEST_P(WriteCost, StaysWithoutStatistics) {
  expect_no_growth(Statistics::none);
}

TEST_P(WriteCost, StaysUnderStaleStatistics) {
  expect_no_growth(Statistics::stale);
}

TEST_P(WriteCost, StaysUnderFreshStatistics) {
  expect_no_growth(Statistics::fresh);
}

TEST_P(WriteCost, OfAReportStaysWhenAnOutageHasPutOffAllJobs) {
  const Values values{{"peers", "[]"}, {"workspaces", R"(["ws1"])"}};
  database().execute("update ai_response_queue set next_attempt_at = now() + interval '1 day'");
  const int before = blocks_read(Plans::lookups, sql_.lock_breakers, values);
  due_in_ = "2 days";
  fill(Statistics::fresh);
  // A few blocks for each workspace. All jobs would be twenty thousand.
  EXPECT_LE(blocks_read(Plans::lookups, sql_.lock_breakers, values), before + 1'000);
}

TEST_P(WriteCost, StaysWithManyPartitionsOfMessages) {
  constexpr int kMonths = 60;
  database().execute(fmt::format(
      "drop table livechat_messages;"
      "create table livechat_messages (id uuid, workspace_id text, contact_id uuid,"
      " sender text, direction text, body text, status text, msg_type text,"
      " created_at timestamptz, primary key (id, created_at))"
      " partition by range (created_at);"
      "create index on livechat_messages (contact_id, workspace_id, created_at desc);"
      "do $$ begin for month in 1..{} loop execute format("
      " 'create table month_%s partition of livechat_messages for values from (%L) to (%L)',"
      " month, date_trunc('day', now()) + interval '2 days' - month * interval '30 days',"
      " date_trunc('day', now()) + interval '32 days' - month * interval '30 days');"
      " end loop; end $$",
      kMonths));
  // The history reaches back to the first message. All other looks meet one partition or two.
  EXPECT_LE(partition_scans(sql_.start, start_values(message_times(starts_))), kMonths + 6);
  EXPECT_LE(partition_scans(sql_.record, record_values(message_times(records_))), 6);
  EXPECT_GE(partition_scans(sql_.record, record_values({})), kMonths) << "the scans are counted";
}

/// An update of a column that no index names is a HOT update and adds no index entries.
TEST_P(WriteCost, LeavesTheIndexesAloneWhileAJobIsUnderWay) {
  EXPECT_EQ("",
            database().value(
                "select string_agg(distinct d.objid::regclass || '.' || a.attname, ' ')"
                "  from pg_attribute a"
                "  join pg_depend d on d.refobjid = a.attrelid and d.refobjsubid = a.attnum"
                "                  and d.refclassid = 'pg_class'::regclass"
                "                  and d.classid = 'pg_class'::regclass"
                "  join pg_index i on i.indexrelid = d.objid"
                " where a.attrelid = 'ai_response_queue'::regclass"
                "   and a.attname in ('started_at', 'lease_until', 'ai_log_id', 'sends', 'sent_at',"
                "                     'outcome')"));
  EXPECT_NE(
      "0",
      database().value("select count(*) from pg_depend d join pg_index i on i.indexrelid = d.objid"
                       " where d.refobjid = 'ai_response_queue'::regclass and d.refobjsubid > 0"));
}

}  // namespace
}  // namespace autoreply::test
