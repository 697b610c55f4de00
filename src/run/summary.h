#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <numeric>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "claim/claim.h"
#include "job/outcome.h"
#include "job/scope.h"

namespace autoreply {

/// How many jobs ended in each outcome.
class OutcomeCounts final {
 public:
  [[nodiscard]] int& operator[](Outcome outcome) { return counts_.at(index(outcome)); }
  [[nodiscard]] int operator[](Outcome outcome) const { return counts_.at(index(outcome)); }
  [[nodiscard]] int sum() const { return std::accumulate(counts_.begin(), counts_.end(), 0); }

 private:
  static std::size_t index(Outcome outcome) { return static_cast<std::size_t>(outcome); }

  std::array<int, kOutcomes.size()> counts_{};
};

/// What a run came to. The outcomes and `lost` add up to `claimed`.
struct Summary {
  std::string run_id{};
  int claimed = 0;
  OutcomeCounts outcomes{};
  int lost = 0;       ///< the token no longer held at a write, or the outcome could not be written
  int throttled = 0;  ///< due, and left unclaimed for a limit
  int held_back = 0;  ///< due, and left unclaimed for an open breaker
  std::int64_t tokens = 0;
  std::int64_t cost_nanodollars = 0;  ///< the sum of those that are known
  int priced = 0;                     ///< generations whose cost is known
  int unpriced = 0;                   ///< generations with tokens whose cost is not known
  int still_due = 0;                  ///< counts to 1,000
  std::chrono::milliseconds duration{0};

  // Of the jobs by their last outcome in the run.
  int failed_last = 0;
  int unfinished_last = 0;    ///< retried, released, lost, or deferred
  int for_operator_last = 0;  ///< deferred in the operator's scope
  /// What keeps due jobs unclaimed, as of the last look.
  std::vector<HeldBack> breakers{};

  // What ended the run early; each decides the exit status.
  bool turn_missed = false;          ///< other runs held the claim for too long
  bool row_refused = false;          ///< the database refused to have a row claimed
  bool database_lost = false;        ///< and it did not come back
  bool settlements_refused = false;  ///< the database refused every settlement
  bool broken = false;               ///< an error of our own ended the claiming
  std::string misfit{};              ///< how the host's tables do not fit, and what to do
};

/// Counts outcomes as workers report them. Thread-safe.
class Tally final {
 public:
  /// `on_nothing_settles` is called once, by the worker that reports it.
  explicit Tally(std::function<void()> on_nothing_settles = {})
      : on_nothing_settles_(std::move(on_nothing_settles)) {}

  /// `scope` is that of the settlement.
  void count(const JobId& job, Outcome outcome, Scope scope);
  void count_lost(const JobId& job);
  /// A settlement that the database does not accept: the job counts as lost.
  void count_refused(const JobId& job);
  /// The job was failed or retried in this run, and has been put back as deferred.
  void count_put_back(const JobId& job, Scope scope);
  /// What a generation has used; empty if it is not known.
  void add_usage(std::optional<std::int64_t> tokens, std::optional<std::int64_t> cost_nanodollars);
  /// Whether the database has refused several settlements and taken none. Then nothing more may be
  /// sent: every later run would find it in doubt.
  [[nodiscard]] bool nothing_settles() const;
  /// The host's tables do not fit. Returns whether this is the first time.
  bool note_misfit(const std::string& what);
  void note_database_lost();
  [[nodiscard]] bool database_lost() const;

  /// Fills in everything that was counted.
  void write_to(Summary& summary) const;

 private:
  static constexpr int kRefusalsMax = 3;

  const std::function<void()> on_nothing_settles_;
  mutable std::mutex mutex_;  // guards all below
  Summary counts_;
  /// The last outcome of each job that is not over.
  struct Last {
    Outcome outcome = Outcome::retried;
    bool for_operator = false;
  };
  void note_last(const JobId& job, Outcome outcome, Scope scope);

  std::unordered_map<std::string, Last> last_;
  int refused_ = 0;
  int settled_ = 0;
  bool nothing_settles_ = false;
};

}  // namespace autoreply
