#include <atomic>
#include <csignal>
#include <random>
#include <thread>

#include <gmock/gmock.h>

#include "program/crash_fixture.h"

namespace autoreply::test {
namespace {

using std::chrono::microseconds;
using testing::AnyOf;
using testing::StartsWith;

/// Runs that are killed at random moments, one after the other. AUTOREPLY_TEST_KILLS sets the
/// number of kills, AUTOREPLY_TEST_SEED repeats the choices of an earlier test.
class RandomKills : public CrashTest {
 protected:
  static constexpr int kJobs = 4;        ///< how many jobs a run finds
  static constexpr int kPeerEvents = 3;  ///< for each job: provider asked, host asked, sent

  void kill_many(int usually, const std::vector<std::string>& more) {
    const auto kills =
        static_cast<int>(number_from("AUTOREPLY_TEST_KILLS", static_cast<std::uint64_t>(usually)));
    count_peer_events();
    observe_a_whole_run(more);
    for (int killed = 0; killed < kills;) {
      // If most runs end before they are killed, the moments are not random enough.
      ASSERT_LT(++runs_, 3 * kills + kJobs) << killed << " killed";
      while (unfinished() < kJobs) ask_something();
      const std::optional<microseconds> moment = choose_moment();
      Process process = start_victim(more);
      if (moment) {
        std::this_thread::sleep_for(*moment);
        victim_.kill();
      }
      const Exit exit = bury(process);
      peer_events_left_ = 0;
      if (exit.signal == SIGKILL) {
        ++killed;
      } else {
        ASSERT_THAT(exit.status.value_or(-1), AnyOf(0, 1, 75)) << exit.err;
      }
      free_leases();
    }
  }

 private:
  int random_number(int from, int to) {
    return std::uniform_int_distribution<int>(from, to)(random_);
  }

  void count_peer_events() {
    standin_.provider.answer_always([this](const ReceivedRequest& request) {
      kills_by_peer_event();
      return chat_completion(friendly_reply(last_user_message(request)));
    });
    standin_.host.answer_always([this, &host = host()](const ReceivedRequest& request) {
      // A request that kills the process may also fail to reach the host.
      if (kills_by_peer_event()) return Answer{.status = 503};
      const Answer answer = host.serve(request);
      kills_by_peer_event();
      return answer;
    });
  }

  void observe_a_whole_run(const std::vector<std::string>& more) {
    ask_several(kJobs);
    Process process = start_victim(more);
    const Exit exit = bury(process);
    ASSERT_EQ(0, exit.status) << exit.err;
    usual_wall_ = exit.wall;
    usual_requests_ = proxy() != nullptr ? proxy()->requests() : 0;
  }

  /// Chooses a time; empty if an event decides.
  std::optional<microseconds> choose_moment() {
    switch (random_number(0, proxy() != nullptr ? 3 : 1)) {
      case 0: {
        return microseconds{random_number(0, static_cast<int>(microseconds(usual_wall_).count()))};
      }
      case 1: {
        peer_events_left_ = random_number(1, kJobs * kPeerEvents);
        return {};
      }
      default: {
        using Moment = DatabaseProxy::Moment;
        proxy()->at(
            random_number(0, 1) == 0 ? Moment::before : Moment::after,
            [](const DatabaseRequest&) { return true; },
            random_number(1, usual_requests_),
            [this] {
              victim_.kill();
              return DatabaseProxy::Then::hang_up;
            });
        return {};
      }
    }
  }

  /// Counts an event, and kills the process if it is the chosen one. Returns whether it was.
  bool kills_by_peer_event() {
    if (--peer_events_left_ != 0) return false;
    victim_.kill();
    return true;
  }

  std::mt19937_64 random_{random_seed()};
  std::atomic<int> peer_events_left_{0};
  std::chrono::milliseconds usual_wall_{0};
  int usual_requests_ = 0;
  int runs_ = 0;
};

AUTOREPLY_ON_BOTH_DATABASES(RandomKills);

TEST_P(RandomKills, LoseNothingAndSendNothingTwiceWhereTheHostKeepsARecord) {
  const std::vector<std::string> patient{"--max-attempts", "1000", "--max-sends", "1000"};
  kill_many(30, patient);
  finish_all(patient);
  expect_nothing_lost();
  expect_each_text_sent_once();
  expect_no_needless_provider_call();
}

TEST_P(RandomKills, SendNothingMoreOftenThanAllowedWhereTheHostKeepsNone) {
  const std::vector<std::string> patient{"--max-attempts", "1000", "--max-sends", "2"};
  set_forgetful_host();
  kill_many(15, patient);
  finish_all(patient);
  for (const auto& row : rows("ai_response_queue", "status <> 'complete'")) {
    EXPECT_THAT(row["outcome"].get<std::string>(), StartsWith("failed: delivery unknown"));
    EXPECT_GE(row["sends"], 2);
  }
  // One send more than --max-sends is allowed for a reply that was kept in doubt.
  expect_each_text_sent_at_most(3);
  expect_no_needless_provider_call();
}

}  // namespace
}  // namespace autoreply::test
