#include <fmt/format.h>
#include <gmock/gmock.h>

#include "program/program_fixture.h"

namespace autoreply::test {
namespace {

using testing::HasSubstr;
using testing::Le;

/// Each test puts one bad row between good ones. The good ones complete, whatever becomes of the
/// bad one.
class BadRows : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    if (IsSkipped()) return;
    before_ = ask(add_customer(), "Hello, I am first", 40);
    after_ = ask(add_customer(), "Hello, I am last", 20);
  }

  /// Runs, and checks that both neighbours completed. Returns the bad row.
  nlohmann::json run_among_good_ones(const std::string& bad, int status) {
    const RunResult result = run();
    EXPECT_EQ(status, result.status) << result.log;
    EXPECT_EQ(3, result["claimed"]);
    EXPECT_EQ("complete", job(before_)["status"]);
    EXPECT_EQ("complete", job(after_)["status"]);
    nlohmann::json row = job(bad);
    EXPECT_TRUE(row["claim_token"].is_null());
    if (row["error"].is_string()) {
      const std::string error = row["error"];
      EXPECT_THAT(error.size(), Le(500U));
      EXPECT_EQ(std::string::npos, error.find('\n'));
      EXPECT_THAT(error, HasSubstr("attempt 1 of 3"));
    }
    return row;
  }

  void expect_failed(const std::string& bad, const std::string& reason) {
    const auto row = run_among_good_ones(bad, 1);
    EXPECT_EQ("error", row["status"]);
    EXPECT_FALSE(row["processed_at"].is_null());
    EXPECT_THAT(row["error"].get<std::string>(), HasSubstr(reason));
  }

  /// For bad rows that the workspace can fix.
  void expect_deferred(const std::string& bad, const std::string& reason) {
    const auto row = run_among_good_ones(bad, 75);
    EXPECT_EQ("pending", row["status"]);
    EXPECT_EQ(0, row["attempts"]);
    EXPECT_THAT(row["error"].get<std::string>(), HasSubstr(reason));
  }

  std::string before_;
  std::string after_;
};

AUTOREPLY_ON_BOTH_DATABASES(BadRows);

TEST_P(BadRows, AMissingContactFails) {
  const Customer gone = add_customer();
  const std::string bad = ask(gone, "Hello?");
  database().execute(fmt::format("delete from contacts where id = '{}'", gone.id));
  expect_failed(bad, "the contact does not exist");
}

TEST_P(BadRows, AMissingMessageIsRetriedSinceItMayBeOnItsWay) {
  const std::string bad = enqueue(add_customer(), fresh_id());
  const auto row = run_among_good_ones(bad, 75);
  EXPECT_EQ("pending", row["status"]);
  EXPECT_THAT(row["error"].get<std::string>(), HasSubstr("message does not exist"));
}

TEST_P(BadRows, AMessageOfAnotherWorkspaceFailsAndIsNotRead) {
  add_workspace({.workspace_id = "rival"});
  const Customer spy = add_customer("rival");
  const std::string secret = add_message(spy, "Our secret recipe");
  const std::string bad = enqueue(add_customer(), secret);
  expect_failed(bad, "another workspace");
  for (const ReceivedRequest& request : standin_.provider.requests()) {
    EXPECT_EQ(std::string::npos, request.body.find("secret recipe"));
  }
}

TEST_P(BadRows, AMessageOfAnotherContactFails) {
  const std::string bad = enqueue(add_customer(), add_message(add_customer(), "Hello?"));
  expect_failed(bad, "another contact");
}

TEST_P(BadRows, AContactOfAnotherWorkspaceFails) {
  add_workspace({.workspace_id = "rival"});
  Customer stray = add_customer("rival");
  stray.workspace = "ws-1";
  expect_failed(ask(stray, "Hello?"), "another workspace");
}

TEST_P(BadRows, ANumberThatIsNoPhoneNumberFails) {
  const Customer sam = add_customer();
  const std::string bad = ask(sam, "Hello?");
  database().execute(
      fmt::format("update contacts set phone_number = '+0550-1234' where id = '{}'", sam.id));
  expect_failed(bad, "phone number");
}

TEST_P(BadRows, AMissingPhoneNumberFails) {
  const Customer sam = add_customer();
  const std::string bad = ask(sam, "Hello?");
  database().execute(
      fmt::format("update contacts set phone_number = null where id = '{}'", sam.id));
  expect_failed(bad, "phone number");
}

