#include <csignal>
#include <deque>
#include <random>
#include <thread>

#include <gmock/gmock.h>

#include "program/crash_fixture.h"

namespace autoreply::test {
namespace {

using std::chrono::milliseconds;
using testing::AnyOf;

/// Twenty runs at once. Some are killed while others go on and take over in time. Here leases run
/// out by themselves.
class CrowdOfRuns : public CrashTest {
 protected:
  static constexpr int kRuns = 20;
  static constexpr int kConcurrency = 3;

  void SetUp() override {
    CrashTest::SetUp();
    if (IsSkipped()) return;
    // Slow, so that most jobs are in flight when their process dies.
    standin_.provider.answer_always([](const ReceivedRequest& request) {
      Answer answer = chat_completion(friendly_reply(last_user_message(request)));
      answer.delay = milliseconds{200};
      return answer;
    });
  }

  /// With one loop or with three.
  Process start() {
    std::vector<std::string> arguments = arguments_;
    arguments.insert(arguments.end(), {"--threads", random_number(0, 1) == 0 ? "1" : "3"});
    return Process(run_command(options(arguments)));
  }

  void end_well(Process& process) {
    const Exit exit = process.wait();
    EXPECT_THAT(exit.status.value_or(-1), AnyOf(0, 75)) << exit.err;
  }

  /// Kills `kills` runs, one after the other, and replaces each by a new one.
  void kill_among_them(int kills) {
    std::deque<Process> processes;
    for (int number = 0; number < kRuns; ++number) processes.push_back(start());
    for (int killed = 0; killed < kills;) {
      while (unfinished() < kRuns * kConcurrency) ask_something();
      std::this_thread::sleep_for(milliseconds{random_number(0, 30)});
      // The oldest run has come farthest; the newest has just begun.
      const int chosen = random_number(0, kRuns - 1);
      Process process = take(processes, chosen);
      processes.push_back(start());
      process.send(SIGKILL);
      const Exit exit = process.wait();
      if (exit.signal == SIGKILL) {
        ++killed;
      } else {
        ASSERT_THAT(exit.status.value_or(-1), AnyOf(0, 75)) << exit.err;
      }
    }
    for (Process& process : processes) end_well(process);
    note_what_it_left();
  }

  // A host that is slow to write down what it sends must not be asked too early.
  const std::vector<std::string> arguments_{"--drain",
                                            "--limit",
                                            "10",
                                            "--concurrency",
                                            "3",
                                            "--lease",
                                            "5s",
                                            "--callback-timeout",
                                            "3s",
                                            "--in-doubt-wait",
                                            "4s",
                                            "--max-attempts",
                                            "1000",
                                            "--max-sends",
                                            "1000"};

 private:
  int random_number(int from, int to) {
    return std::uniform_int_distribution<int>(from, to)(random_);
  }

  /// Removes a process from the deque. Needed because Process can be moved but not assigned.
  static Process take(std::deque<Process>& processes, int index) {
    std::deque<Process> others;
    std::optional<Process> taken;
    for (int at = 0; !processes.empty(); ++at) {
      if (at == index) {
        taken.emplace(std::move(processes.front()));
      } else {
        others.push_back(std::move(processes.front()));
      }
      processes.pop_front();
    }
    processes.swap(others);
    return std::move(*taken);
  }

  std::mt19937_64 random_{random_seed()};
};

INSTANTIATE_TEST_SUITE_P(, CrowdOfRuns, testing::Values(DatabaseKind::postgres), [](const auto&) {
  return std::string("postgres");
});

TEST_P(CrowdOfRuns, LosesNothingAndSendsNothingTwiceWhenSomeAreKilled) {
  constexpr int kKills = 60;
  ask_several(200);
  kill_among_them(kKills);
  finish_all({"--max-attempts", "1000", "--max-sends", "1000"});
  expect_nothing_lost();
  expect_each_text_sent_once();
  EXPECT_LE(standin_.provider.count(), rows("ai_response_queue").size() + kKills * kConcurrency);
}

}  // namespace
}  // namespace autoreply::test
