#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "claim/lease_keeper.h"
#include "context/eligibility.h"
#include "deliver/callback.h"
#include "generate/generator.h"
#include "job/job.h"
#include "job/verdict.h"
#include "net/http_client.h"
#include "run/breakers.h"
#include "run/job_queue.h"
#include "run/settler.h"
#include "run/stop_signal.h"
#include "run/store_batchers.h"
#include "run/summary.h"
#include "settle/judge.h"

namespace autoreply {

/// What the jobs of a run have in common.
struct PipelineRules {
  std::chrono::milliseconds lease{120'000};
  std::chrono::milliseconds callback_timeout{15'000};
  std::size_t reply_chars_max = 1'600;
  bool coalesce = false;  ///< a reply also answers the older messages that its prompt contained
  std::chrono::milliseconds wait_max{3'600'000};  ///< no wait that a peer asks for is obeyed beyond
  /// How long jobs wait for a peer that is down without using attempts; 0: they use them.
  std::chrono::milliseconds outage_wait{86'400'000};
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

  /// Does the job from its start to its settlement, and says how its call of a provider ended. Does
  /// not throw.
  CallEnd run(const ClaimedJob& job) noexcept;

 private:
  /// How far an attempt has come.
  struct Progress {
    bool recorded = false;                ///< a transmission, which may have begun
    CallEnd call_end = CallEnd::none;     ///< of the provider
    std::vector<std::string> reported{};  ///< breakers that were told what came of a call
    std::vector<std::string> answered{};  ///< ids of the older messages that the reply also answers
  };

  /// The peers that take part in a call.
  struct CalledPeers {
    PeerKind kind = PeerKind::callback;
    Peer wide;      ///< the callback, or the provider's key
    Peer narrow;    ///< the callback as the workspace calls it, or the key's model
    Peer settings;  ///< the workspace's; of a provider only
    Scope owner = Scope::the_operator;  ///< of the token or key
  };

  Verdict attempt(const ClaimedJob& job, Progress& progress);
  [[nodiscard]] std::optional<Verdict> objection_to_sending(const ClaimedJob& job) const;
  /// Notes whether the callback takes replies.
  void note_deliveries(const ClaimedJob& job, JobContext& context) const;
  tl::expected<Reply, NoReply> generate(const ClaimedJob& job, const JobContext& context);
  [[nodiscard]] Verdict looked_up(const ClaimedJob& job) const;
  tl::expected<Reply, Verdict> make_reply(const ClaimedJob& job,
                                          const JobContext& context,
                                          Progress& progress);
  tl::expected<Reply, Verdict> ask_provider(const ClaimedJob& job,
                                            const JobContext& context,
                                            Progress& progress);
  /// Tells the breakers of an answer, and says what becomes of the job.
  Verdict conclude(const ClaimedJob& job,
                   const JobContext& context,
                   const CalledPeers& called,
                   Answer answer,
                   DatabaseTime began_at,
                   Progress& progress);
  Reported report(const ClaimedJob& job,
                  const CalledPeers& called,
                  const Peer& peer,
                  CallReport::Result result,
                  const Answer& answer,
                  DatabaseTime began_at,
                  Progress& progress);
  Verdict trouble(std::string step, const Error& error);

  const PipelineRules& rules_;
  PipelineParts parts_;
  HttpClient http_;
  std::minstd_rand random_;
};

}  // namespace autoreply
