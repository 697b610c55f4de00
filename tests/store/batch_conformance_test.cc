#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/uuid.h"
#include "store/write_test.h"

namespace autoreply::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class Batch : public WriteTest {};
AUTOREPLY_ON_EVERY_DATABASE(Batch);

TEST_P(Batch, OfNothingWritesNothing) {
  const Written written = write({}, {});
  EXPECT_THAT(written.recorded, IsEmpty());
  EXPECT_THAT(written.settled, IsEmpty());
}

TEST_P(Batch, RecordsAndSettlesInTheOrderOfTheRequests) {
  const ClaimedJob lost = claim_one(host().job().id);
  const ClaimedJob kept = claim_one(host().job().id);
  set(lost.job.id.value, "claim_token = " + sql_literal(random_uuid()));
  const Written written =
      write({record_request(lost, "lost"), record_request(claimed_, "kept")},
            {settlement(lost, Outcome::completed), settlement(kept, Outcome::completed)});
  ASSERT_EQ(2U, written.recorded.size());
  EXPECT_THAT(written.recorded[0], IsLost());
  ASSERT_TRUE(written.recorded[1]);
  EXPECT_EQ("kept", written.recorded[1]->text);
  EXPECT_THAT(written.settled, ElementsAre(IsLost(), IsDone()));
}

TEST_P(Batch, IsRefusedWholeForOneBadRow) {
  // Like a CHECK of the host's own.
  if (database().is_postgres()) {
    database().execute("alter table ai_response_queue add check (error <> 'bad')");
  } else {
    database().execute(
        "create trigger no_bad before update on ai_response_queue when new.error = 'bad' "
        "begin select raise(abort, 'bad row'); end");
  }
  const ClaimedJob good = claim_one(host().job().id);
  const ClaimedJob bad = claim_one(host().job().id);
  Settlement refused = settlement(bad, Outcome::failed);
  refused.error = "bad";
  const std::vector<RecordRequest> records{record_request(claimed_, "text")};
  const std::vector<Settlement> settlements{settlement(good, Outcome::completed), refused};
  const auto before = row(good.job.id.value);
  const auto written = store().write(records, settlements);
  ASSERT_FALSE(written);
  EXPECT_EQ(ErrorKind::refused, written.error().kind) << written.error().message;
  EXPECT_EQ(before, row(good.job.id.value));
  EXPECT_EQ("0", log_count());
  EXPECT_EQ("", column(job_.id, "ai_log_id"));
}

TEST_P(Batch, IsWrittenAfterOneThatWasRefused) {
  database().execute(
      database().is_postgres()
          ? "alter table ai_response_logs add check (response <> 'bad')"
          : "create trigger no_bad before insert on ai_response_logs when new.response = 'bad' "
            "begin select raise(abort, 'bad row'); end");
  const std::vector<RecordRequest> records{record_request(claimed_, "bad")};
  const auto written = store().write(records, {});
  ASSERT_FALSE(written);
  EXPECT_EQ(ErrorKind::refused, written.error().kind) << written.error().message;
  EXPECT_TRUE(record(claimed_, "good"));
}

TEST_P(Batch, HoldsAThousandJobs) {
  constexpr int kJobs = 1'000;
  std::string values;
  for (int number = 0; number < kJobs; ++number) {
    values += fmt::format("{}('{}', 'ws-1', '{}', '{}', 'pending', {})",
                          number == 0 ? "" : ", ",
                          random_uuid(),
                          random_uuid(),
                          random_uuid(),
                          database().instant(-10));
  }
  database().execute(
      "insert into ai_response_queue (id, workspace_id, contact_id, message_id, status, "
      "next_attempt_at) values " +
      values);
  const auto jobs = claim(kJobs);
  ASSERT_EQ(1'000U, jobs.size());
  std::vector<RecordRequest> records;
  std::vector<Settlement> settlements;
  for (const ClaimedJob& job : jobs) {
    records.push_back(record_request(job, kOddText));
    settlements.push_back(settlement(job, Outcome::completed));
  }
  const Written written = write(records, settlements);
  EXPECT_THAT(written.settled, testing::Each(IsDone()));
  EXPECT_EQ("1000", log_count());
  EXPECT_EQ("1000",
            database().value("select count(*) from ai_response_queue where status = 'complete'"));
}

}  // namespace
}  // namespace autoreply::test
