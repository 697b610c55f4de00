#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <span>
#include <stop_token>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/boot_clock.h"
#include "base/log.h"
#include "job/job.h"
#include "store/job_store.h"

namespace autoreply {

/// Keeps the leases of all jobs that a run holds, about three times within a lease and all in one
/// statement, however long they wait or their providers take; and knows how much of each is left.
///
/// What is left is counted from before the statement that took or renewed the lease was sent, by a
/// clock that counts suspension: never more than the database would say. Thread-safe. The thread
/// and its store are made with the first job.
class LeaseKeeper final {
 public:
  using Instant = BootClock::time_point;

  /// `log` must outlive the keeper.
  LeaseKeeper(StoreOpener open, std::chrono::milliseconds lease, const Log& log);
  ~LeaseKeeper();
  LeaseKeeper(const LeaseKeeper&) = delete;
  LeaseKeeper& operator=(const LeaseKeeper&) = delete;

  /// Takes jobs into keeping. `since` is a moment before their claim was sent.
  void hold(const std::vector<ClaimedJob>& jobs, Instant since);

  /// Notes that another write has renewed the job's lease. `since` is a moment before it was sent.
  void note_renewal(const JobId& id, Instant since);

  /// Forgets a job whose attempt is over, unless a later claim of this run holds it.
  void let_go(const HeldJob& job);

  /// How much of the job's lease is left at least; negative once it may have run out, 0 for a job
  /// that is not held.
  [[nodiscard]] std::chrono::nanoseconds time_left(const JobId& id) const;

 private:
  struct Lease {
    ClaimToken token;
    Instant until;
  };

  void keep(const std::stop_token& stop);
  void renew_all();
  /// Returns false where the others need not be tried.
  bool renew(std::span<const HeldJob> batch);
  [[nodiscard]] std::vector<HeldJob> held_jobs() const;

  const StoreOpener open_;
  const std::chrono::milliseconds lease_;
  const Log& log_;
  std::unique_ptr<JobStore> store_;  // of the thread alone
  mutable std::mutex mutex_;         // guards leases_ and the thread's start
  std::condition_variable_any stopped_;
  std::unordered_map<std::string, Lease> leases_;  // by job id
  std::jthread thread_;                            // last: it uses all of the above
};

}  // namespace autoreply