TEST_P(BadRows, AWorkspaceWithoutConfigurationWaits) {
  expect_deferred(ask(add_customer("nobody"), "Hello?"), "configuration");
}

TEST_P(BadRows, AnUnknownProviderWaits) {
  add_workspace({.workspace_id = "odd", .provider = "parrot"});
  expect_deferred(ask(add_customer("odd"), "Hello?"), "parrot");
}

TEST_P(BadRows, AnAddressThatIsNotAllowedWaits) {
  add_workspace({.workspace_id = "sly", .base_url = "https://169.254.169.254/v1"});
  expect_deferred(ask(add_customer("sly"), "Hello?"), "generate: ");
}

TEST_P(BadRows, AnAddressWithoutEncryptionWaits) {
  add_workspace({.workspace_id = "open", .base_url = "http://example.com/v1"});
  expect_deferred(ask(add_customer("open"), "Hello?"), "https");
}

TEST_P(BadRows, AnEmptyBodyIsSkipped) {
  const auto row = run_among_good_ones(ask(""), 0);
  EXPECT_EQ("skipped: nothing to answer", row["outcome"]);
}

TEST_P(BadRows, AMissingBodyIsSkipped) {
  const Customer sam = add_customer();
  const std::string bad = ask(sam, "Hello?");
  database().execute(
      fmt::format("update livechat_messages set body = null where contact_id = '{}'", sam.id));
  EXPECT_EQ("skipped: nothing to answer", run_among_good_ones(bad, 0)["outcome"]);
}

TEST_P(BadRows, ABodyOfControlCharactersEmojiAndMarkupIsAnswered) {
  const auto row = run_among_good_ones(ask("\x01\x1b[31m \U0001F6BF <b>it's \"leaking\"</b> {{x}} "
                                           "\\u0000 '; drop table contacts; --"),
                                       0);
  EXPECT_EQ("completed", row["outcome"]);
}

TEST_P(BadRows, AHugeBodyIsCutAndAnswered) {
  const auto row = run_among_good_ones(ask(std::string(1 << 20, 'a')), 0);
  EXPECT_EQ("completed", row["outcome"]);
  for (const ReceivedRequest& request : standin_.provider.requests()) {
    EXPECT_LT(request.body.size(), 128U << 10);
  }
}

TEST_P(BadRows, AReplyThatIsNotJsonIsRetried) {
  const std::string bad = ask("Say something odd");
  standin_.provider.script_for("Say something odd",
                               {.status = 200, .body = "<html>Bad gateway</html>"});
  EXPECT_EQ("pending", run_among_good_ones(bad, 75)["status"]);
}

TEST_P(BadRows, AReplyWithNulBytesAndLoneSurrogatesTouchesNoOtherJob) {
  const std::string bad = ask("Say something odd");
  standin_.provider.script_for(
      "Say something odd",
      {.status = 200,
       .body = R"({"choices":[{"message":{"role":"assistant","content":"Hi\u0000 there"},)"
               R"("finish_reason":"stop"}],"usage":{"total_tokens":5}})"});
  const auto row = run_among_good_ones(bad, 0);
  EXPECT_EQ("completed", row["outcome"]);
  EXPECT_EQ("Hi there", log_row(row["ai_log_id"])["response"]);
}

TEST_P(BadRows, ARowOfAnOlderServiceIsLeftAlone) {
  const std::string bad = ask("Hello?");
  database().execute(
      fmt::format("update ai_response_queue set status = 'processing' where id = '{}'", bad));
  const RunResult result = run();
  EXPECT_EQ(0, result.status);
  EXPECT_EQ(2, result["claimed"]);
  EXPECT_EQ("processing", job(bad)["status"]);
}

TEST_P(BadRows, AttemptsThatAreNullCountAsNone) {
  if (GetParam() == DatabaseKind::postgres) {
    database().execute("alter table ai_response_queue alter column attempts drop not null");
  } else {
    GTEST_SKIP() << "SQLite cannot drop NOT NULL from a column; the store's own tests cover it";
  }
  const std::string bad = ask("Hello?");
  database().execute(
      fmt::format("update ai_response_queue set attempts = null where id = '{}'", bad));
  EXPECT_EQ(1, run_among_good_ones(bad, 0)["attempts"]);
}

}  // namespace
}  // namespace autoreply::test
