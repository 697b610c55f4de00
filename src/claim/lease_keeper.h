#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <stop_token>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/clocks.h"
#include "base/log.h"
#include "job/job.h"
#include "store/job_store.h"

namespace autoreply {

/// Renews the leases of all jobs that a run holds, about three times per lease and up to 1,000 in
/// one statement. So leases hold even if jobs wait long or providers are slow. Also knows how much
/// time each lease has left.
///
/// The time left counts from before the statement that took or renewed the lease was sent. The
/// clock includes suspension. So the result is never more than the database would say. Thread-safe.
/// The thread starts with the first job and opens its store with the first renewal.
class LeaseKeeper final {
 public:
  using Instant = BootClock::time_point;

  /// How often a lease is renewed.
  static constexpr int kRenewalsPerLease = 3;

  /// `before_renewal` is called in the keeper's thread, `kRenewalsPerLease` times per lease. `log`
  /// must outlive the keeper.
  LeaseKeeper(StoreOpener open,
              std::chrono::milliseconds lease,
              const Log& log,
              std::function<void()> before_renewal = {});
  ~LeaseKeeper();
  LeaseKeeper(const LeaseKeeper&) = delete;
  LeaseKeeper& operator=(const LeaseKeeper&) = delete;

  /// Starts to renew the leases of jobs. `since` is a time before their claim was sent.
  void hold(const std::vector<ClaimedJob>& jobs, Instant since);

  /// Notes that another write renewed the job's lease. `since` is a time before it was sent.
  void note_renewal(const HeldJob& job, Instant since);

  /// Stops renewing the lease of a job, unless a later claim of this run holds the job.
  void let_go(const HeldJob& job);

  /// The least time that the job's lease has left. Negative if the lease may have run out, 0 if the
  /// job is not held.
  [[nodiscard]] std::chrono::nanoseconds time_left(const HeldJob& job) const;

 private:
  struct Lease {
    ClaimToken token;
    Instant until;
  };

  void keep(const std::stop_token& stop);
  void renew_all();
  /// Returns false if the other batches would fail too.
  bool renew(std::span<const HeldJob> batch);
  [[nodiscard]] std::vector<HeldJob> held_jobs() const;

  const StoreOpener open_;
  const std::chrono::milliseconds lease_;
  const Log& log_;
  const std::function<void()> before_renewal_;
  std::unique_ptr<JobStore> store_;  // used by the thread only
  mutable std::mutex mutex_;         // guards leases_ and the start of thread_
  std::condition_variable_any stopped_;
  std::unordered_map<std::string, Lease> leases_;  // by job id
  std::jthread thread_;                            // last, because it uses all of the above
};

}  // namespace autoreply
