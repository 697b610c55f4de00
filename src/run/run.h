#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/log.h"
#include "claim/claimer.h"
#include "net/http_sender.h"
#include "run/claim_pace.h"
#include "run/pipeline.h"
#include "run/stop_signal.h"
#include "run/store_batchers.h"
#include "run/summary.h"
#include "settle/retry_rules.h"
#include "store/job_store.h"

namespace autoreply {

/// How much a run takes on, and how it works it off.
struct RunRules {
  ClaimPace pace;
  ClaimRules claim;
  PipelineRules pipeline;
  RetryRules retry;
};

/// What a run works with; everything outlives it.
struct RunParts {
  JobStore& store;  ///< the run's own, for claims and releases
  StoreOpener open_store;
  SenderMaker make_sender;
  const Generator& generator;
  const Callback& callback;
  Peer callback_peer;
  StopSignal& stop;
  const Log& log;
};

/// Claims due jobs, has the pool answer them, and returns what became of them. Further claims
/// overlap with running jobs, so that a contact's next job follows in the same run and the pool
/// does not run dry.
[[nodiscard]] Summary run_jobs(const RunRules& rules, const RunParts& parts);

}  // namespace autoreply
