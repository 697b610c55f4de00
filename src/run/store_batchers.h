#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "base/batcher.h"
#include "base/result.h"
#include "run/breaker_reports.h"
#include "store/job_store.h"

namespace autoreply {

/// The database as the workers see it: one batcher that reads, one that writes, and one that counts
/// what breakers are told, each with a store of its own, opened with its first batch. Workers hold
/// no connection, so a run needs the same few whatever its concurrency, and under load many jobs
/// share a round trip and a commit. A batch that the database refuses is halved until the culprit
/// stands alone. Thread-safe.
class StoreBatchers final {
 public:
  /// `on_misfit` is called, by any of the threads, when the host's tables are found not to fit any
  /// more; all requests fail as `misconfigured` then, and none is worth another try.
  explicit StoreBatchers(const StoreOpener& open,
                         const std::function<void(const Error&)>& on_misfit = {});
  ~StoreBatchers();
  StoreBatchers(const StoreBatchers&) = delete;
  StoreBatchers& operator=(const StoreBatchers&) = delete;

  /// As `JobStore::start` for one job.
  [[nodiscard]] Result<JobContext> start(StartRequest request);

  /// As `JobStore::write` for one record.
  [[nodiscard]] Result<Recorded> record(RecordRequest request);

  /// Counts one report into its breakers.
  [[nodiscard]] Result<Reported> report(BreakerReport report);

  /// As `JobStore::write` for settlements.
  [[nodiscard]] Results<void> settle_if_held(std::vector<Settlement> settlements);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace autoreply
