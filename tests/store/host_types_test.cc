// Whether the types, limits and checks of the host's columns allow what is written.

#include <chrono>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/host_fit_fixture.h"

namespace autoreply::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class HostTypes : public HostFit {};
AUTOREPLY_ON_POSTGRES(HostTypes);

TEST_P(HostTypes, ThatCannotWorkAreNamed) {
  struct Misfit {
    const char* change;
    const char* finding;
  };
  for (const Misfit& misfit :
       {Misfit{"alter table contacts alter column phone_number type bigint using 1",
               "contacts.phone_number is bigint but must be text"},
        Misfit{"alter table contacts alter column id drop default, alter column id type text",
               "contacts.id is text but must be uuid"},
        Misfit{"alter table ai_response_logs alter column prompt type jsonb using '{}'",
               "ai_response_logs.prompt is jsonb but must be text"},
        Misfit{"alter table ai_response_queue alter column processed_at type text",
               "ai_response_queue.processed_at is text but must be timestamp"},
        Misfit{"alter table livechat_messages alter column direction type two using 'pending'",
               "livechat_messages.direction is two but must be an enum that also has the values "
               "inbound, outbound:"},
        Misfit{"create domain three as two; alter table livechat_messages alter column direction "
               "type three using 'pending'",
               "livechat_messages.direction is a domain over two but must be"},
        Misfit{"alter table ai_response_logs drop column cost; alter table ai_response_logs add "
               "cost numeric generated always as (1) stored",
               "ai_response_logs.cost is computed"}}) {
    const auto fresh = make_test_database(DatabaseKind::postgres);
    fresh->execute("create type two as enum ('pending', 'complete')");
    ASSERT_TRUE(migrate(config_of(*fresh)));
    fresh->execute(misfit.change);
    auto opened = open_store(config_of(*fresh));
    ASSERT_TRUE(opened);
    const auto fits = (*opened)->check_host();
    ASSERT_FALSE(fits) << misfit.change;
    EXPECT_EQ(ErrorKind::misconfigured, fits.error().kind);
    EXPECT_THAT(fits.error().message, HasSubstr(misfit.finding));
  }
}

class HostLimits : public HostFit {
 protected:
  /// What is found wrong after `change`; empty if nothing.
  static std::string found_after(const std::string& change) {
    const auto fresh = make_test_database(DatabaseKind::postgres);
    make_minimal_host_tables(*fresh);
    fresh->execute(change);
    const auto migrated = migrate(config_of(*fresh));
    if (migrated) return "";
    EXPECT_EQ(ErrorKind::misconfigured, migrated.error().kind) << migrated.error().message;
    EXPECT_EQ(std::string::npos, migrated.error().message.find('\n'));
    return migrated.error().message;
  }
};
AUTOREPLY_ON_POSTGRES(HostLimits);

TEST_P(HostLimits, ThatCannotHoldWhatIsWrittenAreNamedByMigrate) {
  const std::string queue = "alter table ai_response_queue ";
  const std::string check = queue + "add constraint known check ";
  const std::string no_error = "the check known on ai_response_queue.status does not allow error";
  for (const auto& [change, finding] :
       {std::pair{check + "(status in ('pending', 'processing', 'complete'))", no_error},
        std::pair{check + "(status in ('pending', 'processing', 'complete')) not valid", no_error},
        std::pair{check + "(status = 'pending' or status = 'processing' or status = 'complete')",
                  no_error},
        std::pair{queue + "alter column status type varchar(20);" + check +
                      "(status in ('pending', 'done'))",
                  std::string("does not allow processing, complete, error")},
        std::pair{"create domain short as text constraint known check (value in ('pending', "
                  "'processing', 'complete'));" +
                      queue + "alter column status drop default, alter column status type short",
                  no_error},
        std::pair{
            queue + "alter column status type varchar(9)",
            std::string("ai_response_queue.status holds at most 9 characters but must hold 10")},
        std::pair{queue + "alter column error type varchar(255)",
                  std::string(
                      "ai_response_queue.error holds at most 255 characters but must hold 500")}}) {
    EXPECT_THAT(found_after(change), HasSubstr(finding)) << change;
  }
}

