#include <set>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "program/program_fixture.h"

namespace autoreply::test {
namespace {

using testing::AllOf;
using testing::Ge;
using testing::HasSubstr;
using testing::Le;
using testing::StartsWith;

using Delivery = ProgramTest;
AUTOREPLY_ON_BOTH_DATABASES(Delivery);

/// Matches exactly so many milliseconds, apart from the rounding of two times.
auto about(int span) {
  return AllOf(Ge(span - 1), Le(span + 1));
}

/// The distinct transmissions, by the parts that must be the same in every transmission of a reply.
std::set<std::string> different_transmissions(const Endpoint& host) {
  std::set<std::string> seen;
  for (const ReceivedRequest& request : host.requests()) {
    seen.insert(request.header("idempotency-key") + request.body);
  }
  return seen;
}

TEST_P(Delivery, RefusedThreeTimesWaitsFiveThenTwentyFiveSecondsAndFails) {
  const std::string id = ask("Hello?");
  standin_.host.answer_always(Answer{.status = 503});

  const RunResult first = run({"--outage-wait", "0"});
  EXPECT_EQ(75, first.status);
  EXPECT_EQ("pending", job(id)["status"]);
  EXPECT_GE(between(id, "sent_at", "next_attempt_at"), 5 * kSecond);
  EXPECT_LE(between(id, "sent_at", "next_attempt_at"), 5 * kSecond + first.exit.wall.count());
  EXPECT_THAT(job(id)["error"].get<std::string>(), HasSubstr("503"));
  move_back(id, "next_attempt_at", 5);

  const RunResult second = run({"--outage-wait", "0"});
  EXPECT_EQ(75, second.status);
  EXPECT_EQ("pending", job(id)["status"]);
  EXPECT_GE(between(id, "sent_at", "next_attempt_at"), 25 * kSecond);
  EXPECT_LE(between(id, "sent_at", "next_attempt_at"), 25 * kSecond + second.exit.wall.count());
  move_back(id, "next_attempt_at", 25);

  EXPECT_EQ(1, run({"--outage-wait", "0"}).status);
  EXPECT_EQ("error", job(id)["status"]);
  EXPECT_EQ(3, job(id)["attempts"]);
  EXPECT_EQ(0, job(id)["sends"]) << "none of them went out";
  EXPECT_EQ(1U, standin_.provider.count()) << "the reply is paid for once";
  EXPECT_EQ(3U, standin_.host.count());
  EXPECT_EQ(1U, different_transmissions(standin_.host).size());
  EXPECT_EQ(1U, rows("ai_response_logs").size());
}

TEST_P(Delivery, RetriesWithTheSameReplyUntilTheHostTakesIt) {
  const std::string id = ask("Hello?");
  standin_.host.script(Answer{.status = 503});
  EXPECT_EQ(75, run().status);
  const std::string log_id = job(id)["ai_log_id"];
  move_back(id, "next_attempt_at", 5);

  EXPECT_EQ(0, run().status);

  EXPECT_EQ("completed", job(id)["outcome"]);
  EXPECT_EQ(log_id, job(id)["ai_log_id"]);
  EXPECT_EQ(1U, standin_.provider.count());
  EXPECT_EQ(1U, different_transmissions(standin_.host).size());
}

TEST_P(Delivery, WaitsAsLongAsTheHostAsksFor) {
  const std::string id = ask("Hello?");
  standin_.host.script(Answer{.status = 429, .headers = {{"Retry-After", "90"}}});

  EXPECT_EQ(1, run()["deferred"]);
  EXPECT_EQ(0, job(id)["attempts"]);
  move_back(id, "next_attempt_at", 3'600);
  const RunResult early = run();
  EXPECT_EQ(0, early["claimed"]) << "its workspace waits";
  EXPECT_EQ(1, early["held_back"]);
  EXPECT_EQ("1",
            database().value("select count(*) from autoreply_breakers where blocked_until > " +
                             database().instant(60)));
}

TEST_P(Delivery, RetriesWhenNobodyListensAndTheRequestNeverWentOut) {
  const std::string id = ask("Hello?");
  // Port 1 of this machine is closed.
  EXPECT_EQ(1, run({"--callback-url", "http://127.0.0.1:1/send-sms"})["deferred"]);

  EXPECT_EQ("pending", job(id)["status"]);
  move_back(id, "next_attempt_at", 5);
  EXPECT_EQ(1, run()["completed"]) << "what never went out is not in doubt";
  EXPECT_EQ(1U, standin_.provider.count());
}

TEST_P(Delivery, IsInDoubtAfterAnErrorOfTheHost) {
  const std::string id = ask("Hello?");
  standin_.host.script(Answer{.status = 500});

  const RunResult result = run({"--in-doubt-wait", "7m"});

  EXPECT_EQ(75, result.status);
  EXPECT_EQ(1, result["retried"]);
  EXPECT_THAT(job(id)["outcome"].get<std::string>(), StartsWith("retried: in doubt"));
  EXPECT_THAT(between(id, "sent_at", "next_attempt_at"), about(7 * 60 * kSecond));
}

TEST_P(Delivery, IsInDoubtWhenTheHostHangsUpWithoutAnAnswer) {
  const std::string id = ask("Hello?");
  standin_.host.script(Answer{.hang_up = true});

  EXPECT_EQ(1, run()["retried"]);

  EXPECT_THAT(job(id)["outcome"].get<std::string>(), StartsWith("retried: in doubt"));
  EXPECT_EQ(1U, standin_.host.count()) << "one try is one transmission";
  EXPECT_THAT(between(id, "sent_at", "next_attempt_at"), about(120 * kSecond));
}

TEST_P(Delivery, IsInDoubtWhenTheHostTakesTooLong) {
  const std::string id = ask("Hello?");
  standin_.host.hold();

  EXPECT_EQ(1, run({"--callback-timeout", "300ms"})["retried"]);

  EXPECT_THAT(job(id)["outcome"].get<std::string>(), StartsWith("retried: in doubt"));
  standin_.host.release();
}

TEST_P(Delivery, IsGivenUpInDoubtAfterTheLastSendIfOthersAreTaken) {
  const std::string id = ask("Hello?");
  standin_.provider.script_for("Hello?", chat_completion("Doubtful."));
  standin_.host.answer_always([](const ReceivedRequest& request) -> Answer {
    const bool is_doubtful = request.body.find("Doubtful") != std::string::npos;
    return is_doubtful ? Answer{.status = 500} : Answer{.body = R"({"success":true})"};
  });
  for (int send = 0; send < 2; ++send) {
    EXPECT_EQ(75, run({"--max-sends", "2"}).status);
    ask(fmt::format("Is anybody there, {}?", send));
    EXPECT_EQ(1, run({"--max-sends", "2"})["completed"]);
    move_back(id, "next_attempt_at", 600);
  }

  const RunResult last = run({"--max-sends", "2"});

  EXPECT_EQ(1, last.status) << last.log;
  EXPECT_EQ("error", job(id)["status"]);
  EXPECT_THAT(job(id)["error"].get<std::string>(), HasSubstr("delivery unknown"));
  EXPECT_EQ(4U, standin_.host.count());
}

TEST_P(Delivery, IsKeptInDoubtWhileTheHostTakesNothing) {
  const std::string id = ask("Hello?");
  standin_.host.answer_always(Answer{.status = 500});
  for (int tick = 0; tick < 6; ++tick) {
    EXPECT_EQ(75, run({"--max-sends", "2"}).status);
    move_back(id, "next_attempt_at", 600);
  }
  EXPECT_EQ("pending", job(id)["status"]);
  EXPECT_EQ(2U, standin_.host.count());

  standin_.host.answer_always(Answer{.body = R"({"success":true})"});
  ask("Is anybody there?");
  EXPECT_EQ(1, run({"--max-sends", "2"})["completed"]);
  move_back(id, "next_attempt_at", 600);
  EXPECT_EQ(1, run({"--max-sends", "2"})["completed"]) << "once more, since the host is back";
}

TEST_P(Delivery, FailsOnARefusalForGoodWithTheHostsMessage) {
  const std::string refused = ask("Hello?");
  standin_.host.script(Answer{.status = 400, .body = R"({"error":"no such number"})"});
  EXPECT_EQ(1, run().status);
  EXPECT_THAT(job(refused)["error"].get<std::string>(), HasSubstr("no such number"));

  const std::string unsuccessful = ask("Hello again?");
  standin_.host.script(
      {.status = 200, .body = R"({"success":false,"error":"Number is a landline"})"});
  EXPECT_EQ(1, run().status);
  EXPECT_EQ("error", job(unsuccessful)["status"]);
  EXPECT_THAT(job(unsuccessful)["error"].get<std::string>(), HasSubstr("Number is a landline"));
}

TEST_P(Delivery, FollowsNoRedirect) {
  const std::string id = ask("Hello?");
  standin_.host.script(Answer{.status = 307, .headers = {{"Location", standin_.callback_url()}}});

  EXPECT_EQ(78, run().status);
  EXPECT_EQ(1U, standin_.host.count());
  EXPECT_EQ("pending", job(id)["status"]);
}

TEST_P(Delivery, TakesASuccessThatIsNotJsonForDelivered) {
  ask("Hello?");
  standin_.host.script(Answer{.status = 202, .body = "queued"});
  EXPECT_EQ(1, run()["completed"]);
}

TEST_P(Delivery, TakesASuccessForDeliveredHoweverLongItsBodyIs) {
  ask("Hello?");
  standin_.host.script(Answer{.status = 200, .body = std::string(8 << 20, 'x')});
  EXPECT_EQ(1, run()["completed"]) << "to send it again would be a second SMS";
}

}  // namespace
}  // namespace autoreply::test
