#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
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

/// How long the calls of one provider took.
struct Latencies {
  /// In seconds: the bounds of `buckets`, each of which includes its bound.
  static constexpr std::array kBounds{0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 30.0, 60.0};

  void add(std::chrono::milliseconds took);

  std::array<int, kBounds.size()> buckets{};  ///< calls that took longer than the bound before
  int count = 0;
  double sum = 0;  ///< in seconds
};

/// An outcome and its reason: why a job was skipped, what a deferred job waits for, or the step at
/// which an attempt ended.
using OutcomeReason = std::pair<Outcome, std::string>;

/// The results of a run. The outcomes and `lost` add up to `claimed`.
struct Summary {
  std::string run_id{};
  int claimed = 0;
  OutcomeCounts outcomes{};
  std::map<OutcomeReason, int> reasons{};        ///< of the outcomes
  std::map<std::string, Latencies> latencies{};  ///< by provider
  int lost = 0;       ///< the claim was lost, or the outcome could not be written
  int throttled = 0;  ///< due jobs left unclaimed because of a limit
  int held_back = 0;  ///< due jobs left unclaimed because of a breaker
  std::int64_t tokens = 0;
  std::int64_t cost_nanodollars = 0;        ///< sum of the known costs
  int priced = 0;                           ///< generations with a known cost
  int unpriced = 0;                         ///< generations with tokens but no known cost
  std::size_t segments = 0;                 ///< of the completed jobs' replies as SMS
  int still_due = 0;                        ///< counted up to 1,000
  std::chrono::milliseconds oldest_due{0};  ///< how long the oldest of them has been due
  std::chrono::milliseconds duration{0};

  // Jobs by their last outcome in the run.
  int failed_last = 0;
  int unfinished_last = 0;    ///< retried, released, lost or deferred, except the next
  int for_operator_last = 0;  ///< unfinished until the operator fixes something
  /// The breakers that keep due jobs unclaimed at the end of the run, and those that refused its
  /// calls.
  std::vector<HeldBack> breakers{};

  /// Nothing was due, but jobs wait until these mend a setting; `job`: none do.
  Scope waits_for = Scope::job;

  // Problems of the run as a whole. Each can decide the exit status.
  bool turn_missed = false;          ///< a claim gave up on a lock, mostly of other runs
  bool row_refused = false;          ///< the database refused to let a row be claimed
  bool database_lost = false;        ///< the connection did not come back
  bool settlements_refused = false;  ///< the database refused every settlement
  bool broken = false;               ///< a defect or a refusal ended the claiming
  std::string misfit{};              ///< why the host's tables do not fit and how to fix them

  /// The sum of the known costs.
  [[nodiscard]] double dollars() const {
    constexpr double kNanodollarsPerDollar = 1e9;
    return static_cast<double>(cost_nanodollars) / kNanodollarsPerDollar;
  }
};

/// Counts the outcomes of jobs. Thread-safe.
class Tally final {
 public:
  /// `on_nothing_settles` is called at most once, in the thread whose report decides it.
  explicit Tally(std::function<void()> on_nothing_settles = {})
      : on_nothing_settles_(std::move(on_nothing_settles)) {}

  /// `reason`: as in `OutcomeReason`. `scope`: of the settlement.
  void count(const JobId& job, Outcome outcome, const std::string& reason, Scope scope);
  /// The job, counted before, only waits as planned and needs no other run's attention.
  void note_planned(const JobId& job);
  void count_lost(const JobId& job);
  /// The database refused the job's settlement, so the job counts as lost.
  void count_refused(const JobId& job);
  /// Recounts a job of this run as deferred. Jobs of earlier runs are ignored.
  void count_put_back(const JobId& job, Scope scope);
  /// Adds the usage of one generation. Empty: not known.
  void add_usage(std::optional<std::int64_t> tokens, std::optional<std::int64_t> cost_nanodollars);
  /// Adds the segments of a reply that the host took.
  void add_segments(std::size_t segments);
  /// Adds the time that a call to a provider took.
  void add_latency(const std::string& provider, std::chrono::milliseconds took);
  /// Whether the database has refused several settlements and accepted none. Then no more replies
  /// may be sent, because every later run would find them in doubt.
  [[nodiscard]] bool nothing_settles() const;
  /// Notes that the host's tables do not fit. Returns true the first time.
  bool note_misfit(const std::string& what);
  void note_database_lost();
  [[nodiscard]] bool database_lost() const;

  /// Fills in all counts.
  void write_to(Summary& summary) const;

 private:
  static constexpr int kRefusalsMax = 3;

  const std::function<void()> on_nothing_settles_;
  mutable std::mutex mutex_;  // guards all below
  Summary counts_;
  /// The last outcome of each job that was neither completed nor skipped.
  struct Last {
    Outcome outcome = Outcome::retried;
    bool for_operator = false;
    std::string reason;
  };
  void note_last(const JobId& job, Outcome outcome, const std::string& reason, Scope scope);

  std::unordered_map<std::string, Last> last_;
  int refused_ = 0;
  int settled_ = 0;
  bool nothing_settles_ = false;
};

}  // namespace autoreply