TEST_P(HostLimits, ThatHoldItOrThatNobodyButTheDatabaseCanJudgeAreLeftAlone) {
  const std::string queue = "alter table ai_response_queue ";
  const std::string check = queue + "add constraint known check ";
  for (const std::string& change :
       {check + "(status in ('pending', 'processing', 'complete', 'error', 'held'))",
        check + "(status <> 'done')",
        check + "(not status = 'done')",
        check + "(status = 'pending' or length(status) > 2)",
        check + "(status = 'pending' or attempts is not null)",
        queue + "alter column status type varchar(10), alter column error type varchar(500)",
        std::string("alter table ai_response_logs alter column response type varchar(1600)")}) {
    EXPECT_EQ("", found_after(change)) << change;
  }
}

TEST_P(HostLimits, OfTheLogAreThoseOfTheRunsReplies) {
  host().job();
  database().execute(
      "create domain sms as varchar(160); create domain reply as sms;"
      "alter table ai_response_logs alter column response type reply using response::sms");
  EXPECT_EQ("", misfit()) << "no run has said how long its replies are";
  DatabaseConfig config = database_config();
  const auto fits = [&config](int reply_chars_max) {
    config.reply_chars_max = reply_chars_max;
    auto store = open_store(config);
    if (!store) throw std::runtime_error(store.error().message);
    return (*store)->check_host();
  };
  EXPECT_TRUE(fits(160));
  const Result<void> short_column = fits(161);
  ASSERT_FALSE(short_column);
  EXPECT_THAT(
      short_column.error().message,
      HasSubstr("ai_response_logs.response holds at most 160 characters but must hold 161"));
}

TEST_P(HostLimits, AreFoundBeforeTheFirstClaim) {
  host().job();
  database().execute(
      "alter table ai_response_queue add constraint known check (status in ('pending', 'done'))");
  EXPECT_THAT(misfit(), HasSubstr("the check known on ai_response_queue.status"));
}

/// The host's `status` is an enum with our words and one more.
class EnumStatus : public HostStoreTest {
 protected:
  void make_host_tables() override {
    make_minimal_host_tables(database());
    database().execute(
        "create type ai_status as enum ('pending', 'processing', 'complete', 'error', 'held');"
        "alter table ai_response_queue alter column status type ai_status using "
        "status::ai_status;"
        "alter table contacts add conversation_status text;"
        "alter table livechat_messages add status text, add msg_type text, add sender text;"
        "alter table workspace_ai_config add temperature numeric, add max_tokens integer, "
        "add api_key text, add base_url text, add enabled boolean, add updated_at timestamptz;");
  }
};
AUTOREPLY_ON_POSTGRES(EnumStatus);

TEST_P(EnumStatus, IsReadAndWrittenLikeText) {
  const HostJob older = host().job({.seconds_ago = 100});
  const HostJob answered = host().job({.contact_id = older.contact_id, .seconds_ago = 50});
  set(older.id, "next_attempt_at = " + database().instant(500));
  const ClaimedJob claimed = claim_one(answered.id);
  ASSERT_TRUE(start(claimed));
  const std::vector<HeldJob> held{{claimed.job.id, claimed.token}};
  EXPECT_THAT(store().renew(held, std::chrono::seconds{60}).value(), ElementsAre(true));
  ASSERT_TRUE(record(claimed));
  Settlement settled = settlement(claimed, Outcome::completed);
  settled.answered = {older.message_id};
  EXPECT_TRUE(settle(settled));
  EXPECT_EQ("complete", column(answered.id, "status"));
  EXPECT_EQ("complete", column(older.id, "status"));
  for (const Outcome outcome : {Outcome::retried, Outcome::failed, Outcome::released}) {
    const ClaimedJob next = claim_one(host().job().id);
    EXPECT_TRUE(settle(settlement(next, outcome)));
  }
  EXPECT_TRUE(waiting_in(store(), claim_request()));
}

TEST(EnumStatusWithoutOurWords, IsRefusedByMigrate) {
  const auto database = make_test_database(DatabaseKind::postgres);
  if (!database) GTEST_SKIP() << "AUTOREPLY_TEST_POSTGRES names no server";
  make_minimal_host_tables(*database);
  database->execute(
      "create type ai_status as enum ('pending', 'processing', 'done');"
      "alter table ai_response_queue alter column status type ai_status using status::ai_status");
  const auto migrated = migrate(config_of(*database));
  ASSERT_FALSE(migrated);
  EXPECT_EQ(ErrorKind::misconfigured, migrated.error().kind);
  EXPECT_THAT(
      migrated.error().message,
      HasSubstr("ai_response_queue.status is ai_status but must be an enum that also has the "
                "values complete, error:"));
}

}  // namespace
}  // namespace autoreply::test
