#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "base/log.h"
#include "claim/claimer.h"
#include "net/http_sender.h"
#include "run/claim_pace.h"
#include "run/job_pool.h"
#include "run/linger.h"
#include "run/pipeline.h"
#include "run/stop_signal.h"
#include "run/store_batchers.h"
#include "run/summary.h"
#include "settle/retry_rules.h"
#include "store/job_store.h"

namespace autoreply {

/// The limits and rules of one run.
struct RunRules {
  ClaimPace pace;
  Linger linger;
  ClaimRules claim;
  PipelineRules pipeline;
  RetryRules retry;
  int threads = 1;           ///< that drive the jobs in flight
  bool logs_bodies = false;  ///< what is sent to peers, and what they answer
};

/// The jobs in flight of a run and the threads that drive them: no more threads than jobs.
[[nodiscard]] PoolSize pool_size(const RunRules& rules);

/// The objects that a run uses. All must outlive the run.
struct RunParts {
  JobStore& store;  ///< for the run's main thread only
  StoreOpener open_store;
  SenderMaker make_sender;
  const Generator& generator;
  const Callback& callback;
  Peer callback_peer;
  StopSignal& stop;
  const Log& log;
  /// Told now and then how many jobs the run has settled, in the main thread of the run. May be
  /// empty.
  std::function<void(std::size_t settled)> on_progress{};
};

/// Claims due jobs, has the pool answer them, and returns the results. The run claims again while
/// jobs are running. This keeps the pool busy and lets a contact's next job follow in the same run.
/// A run that lingers looks for new jobs until its time is up.
[[nodiscard]] Summary run_jobs(const RunRules& rules, const RunParts& parts);

}  // namespace autoreply
