#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <utility>

#include "job/settlement.h"

namespace autoreply {

/// What a run came to. The six outcomes and `lost` add up to `claimed`.
struct Summary {
  std::string run_id{};
  int claimed = 0;
  int completed = 0;
  int skipped = 0;
  int retried = 0;
  int failed = 0;
  int deferred = 0;
  int released = 0;
  int lost = 0;       ///< the token no longer held at a write, or the outcome could not be written
  int throttled = 0;  ///< due, and left unclaimed for a limit
  int held_back = 0;  ///< due, and left unclaimed for an open breaker
  std::int64_t tokens = 0;
  std::int64_t cost_nanodollars = 0;
  int still_due = 0;  ///< counts to 1,000
  std::chrono::milliseconds duration{0};

  // What ended the run early; each decides the exit status.
  bool turn_missed = false;          ///< other runs held the claim for too long
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

  void count(Outcome outcome);
  void count_lost();
  /// A settlement that the database does not accept: the job counts as lost.
  void count_refused();
  void add_usage(std::int64_t tokens, std::int64_t cost_nanodollars);
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
  int refused_ = 0;
  int settled_ = 0;
  bool nothing_settles_ = false;
};

}  // namespace autoreply
