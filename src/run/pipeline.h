#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "base/task.h"
#include "claim/lease_keeper.h"
#include "context/eligibility.h"
#include "deliver/callback.h"
#include "deliver/shape.h"
#include "generate/generator.h"
#include "job/attempt_result.h"
#include "job/job.h"
#include "net/http_sender.h"
#include "run/body_log.h"
#include "run/breakers.h"
#include "run/guarded_calls.h"
#include "run/job_queue.h"
#include "run/notices.h"
#include "run/reply_maker.h"
#include "run/settler.h"
#include "run/stop_signal.h"
#include "run/store_batchers.h"
#include "run/summary.h"

namespace autoreply {

/// The rules that all jobs of a run share.
struct PipelineRules {
  std::chrono::milliseconds lease{};
  ReplyLimits reply;
  bool coalesce = false;  ///< a reply also answers the older messages that its prompt contained
  CallRules calls;
  EligibilityRules eligibility;
};

/// The objects that the jobs of a run share. All are thread-safe and must outlive the pipelines.
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
  Notices& notices;
  const Log* body_log;  ///< as in `BodyLog`
};

/// Takes jobs from start to settlement: start, generate, record, deliver, settle. Each loop has its
/// own, because it owns the loop's HTTP connections.
class Pipeline final {
 public:
  Pipeline(const PipelineRules& rules,
           const PipelineParts& parts,
           std::unique_ptr<HttpSender> http);

  /// Processes the job and settles it. Returns how its call to the provider ended.
  Task<CallEnd> run(const ClaimedJob& job);

 private:
  /// The progress of an attempt.
  struct Attempt {
    const ClaimedJob& job;
    GuardedCalls calls;
    BodyLog http;
    bool transmission_recorded = false;   ///< the callback may have got the reply
    CallEnd call_end = CallEnd::none;     ///< of the call to the provider
    std::vector<std::string> answered{};  ///< ids of older messages that the reply also answers
    std::size_t segments = 0;             ///< of the reply as an SMS
    std::optional<NewSpending> spent{};   ///< as in `Settlement`
    std::string provider{};               ///< as in `Settler::Ended`
    std::string model{};
  };

  Task<AttemptResult> take_through(Attempt& attempt);
  /// If nothing may be sent now, returns the attempt's result.
  [[nodiscard]] std::optional<AttemptResult> objection_to_sending(const Attempt& attempt) const;
  /// Notes whether the callback has accepted another job's reply since this job's last send.
  void note_deliveries(const ClaimedJob& job, JobContext& context) const;
  /// Returns what the attempt has spent; empty if its workspace has no budget.
  [[nodiscard]] std::optional<NewSpending> spending_of(const JobContext& context,
                                                       const ClaimedJob& job,
                                                       const Spending& spent) const;
  [[nodiscard]] AttemptResult looked_up(const ClaimedJob& job) const;
  AttemptResult database_trouble(Step step, const Error& error);

  const PipelineRules& rules_;
  PipelineParts parts_;
  std::unique_ptr<HttpSender> http_;
  ReplyMaker replies_;
  std::minstd_rand random_;
};

}  // namespace autoreply
