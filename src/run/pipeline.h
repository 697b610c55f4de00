#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <random>
#include <string>
#include <variant>
#include <vector>

#include "claim/lease_keeper.h"
#include "context/eligibility.h"
#include "deliver/callback.h"
#include "generate/generator.h"
#include "job/job.h"
#include "job/verdict.h"
#include "net/http_client.h"
#include "run/breakers.h"
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
  bool coalesce = false;  ///< a reply answers the older messages that its prompt contained, too
  EligibilityRules eligibility;
};

/// What the workers of a run share; all of it is thread-safe and outlives them.
struct PipelineParts {
  StoreBatchers& store;
  Settler& settler;
  LeaseKeeper& leases;
  const Generator& generator;
  const Callback& callback;
  Breakers& breakers;
  const Peer& callback_peer;
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
  /// How far an attempt has come.
  struct Progress {
    bool recorded = false;  ///< a transmission, which may have begun
    bool called = false;    ///< the callback, and its breaker was told what came of it
    bool asked = false;     ///< the provider, and the breaker that the job probes was told
    std::vector<std::string> answered{};  ///< ids of the older messages that the reply answers, too
  };

  Verdict attempt(const ClaimedJob& job, Progress& progress);
  [[nodiscard]] std::optional<Verdict> objection_to_sending(const ClaimedJob& job) const;
  Verdict deliver(const ClaimedJob& job, const Delivery& delivery, DatabaseTime recorded_at);
  std::variant<Reply, Verdict> make_reply(const ClaimedJob& job,
                                          const JobContext& context,
                                          Progress& progress);
  tl::expected<Reply, Verdict> ask_provider(const ClaimedJob& job,
                                            const JobContext& context,
                                            Progress& progress);
  Verdict trouble(std::string step, const Error& error);

  const PipelineRules& rules_;
  PipelineParts parts_;
  HttpClient http_;
  std::minstd_rand random_;
};

}  // namespace autoreply
