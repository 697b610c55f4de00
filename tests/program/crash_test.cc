#include <array>
#include <atomic>
#include <csignal>
#include <functional>
#include <string_view>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "program/crash_fixture.h"

namespace autoreply::test {
namespace {

using Moment = DatabaseProxy::Moment;
using Then = DatabaseProxy::Then;

/// A statement of the program, recognized by a text in it and by a text in its transaction.
struct Step {
  const char* name;
  const char* text;
  const char* transaction;
  bool asks_first = false;  ///< its transaction takes several round trips
};

constexpr std::array kSteps{
    Step{"Claim", "for update", "pg_advisory_xact_lock", true},
    Step{"Start", "autoreply_start_", ""},
    Step{"Record", "autoreply_record_", ""},
    Step{"Settle", "autoreply_settle_", ""},
};

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// Matches the step itself, or the commit of its transaction.
DatabaseProxy::Matches matches(const Step& step, bool commit) {
  return [step, commit](const DatabaseRequest& request) {
    const std::string& searched = commit ? request.transaction : request.statement;
    return request.is_commit() == commit && contains(searched, step.text) &&
           contains(request.transaction, step.transaction);
  };
}

/// A moment of a run at which an action is done to it, once.
struct Boundary {
  std::string name;
  /// Arranges for the action to happen. The action may kill the process, and it returns what
  /// becomes of the request or answer that the proxy holds.
  std::function<void(StandIn&, Host&, DatabaseProxy*, DatabaseProxy::Action)> arm;
};

/// Before and after each round trip. Only PostgreSQL's protocol shows these moments.
std::vector<Boundary> boundaries_of_the_database() {
  std::vector<Boundary> boundaries;
  for (const Step& step : kSteps) {
    for (const bool commit : {false, true}) {
      if (!commit && !step.asks_first) continue;
      for (const Moment moment : {Moment::before, Moment::after}) {
        const char* const when = moment == Moment::before ? "Before" : "After";
        boundaries.push_back({fmt::format("{}{}{}", when, commit ? "TheCommitOf" : "", step.name),
                              [=](StandIn&, Host&, DatabaseProxy* proxy, const auto& action) {
                                proxy->at(moment, matches(step, commit), 1, action);
                              }});
      }
    }
  }
  return boundaries;
}

/// The moments that the provider and the host see. Their answers need no boundaries: the provider's
/// comes before the transaction of the record, the host's before that of the settlement.
std::vector<Boundary> boundaries_of_the_peers() {
  return {
      {"WhenTheProviderIsAsked",
       [](StandIn& standin, Host&, DatabaseProxy*, const auto& action) {
         standin.provider.script([action](const ReceivedRequest& request) {
           action();
           return chat_completion(friendly_reply(last_user_message(request)));
         });
       }},
      {"WhenTheHostIsAsked",
       [](StandIn& standin, Host&, DatabaseProxy*, const auto& action) {
         standin.host.script([action](const ReceivedRequest&) {
           action();
           return Answer{.status = 503};
         });
       }},
      {"WhenTheHostHasSent",
       [](StandIn& standin, Host& host, DatabaseProxy*, const auto& action) {
         standin.host.script([action, &host](const ReceivedRequest& request) {
           host.send(request);
           action();
           return Answer{.status = 500};
         });
       }},
  };
}

/// Three jobs, two at a time, in a process that is killed at one boundary.
class KilledRun : public CrashTest {
 public:
  KilledRun(DatabaseKind database, Boundary boundary)
      : database_(database), boundary_(std::move(boundary)) {}

 protected:
  [[nodiscard]] DatabaseKind kind() const override { return database_; }

  void kill_and_run_again() {
    ask_several(3);
    boundary_.arm(standin_, host(), proxy(), [this] {
      victim_.kill();
      return Then::hang_up;
    });
    Process process = start_victim();
    const Exit killed = bury(process);
    ASSERT_EQ(SIGKILL, killed.signal) << "the boundary never came\n" << killed.err;
    finish_all();
  }

 private:
  const DatabaseKind database_;
  const Boundary boundary_;
};

class KilledRunOfARecordingHost final : public KilledRun {
 public:
  using KilledRun::KilledRun;

 private:
  void TestBody() override {
    kill_and_run_again();
    expect_nothing_lost();
    expect_each_text_sent_once();
    expect_no_needless_provider_call();
  }
};

class KilledRunOfAForgetfulHost final : public KilledRun {
 public:
  using KilledRun::KilledRun;

 private:
  void TestBody() override {
    set_forgetful_host();
    kill_and_run_again();
    expect_nothing_lost();
    expect_each_text_sent_at_most(2);
    expect_no_needless_provider_call();
  }
};

/// A run that lives on but loses its connection at one boundary.
class CutOffRun final : public CrashTest {
 public:
  CutOffRun(DatabaseKind, Boundary boundary) : boundary_(std::move(boundary)) {}

 private:
  [[nodiscard]] DatabaseKind kind() const override { return DatabaseKind::postgres; }

  void TestBody() override {
    ask_several(3);
    std::atomic<bool> came = false;
    boundary_.arm(standin_, host(), proxy(), [&came] {
      came = true;
      return Then::hang_up;
    });
    Process process = start_victim();
    const RunResult result = result_of(process);
    EXPECT_TRUE(came);
    EXPECT_EQ(0, result.status) << result.log;
    EXPECT_EQ(3, result["completed"]) << result.log;
    expect_nothing_lost();
    expect_each_text_sent_once();
    EXPECT_EQ(3U, standin_.provider.count());
  }

  const Boundary boundary_;
};

/// Registers a separate test for each boundary, before main.
template <typename Test>
void register_tests(const char* suite, DatabaseKind database, std::vector<Boundary> boundaries) {
  for (const Boundary& boundary : boundaries) {
    testing::RegisterTest(suite,
                          fmt::format("{}/{}", boundary.name, to_string(database)).c_str(),
                          nullptr,
                          nullptr,
                          __FILE__,
                          __LINE__,
                          [=]() -> CrashTest* { return new Test(database, boundary); });
  }
}

const bool kRegistered = [] {
  using enum DatabaseKind;
  register_tests<KilledRunOfARecordingHost>("KilledRun", postgres, boundaries_of_the_database());
  for (const DatabaseKind database : {sqlite, postgres}) {
    register_tests<KilledRunOfARecordingHost>("KilledRun", database, boundaries_of_the_peers());
    register_tests<KilledRunOfAForgetfulHost>(
        "KilledRunOfAForgetfulHost", database, boundaries_of_the_peers());
  }
  register_tests<CutOffRun>("CutOffRun", postgres, boundaries_of_the_database());
  return true;
}();

}  // namespace
}  // namespace autoreply::test
