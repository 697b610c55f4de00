#pragma once

#include <chrono>
#include <mutex>
#include <string>

#include "base/log.h"
#include "job/breaker.h"
#include "job/job.h"
#include "run/store_batchers.h"

namespace autoreply {

/// The callback's breaker as a run sees it: what its last claim or report found in the database,
/// where the breaker lives. Thread-safe.
class CallbackBreaker final {
 public:
  /// `name` tells callbacks apart, `label` is for people. Everything outlives the breaker.
  CallbackBreaker(std::string name, std::string label, StoreBatchers& store, const Log& log);

  [[nodiscard]] const std::string& name() const { return name_; }

  /// Takes over what a claim has found.
  void learn(const Breaker& found);

  /// Whether nothing may be generated or sent for the job now.
  [[nodiscard]] bool keeps_out(const ClaimedJob& job) const;
  [[nodiscard]] bool is_open() const;
  /// While open: how long a job that is kept out waits.
  [[nodiscard]] std::chrono::milliseconds wait() const;

  /// Counts what a call has told; `began_at` by the database's clock. A success that would change
  /// nothing costs nothing.
  void report(const ClaimedJob& job, CallReport::Result result, DatabaseTime began_at);

  /// Lets another job try where the probe made no call.
  void give_back_probe(const ClaimedJob& job);

 private:
  void count(const CallReport& report);

  const std::string name_;
  const std::string label_;
  StoreBatchers& store_;
  const Log& log_;
  mutable std::mutex mutex_;  // guards state_
  Breaker state_;
};

}  // namespace autoreply
