#include "claim/lease_keeper.h"

#include <algorithm>
#include <span>
#include <utility>

#include "base/halving.h"

namespace autoreply {
namespace {

constexpr std::size_t kBatchMax = 1'000;
/// This many statements can isolate a few dozen refused rows. More would delay the other jobs.
constexpr int kRenewTriesMax = 256;

/// Whether part of the batch may succeed. A refused batch may pass without one of its rows. After a
/// lost connection or a lock, each part would fail like the whole.
bool lies_with_batch(const Error& error) {
  return error.kind == ErrorKind::refused || error.kind == ErrorKind::internal;
}

}  // namespace

LeaseKeeper::LeaseKeeper(StoreOpener open,
                         std::chrono::milliseconds lease,
                         const Log& log,
                         std::function<void()> before_renewal)
    : open_(std::move(open)), lease_(lease), log_(log), before_renewal_(std::move(before_renewal)) {
}

LeaseKeeper::~LeaseKeeper() = default;

void LeaseKeeper::hold(const std::vector<ClaimedJob>& jobs, Instant since) {
  const std::scoped_lock lock(mutex_);
  for (const ClaimedJob& job : jobs) {
    leases_.insert_or_assign(job.job.id.value, Lease{job.token, since + lease_});
  }
  if (!thread_.joinable() && !leases_.empty()) {
    thread_ = std::jthread([this](const std::stop_token& stop) { keep(stop); });
  }
}

void LeaseKeeper::note_renewal(const HeldJob& job, Instant since) {
  const std::scoped_lock lock(mutex_);
  const auto found = leases_.find(job.id.value);
  if (found == leases_.end() || found->second.token != job.token) return;
  found->second.until = std::max(found->second.until, since + lease_);
}

void LeaseKeeper::let_go(const HeldJob& job) {
  const std::scoped_lock lock(mutex_);
  const auto found = leases_.find(job.id.value);
  if (found != leases_.end() && found->second.token == job.token) leases_.erase(found);
}

std::chrono::nanoseconds LeaseKeeper::time_left(const HeldJob& job) const {
  const std::scoped_lock lock(mutex_);
  const auto found = leases_.find(job.id.value);
  if (found == leases_.end() || found->second.token != job.token) return {};
  return found->second.until - BootClock::now();
}

void LeaseKeeper::keep(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  for (;;) {
    stopped_.wait_for(lock, stop, lease_ / kRenewalsPerLease, [] { return false; });
    if (stop.stop_requested()) return;
    lock.unlock();
    if (before_renewal_) before_renewal_();
    renew_all();
    lock.lock();
  }
}

/// Keeps jobs whose leases were not renewed. If another transaction has locked a row, the next
/// round renews it. If the claim is lost, the job's next write notices.
void LeaseKeeper::renew_all() {
  const std::vector<HeldJob> jobs = held_jobs();
  for (std::span<const HeldJob> rest(jobs); !rest.empty();) {
    const auto batch = rest.first(std::min(kBatchMax, rest.size()));
    rest = rest.subspan(batch.size());
    if (!store_) {
      auto opened = open_();
      if (!opened) {
        log_.warn("leases_not_renewed", {{"reason", opened.error().message}});
        return;
      }
      store_ = std::move(*opened);
    }
    if (!renew(batch)) return;
  }
}

/// Halves the batch if the database refuses a row, so the other rows are still renewed.
bool LeaseKeeper::renew(std::span<const HeldJob> batch) {
  bool go_on = true;
  int tries = 0;
  const auto work = [&](std::span<const HeldJob> part) -> Result<Results<bool>> {
    if (++tries > kRenewTriesMax)
      return fail(ErrorKind::busy, "the database refuses too many rows");
    const Instant since = BootClock::now();
    auto renewed = store_->renew(part, lease_);
    if (!renewed) return fail(renewed.error());
    Results<bool> results;
    for (std::size_t at = 0; at < part.size(); ++at) {
      const bool is_renewed = (*renewed)[at];
      if (is_renewed) note_renewal(part[at], since);
      results.emplace_back(is_renewed);
    }
    return results;
  };
  const auto results = halve_until_done<HeldJob, bool>(batch, work, lies_with_batch);
  std::string reason;
  for (std::size_t at = 0; at < batch.size(); ++at) {
    if (results[at]) continue;
    const Error& error = results[at].error();
    if (lies_with_batch(error)) {
      log_.warn("lease_not_renewed", {{"job", batch[at].id.value}, {"reason", error.message}});
    } else {
      reason = error.message;
      go_on = go_on && error.kind == ErrorKind::busy;
    }
  }
  if (!reason.empty()) log_.warn("leases_not_renewed", {{"reason", reason}});
  return go_on;
}

std::vector<HeldJob> LeaseKeeper::held_jobs() const {
  const std::scoped_lock lock(mutex_);
  std::vector<HeldJob> jobs;
  jobs.reserve(leases_.size());
  for (const auto& [id, lease] : leases_) jobs.push_back({{id}, lease.token});
  return jobs;
}

}  // namespace autoreply
