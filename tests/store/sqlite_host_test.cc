// What only SQLite hosts have: times as texts, values of any type in any column, names in any case.

#include <chrono>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/uuid.h"
#include "support/store_test.h"

namespace autoreply::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

class TimeTexts : public StoreTest {
 protected:
  /// Adds a pending job of a new contact, with the SQL expression as its `next_attempt_at`.
  std::string job_due_at(const std::string& expression) {
    const HostJob job = host().job({.seconds_ago = 50});
    set(job.id, "next_attempt_at = " + expression);
    return job.id;
  }
};
AUTOREPLY_ON_SQLITE(TimeTexts);

TEST_P(TimeTexts, AreOrderedAsInstantsInEveryForm) {
  const std::string third = job_due_at("'2026-01-01T10:00:00.250Z'");
  const std::string first = job_due_at("'2026-01-01T11:30:00+02:00'");
  const std::string fourth = job_due_at("'2026-01-01T08:00:01-02:00'");
  const std::string second = job_due_at("'2026-01-01 10:00:00'");
  EXPECT_THAT(ids(claim()), ElementsAre(first, second, third, fourth));
}

TEST_P(TimeTexts, InTheFutureAreNotDueInAnyForm) {
  job_due_at("datetime('now', '+60 seconds')");
  job_due_at("strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '+60 seconds')");
  job_due_at("strftime('%Y-%m-%dT%H:%M:%f', 'now', '+2 hours', '+60 seconds') || '+02:00'");
  EXPECT_THAT(claim(), IsEmpty());
}

TEST_P(TimeTexts, ThatCannotBeReadLeaveTheJobDue) {
  const std::string garbage = job_due_at("'next Tuesday'");
  const std::string empty = job_due_at("''");
  const std::string epoch = job_due_at("1795351666086");
  const HostJob neither = host().job();
  set(neither.id, "created_at = 'long ago', next_attempt_at = 'soon'");
  EXPECT_THAT(ids(claim()), UnorderedElementsAre(garbage, empty, epoch, neither.id));
}

TEST_P(TimeTexts, MayNameThePresentWithoutBreakingTheHostsWrite) {
  const std::string now = job_due_at("'now'");
  EXPECT_THAT(ids(claim()), ElementsAre(now));
}

TEST_P(TimeTexts, OfCreationThatCannotBeReadMakeAYoungJob) {
  const HostJob job = host().job();
  set(job.id, "created_at = 'long ago'");
  EXPECT_EQ(0, context_of(job.id).age.count());
}

