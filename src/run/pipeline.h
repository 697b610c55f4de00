#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <random>
#include <string>
#include <variant>

#include "claim/lease_keeper.h"
#include "context/eligibility.h"
#include "deliver/callback.h"
#include "generate/generator.h"
#include "job/job.h"
#include "job/verdict.h"
#include "net/http_client.h"
#include "run/settler.h"
#include "run/stop_signal.h"
#include "run/store_batchers.h"
#include "run/summary.h"

namespace autoreply {

/// What the jobs of a run have in common.
struct PipelineRules {
  std::chrono::milliseconds lease{120'000};
  std::chrono::milliseconds callback_timeout{15'000};
  std::size_t reply_chars_max = 1'600;
  EligibilityRules eligibility;
};

/// What the workers of a run share; all of it is thread-safe and outlives them.
struct PipelineParts {
  StoreBatchers& store;
  Settler& settler;
  LeaseKeeper& leases;
  const Generator& generator;
  const Callback& callback;
  const StopSignal& stop;
  Tally& tally;
};

/// One job's life: start, context, generate, record, deliver, settle. One a worker, since it owns
/// the worker's HTTP connections.
class Pipeline final {
 public:
  Pipeline(const PipelineRules& rules, const PipelineParts& parts);

  /// Does the job from its start to its settlement. Does not throw.
  void run(const ClaimedJob& job) noexcept;

 private:
  Verdict attempt(const ClaimedJob& job, bool& recorded);
  std::variant<Reply, Verdict> make_reply(const ClaimedJob& job, const JobContext& context);
  Verdict trouble(std::string step, const Error& error);

  const PipelineRules& rules_;
  PipelineParts parts_;
  HttpClient http_;
  std::minstd_rand random_;
};

}  // namespace autoreply
