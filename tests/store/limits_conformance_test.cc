#include <algorithm>
#include <chrono>
#include <map>
#include <random>
#include <set>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/uuid.h"
#include "support/store_test.h"

namespace autoreply::test {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

class Limits : public StoreTest {
 protected:
  ClaimRequest limited(const ClaimLimits& limits, int limit = 100) {
    ClaimRequest request = claim_request(limit);
    request.limits = limits;
    return request;
  }
  std::vector<ClaimedJob> claim_under(const ClaimLimits& limits, int limit = 100) {
    return claim(limited(limits, limit));
  }
  void complete(const std::vector<ClaimedJob>& jobs) {
    for (const ClaimedJob& job : jobs) ASSERT_TRUE(settle(settlement(job, Outcome::completed)));
  }
  /// Moves everything that has happened into the past.
  void pass(int seconds) {
    const std::string columns[] = {"claimed_at", "next_attempt_at"};
    for (const std::string& column : columns) {
      const std::string earlier =
          database().is_postgres()
              ? fmt::format("{} - interval '{} seconds'", column, seconds)
              : fmt::format("strftime('%Y-%m-%dT%H:%M:%fZ', {}, '-{} seconds')", column, seconds);
      database().execute(fmt::format("update ai_response_queue set {} = {}", column, earlier));
    }
  }
  Waiting waiting_under(const ClaimLimits& limits) {
    const auto counted = waiting_in(store(), limited(limits));
    EXPECT_TRUE(counted) << counted.error().message;
    return counted ? *counted : Waiting{};
  }
};
AUTOREPLY_ON_EVERY_DATABASE(Limits);

TEST_P(Limits, OfAContactHoldOverTheLastMinute) {
  const std::string contact = random_uuid();
  for (int number = 0; number < 4; ++number) host().queue({.contact_id = contact});
  const ClaimLimits limits{.contact_per_minute = 2};
  for (int number = 0; number < 2; ++number) complete(claim_under(limits));
  EXPECT_THAT(claim_under(limits), IsEmpty());
  EXPECT_EQ(2, waiting_under(limits).throttled);
  pass(59);
  EXPECT_THAT(claim_under(limits), IsEmpty());
  pass(2);
  EXPECT_THAT(claim_under(limits), SizeIs(1));
}

TEST_P(Limits, OfAContactHoldOverTheLastHour) {
  const std::string contact = random_uuid();
  for (int number = 0; number < 4; ++number) host().queue({.contact_id = contact});
  const ClaimLimits limits{.contact_per_hour = 1};
  complete(claim_under(limits));
  pass(3'590);
  EXPECT_THAT(claim_under(limits), IsEmpty());
  pass(20);
  EXPECT_THAT(claim_under(limits), SizeIs(1));
}

TEST_P(Limits, OfAWorkspaceKeepNobodyElseWaiting) {
  for (int number = 0; number < 10; ++number) host().queue({.seconds_ago = 1'000});
  for (int number = 0; number < 3; ++number) host().queue({.workspace_id = "ws-2"});
  const ClaimLimits limits{.workspace_per_minute = 4};
  EXPECT_THAT(claim_under(limits), SizeIs(7));
  EXPECT_THAT(claim_under(limits), IsEmpty());
  const Waiting waiting = waiting_under(limits);
  EXPECT_EQ(6, waiting.due);
  EXPECT_EQ(6, waiting.throttled);
  EXPECT_EQ(0, waiting.held_back);
}

TEST_P(Limits, OfEverythingHoldOverStores) {
  for (int number = 0; number < 10; ++number) {
    host().queue({.workspace_id = fmt::format("ws-{}", number)});
  }
  const ClaimLimits limits{.per_minute = 6};
  EXPECT_THAT(claim_under(limits, 4), SizeIs(4));
  const auto rest = claim_from(*open_another_store(), limited(limits));
  ASSERT_TRUE(rest);
  EXPECT_THAT(rest->jobs, SizeIs(2));
  EXPECT_EQ(4, waiting_under(limits).throttled);
}

TEST_P(Limits, AreLoweredByAWorkspaceForItself) {
  database().execute("alter table workspace_ai_config add column workspace_per_minute text");
  const std::pair<const char*, std::size_t> cases[] = {
      {"3", 3}, {"9", 5}, {"0", 5}, {"-1", 5}, {"many", 5}, {"", 5}};
  for (const auto& [value, expected] : cases) {
    const std::string workspace = random_uuid();
    host().config({.workspace_id = workspace});
    database().execute(fmt::format(
        "update workspace_ai_config set workspace_per_minute = {} where workspace_id = {}",
        sql_literal(value),
        sql_literal(workspace)));
    for (int number = 0; number < 8; ++number) host().queue({.workspace_id = workspace});
    ClaimRequest request = limited({.workspace_per_minute = 5});
    request.filter.workspace_ids = {workspace};
    // A new store, since a store reads a table's columns only once.
    const auto claim = claim_from(*open_another_store(), request);
    ASSERT_TRUE(claim) << claim.error().message;
    EXPECT_THAT(claim->jobs, SizeIs(expected)) << value;
  }
}

TEST_P(Limits, DoNotCountWhatIsGivenBack) {
  const std::string contact = random_uuid();
  host().queue({.contact_id = contact});
  const ClaimLimits limits{.contact_per_minute = 1};
  for (int round = 0; round < 3; ++round) {
    const auto jobs = claim_under(limits);
    ASSERT_THAT(jobs, SizeIs(1)) << round;
    Settlement released = settlement(jobs.front(), Outcome::released);
    released.claimed_before = jobs.front().claimed_before;
    ASSERT_TRUE(settle(released));
  }
  EXPECT_EQ("", column(ids(claim_under(limits)).front(), "error"));
}

TEST_P(Limits, RememberTheClaimBeforeTheOneThatWasGivenBack) {
  const auto id = host().queue({});
  const auto jobs = claim();
  Settlement retried = settlement(jobs.front(), Outcome::retried);
  ASSERT_TRUE(settle(retried));
  pass(30);
  const std::string before = column(id, "claimed_at");
  const auto again = claim();
  ASSERT_THAT(again, SizeIs(1));
  Settlement released = settlement(again.front(), Outcome::released);
  released.claimed_before = again.front().claimed_before;
  ASSERT_TRUE(settle(released));
  EXPECT_EQ(before, column(id, "claimed_at"));
}

/// Random histories against a model that knows only when each job was last claimed. The database's
/// clock runs during a claim, so the model knows only a range of seconds.
class LimitHistory : public Limits {
 protected:
  static constexpr ClaimLimits kLimits{
      .contact_per_minute = 2, .contact_per_hour = 4, .workspace_per_minute = 6, .per_minute = 11};

  /// Seconds of the history.
  struct Between {
    double from = 0;
    double to = 0;
  };

  struct Modelled {
    std::string workspace;
    std::string contact;
    bool waiting = true;
    std::optional<Between> claimed;
    std::optional<Between> claimed_before;
  };

  enum class Counted { surely, perhaps };

  int random(int most) { return std::uniform_int_distribution<int>(0, most)(random_); }

  void add_jobs() {
    for (int count = random(6); count > 0; --count) {
      const int contact = random(7);
      Modelled job{.workspace = fmt::format("ws-{}", contact % 3),
                   .contact = fmt::format("00000000-0000-4000-8000-00000000000{}", contact)};
      const auto id = host().queue({.workspace_id = job.workspace, .contact_id = job.contact});
      jobs_.emplace(id, job);
    }
  }

  void pass_time() {
    const int seconds = random(3) == 0 ? random(2'000) : random(40);
    pass(seconds);
    skipped_ += seconds;
  }

  void claim_some() {
    const int wanted = 1 + random(9);
    const auto store = open_another_store();
    last_claim_.from = now();
    const auto claim = claim_from(*store, limited(kLimits, wanted));
    last_claim_.to = now();
    ASSERT_TRUE(claim) << claim.error().message;
    for (const ClaimedJob& job : claim->jobs) {
      Modelled& modelled = jobs_.at(job.job.id.value);
      EXPECT_TRUE(modelled.waiting);
      modelled.waiting = false;
      modelled.claimed_before = std::exchange(modelled.claimed, last_claim_);
      held_.push_back(job);
    }
    const auto any = [](const Modelled&) { return true; };
    EXPECT_LE(claimed_since(60, Counted::surely, any), kLimits.per_minute);
    for (const auto& [id, job] : jobs_) EXPECT_TRUE(within_limits(job, Counted::surely, 0));
    if (static_cast<int>(claim->jobs.size()) == wanted) return;
    // There were fewer than wanted, so no job that could be claimed may be left.
    for (const auto& [id, job] : jobs_) EXPECT_FALSE(claimable(job)) << id;
  }

  void end_some() {
    for (int count = random(8); count > 0 && !held_.empty(); --count) {
      const auto place = held_.begin() + random(static_cast<int>(held_.size()) - 1);
      const ClaimedJob job = *place;
      held_.erase(place);
      Modelled& modelled = jobs_.at(job.job.id.value);
      if (random(2) > 0) {
        ASSERT_TRUE(settle(settlement(job, Outcome::completed)));
        continue;
      }
      Settlement released = settlement(job, Outcome::released);
      released.claimed_before = job.claimed_before;
      ASSERT_TRUE(settle(released));
      modelled.waiting = true;
      modelled.claimed = modelled.claimed_before;
    }
  }

 private:
  [[nodiscard]] double now() const {
    return skipped_ +
           std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
  }

  /// How many claims within the given seconds counted at the last claim.
  template <class Counts>
  [[nodiscard]] int claimed_since(int seconds, Counted counted, const Counts& counts) const {
    return static_cast<int>(std::count_if(jobs_.begin(), jobs_.end(), [&](const auto& entry) {
      const auto& claimed = entry.second.claimed;
      if (!claimed || !counts(entry.second)) return false;
      const double age = counted == Counted::surely ? last_claim_.to - claimed->from
                                                    : last_claim_.from - claimed->to;
      return age < seconds;
    }));
  }

  /// Whether `more` claims of the job's contact and workspace stay within the limits.
  [[nodiscard]] bool within_limits(const Modelled& job, Counted counted, int more) const {
    const auto of_contact = [&](const Modelled& other) { return other.contact == job.contact; };
    const auto of_workspace = [&](const Modelled& other) {
      return other.workspace == job.workspace;
    };
    return claimed_since(60, counted, of_contact) + more <= kLimits.contact_per_minute &&
           claimed_since(3'600, counted, of_contact) + more <= kLimits.contact_per_hour &&
           claimed_since(60, counted, of_workspace) + more <= kLimits.workspace_per_minute;
  }

  [[nodiscard]] bool claimable(const Modelled& job) const {
    const bool in_flight = std::any_of(held_.begin(), held_.end(), [&](const ClaimedJob& held) {
      return held.job.contact_id == job.contact;
    });
    return job.waiting && !in_flight && within_limits(job, Counted::perhaps, 1) &&
           claimed_since(60, Counted::perhaps, [](const Modelled&) { return true; }) <
               kLimits.per_minute;
  }

  std::minstd_rand random_{20261123};
  const std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  double skipped_ = 0;  ///< seconds
  Between last_claim_;
  std::map<std::string, Modelled> jobs_;
  std::vector<ClaimedJob> held_;
};
AUTOREPLY_ON_EVERY_DATABASE(LimitHistory);

TEST_P(LimitHistory, KeepsEveryLimitAndClaimsAllThatMayBe) {
  for (int step = 0; step < 150; ++step) {
    add_jobs();
    claim_some();
    end_some();
    pass_time();
    if (HasFatalFailure() || HasNonfatalFailure()) FAIL() << "in step " << step;
  }
}

}  // namespace
}  // namespace autoreply::test
