#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "base/batcher.h"
#include "base/result.h"
#include "base/task.h"
#include "run/breaker_reports.h"
#include "store/job_store.h"

namespace autoreply {

/// The jobs' access to the database. One batcher starts jobs, one writes, and one counts breaker
/// reports. Each has its own store and opens it with its first batch. Jobs hold no connections,
/// so a run needs the same few connections at any concurrency. Under load, many jobs share a round
/// trip and a commit. If the database refuses a batch, the batch is halved until the culprit is
/// alone. Thread-safe.
class StoreBatchers final {
 public:
  /// `on_misfit` is called if the host's tables no longer fit. Any batcher's thread may call it,
  /// and more than once. The requests of that batch fail as `misconfigured`; do not retry them.
  explicit StoreBatchers(const StoreOpener& open,
                         const std::function<void(const Error&)>& on_misfit = {});
  ~StoreBatchers();
  StoreBatchers(const StoreBatchers&) = delete;
  StoreBatchers& operator=(const StoreBatchers&) = delete;

  /// As `JobStore::start` for one job.
  [[nodiscard]] Task<Result<JobContext>> start(StartRequest request);

  /// As `JobStore::write` for one record.
  [[nodiscard]] Task<Result<Recorded>> record(RecordRequest request);

  /// As `count_reports` for one report.
  [[nodiscard]] Task<Result<Reported>> report(BreakerReport report);

  /// A settlement and what is told of the result, in the writer's thread: it must not wait.
  struct ToSettle {
    Settlement settlement;
    std::function<void(Result<void>)> written;
  };

  /// As `JobStore::write` for settlements. Does not wait for them.
  void settle_if_held(std::vector<ToSettle> jobs);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace autoreply
