#include <csignal>
#include <map>
#include <mutex>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>

#include "program/program_fixture.h"

namespace autoreply::test {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

class ConcurrentRuns : public ProgramTest {
 protected:
  /// Starts `runs` runs on the queue at once, with one loop and with three. Returns how many jobs
  /// they completed in total.
  int completed_by(int runs, const std::vector<std::string>& more) {
    std::vector<Process> processes;
    processes.reserve(static_cast<std::size_t>(runs));
    for (int number = 0; number < runs; ++number) {
      std::vector<std::string> options = more;
      options.insert(options.end(), {"--threads", number % 2 == 0 ? "1" : "3"});
      processes.emplace_back(run_command(options));
    }
    int completed = 0;
    for (Process& process : processes) {
      const RunResult result = result_of(process);
      EXPECT_EQ(0, result.status) << result.log;
      EXPECT_EQ(result["claimed"], result["completed"]);
      completed += result["completed"];
    }
    return completed;
  }

  void expect_each_sent_once(int jobs) {
    std::map<std::string, int> sent;
    for (const ReceivedRequest& request : standin_.host.requests()) {
      ++sent[request.header("idempotency-key")];
    }
    EXPECT_THAT(sent, SizeIs(jobs));
    EXPECT_EQ(static_cast<std::size_t>(jobs), standin_.host.count());
    EXPECT_EQ(static_cast<std::size_t>(jobs), standin_.provider.count());
    EXPECT_THAT(rows("ai_response_queue", "status <> 'complete'"), SizeIs(0));
    EXPECT_THAT(rows("ai_response_logs"), SizeIs(jobs));
  }

  /// What happened to the customer's messages "Part N from ID", in order: the calls of the provider
  /// and the answers of the host.
  std::string trace_of(const Customer& customer) {
    std::map<std::uint64_t, std::string> events;
    const auto note = [&](std::uint64_t at, const char* what, const std::string& text) {
      const std::size_t part = text.find("Part ");
      if (part == std::string::npos || text.find(customer.id) == std::string::npos) return;
      events[at] = fmt::format("{} {}", what, text[part + 5]);
    };
    for (const ReceivedRequest& request : standin_.provider.requests()) {
      note(request.arrived_at, "asked", last_user_message(request));
    }
    for (const ReceivedRequest& request : standin_.host.requests()) {
      note(request.answered_at, "sent", parse_json(request.body)["message"].get<std::string>());
    }
    std::vector<std::string> texts;
    for (const auto& [at, text] : events) texts.push_back(text);
    return fmt::format("{}", fmt::join(texts, ", "));
  }
};

AUTOREPLY_ON_BOTH_DATABASES(ConcurrentRuns);

TEST_P(ConcurrentRuns, ShareTheJobsTwoAtATime) {
  ask_many(40);
  EXPECT_EQ(40, completed_by(2, {"--limit", "7", "--drain", "--concurrency", "4"}));
  expect_each_sent_once(40);
}

TEST_P(ConcurrentRuns, ShareTheJobsTwentyAtATime) {
  ask_many(120);
  EXPECT_EQ(
      120,
      completed_by(
          20, {"--limit", "10", "--drain", "--concurrency", "3", "--workspace-per-minute", "0"}));
  expect_each_sent_once(120);
}

TEST_P(ConcurrentRuns, AnswerOneContactInOrderAndNeverTwiceAtATime) {
  constexpr int kCustomers = 3;
  constexpr int kMessages = 4;
  std::vector<Customer> customers;
  for (int number = 0; number < kCustomers; ++number) customers.push_back(add_customer());
  for (int number = 1; number <= kMessages; ++number) {
    for (const Customer& customer : customers) {
      ask(customer, fmt::format("Part {} from {}", number, customer.id), 60 - number);
    }
  }
  // The host stores what it sends, so each prompt ends with a single message.
  std::mutex storing;
  standin_.host.answer_always([&](const ReceivedRequest& request) {
    const std::lock_guard lock(storing);
    const auto payload = parse_json(request.body);
    add_message({.id = payload["contactId"].get<std::string>()},
                payload["message"].get<std::string>(),
                "outbound",
                0);
    return Answer{.status = 200, .body = R"({"success":true})"};
  });

  EXPECT_EQ(kCustomers * kMessages, completed_by(2, {"--drain", "--concurrency", "8"}));

  for (const Customer& customer : customers) {
    EXPECT_EQ("asked 1, sent 1, asked 2, sent 2, asked 3, sent 3, asked 4, sent 4",
              trace_of(customer));
  }
}

TEST_P(ConcurrentRuns, TakeOverFromARunThatWasKilled) {
  const auto ids = ask_many(3);
  standin_.provider.hold();
  Process killed(run_command({"--concurrency", "1"}));
  ASSERT_TRUE(standin_.provider.wait_for_requests(1));
  killed.send(SIGKILL);
  EXPECT_EQ(SIGKILL, killed.wait().signal);
  standin_.provider.release();

  EXPECT_EQ(0, run()["claimed"]) << "the leases still hold";
  for (const std::string& id : ids) move_back(id, "lease_until", 600);
  const RunResult result = run();

  EXPECT_EQ(0, result.status);
  EXPECT_EQ(3, result["completed"]);
  EXPECT_EQ(2, job(ids[0])["attempts"]) << "the started one used its attempt";
  EXPECT_EQ(1, job(ids[1])["attempts"]) << "the unstarted ones used none";
  EXPECT_EQ(1, job(ids[2])["attempts"]);
  EXPECT_EQ(4U, standin_.provider.count());
  EXPECT_EQ(3U, standin_.host.count());
}

TEST_P(ConcurrentRuns, EndAJobWhoseLastAttemptWasKilled) {
  const std::string id = ask("Hello?");
  standin_.provider.hold();
  Process killed(run_command({"--max-attempts", "1"}));
  ASSERT_TRUE(standin_.provider.wait_for_requests(1));
  killed.send(SIGKILL);
  EXPECT_EQ(SIGKILL, killed.wait().signal);
  standin_.provider.release();
  move_back(id, "lease_until", 600);

  EXPECT_EQ(1, run({"--max-attempts", "1"}).status);

  EXPECT_EQ("error", job(id)["status"]);
  EXPECT_THAT(job(id)["error"].get<std::string>(), HasSubstr("lease expired"));
  EXPECT_EQ(0U, standin_.host.count());
}

TEST_P(ConcurrentRuns, LoseAJobThatAnotherRunTookOverAndSendNothing) {
  const std::string id = ask("Hello?");
  standin_.provider.hold();
  Process slow(run_command());
  ASSERT_TRUE(standin_.provider.wait_for_requests(1));
  move_back(id, "lease_until", 600);
  Process second(run_command());
  ASSERT_TRUE(standin_.provider.wait_for_requests(2));
  standin_.provider.release();

  const RunResult lost = result_of(slow);
  const RunResult won = result_of(second);

  EXPECT_EQ(75, lost.status);
  EXPECT_EQ(1, lost["lost"]);
  EXPECT_EQ(0, won.status);
  EXPECT_EQ(1, won["completed"]);
  EXPECT_EQ(1U, standin_.host.count());
  EXPECT_EQ("complete", job(id)["status"]);
}

}  // namespace
}  // namespace autoreply::test