TEST_P(TimeTexts, AreWrittenWithMillisecondsInUtc) {
  const HostJob job = host().job();
  const ClaimedJob claimed = claim_one(job.id);
  ASSERT_TRUE(start(claimed));
  ASSERT_TRUE(record(claimed));
  Settlement later = settlement(claimed, Outcome::retried);
  later.due = Settlement::Due::after_send;
  later.delay = std::chrono::milliseconds{90'250};
  ASSERT_TRUE(settle(later));
  for (const std::string_view name : {"claimed_at", "started_at", "sent_at", "next_attempt_at"}) {
    EXPECT_THAT(column(job.id, name), testing::MatchesRegex("[0-9-]{10}T[0-9:]{8}[.][0-9]{3}Z"))
        << name;
  }
  EXPECT_EQ("90.25", column(job.id, database().seconds_between("sent_at", "next_attempt_at")));
}

class OddValues : public StoreTest {};
AUTOREPLY_ON_SQLITE(OddValues);

TEST_P(OddValues, OfOneMessageDisturbNoOtherJob) {
  for (const std::string_view body : {"x'fffe4142'",              // a BLOB
                                      "cast(x'61ff62' as text)",  // not UTF-8
                                      "cast(x'610062' as text)",  // a NUL
                                      "cast(x'eda080' as text)",  // a lone surrogate
                                      "42"}) {
    const HostJob odd = host().job();
    const HostJob fine = host().job();
    database().execute(fmt::format(
        "update livechat_messages set body = {} where id = '{}'", body, odd.message_id));
    const auto jobs = claim();
    ASSERT_THAT(jobs, SizeIs(2)) << body;
    std::vector<StartRequest> requests;
    requests.reserve(jobs.size());
    for (const ClaimedJob& job : jobs) requests.push_back(start_request(job));
    const auto contexts = store().start(requests);
    ASSERT_TRUE(contexts) << body << ": " << contexts.error().message;
    for (const auto& context : *contexts) {
      ASSERT_TRUE(context && context->original) << body;
      EXPECT_NE("", context->original->body) << body;
    }
  }
}

TEST_P(OddValues, OfAConfigurationOrAContactDisturbNobody) {
  const HostJob job = host().job();
  database().execute(
      "update workspace_ai_config set system_prompt = x'ff', temperature = 'warm', max_tokens = "
      "9e99;"
      "update contacts set phone_number = x'31', conversation_status = x'ff';");
  const JobContext context = context_of(job.id);
  ASSERT_TRUE(context.config);
  EXPECT_FALSE(context.config->temperature);
  EXPECT_FALSE(context.config->max_tokens);
  ASSERT_TRUE(context.contact);
  EXPECT_EQ("1", context.contact->phone_number);
}

TEST_P(OddValues, InTheQueueDisturbNoClaim) {
  const HostJob odd = host().job();
  const HostJob fine = host().job();
  set(odd.id, "workspace_id = x'ff', message_id = cast(x'ff' as text), attempts = 'some'");
  EXPECT_THAT(ids(claim()), UnorderedElementsAre(odd.id, fine.id));
}

class TakenBack : public StoreTest {};
AUTOREPLY_ON_SQLITE(TakenBack);

TEST_P(TakenBack, AJobThatTheHostPutBackToPendingIsClaimedAgain) {
  const HostJob job = host().job();
  claim_one(job.id);
  set(job.id, "status = 'pending', lease_until = " + database().instant(-1));
  EXPECT_THAT(ids(claim()), ElementsAre(job.id));
}

TEST_P(TakenBack, AJobThatTheHostEndedDoesNotBarItsContact) {
  const HostJob ended = host().job();
  claim_one(ended.id);
  const std::string next = host().queue({.contact_id = ended.contact_id});
  set(ended.id, "status = 'error', lease_until = " + database().instant(-1));
  EXPECT_THAT(ids(claim()), ElementsAre(next));
}

class OldFile : public HostStoreTest {
 protected:
  void make_host_tables() override { make_minimal_host_tables(database()); }
};
AUTOREPLY_ON_SQLITE(OldFile);

TEST_P(OldFile, TakesInsertsThatDoNotKnowOurColumns) {
  const std::string id = random_uuid();
  database().execute(fmt::format(
      "insert into ai_response_queue (id, workspace_id, contact_id, message_id, status, "
      "created_at) values ('{}', 'ws-1', '{}', '{}', 'pending', datetime('now', '-9 hours'))",
      id,
      random_uuid(),
      random_uuid()));
  EXPECT_EQ("", column(id, "next_attempt_at"));
  EXPECT_THAT(ids(claim()), ElementsAre(id));
}

class UpperCaseFile : public HostStoreTest {
 protected:
  void make_host_tables() override {
    make_minimal_host_tables(database());
    database().execute(
        "alter table livechat_messages add STATUS text; alter table ai_response_queue add SENDS "
        "integer;"
        "alter table contacts rename to Contacts_; alter table Contacts_ rename to Contacts;");
  }
};
AUTOREPLY_ON_SQLITE(UpperCaseFile);

TEST_P(UpperCaseFile, IsReadInAnyCaseAsSqliteDoes) {
  EXPECT_TRUE(store().check_ready());
  const std::string contact = random_uuid();
  const std::string original = random_uuid();
  const std::string failed = random_uuid();
  for (const auto& [id, direction, status] :
       {std::tuple{original, "inbound", "received"}, std::tuple{failed, "outbound", "failed"}}) {
    database().execute(
        fmt::format("insert into livechat_messages (id, workspace_id, contact_id, direction, body, "
                    "status, created_at) "
                    "values ('{}', 'ws-1', '{}', '{}', 'hello', '{}', datetime('now'))",
                    id,
                    contact,
                    direction,
                    status));
  }
  const std::string id = random_uuid();
  database().execute(
      fmt::format("insert into ai_response_queue (id, workspace_id, contact_id, message_id, "
                  "status, created_at) "
                  "values ('{}', 'ws-1', '{}', '{}', 'pending', datetime('now'))",
                  id,
                  contact,
                  original));
  EXPECT_THAT(context_of(id).history, IsEmpty());
}

}  // namespace
}  // namespace autoreply::test
