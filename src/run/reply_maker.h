#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <tl/expected.hpp>

#include "base/task.h"
#include "base/time_zone.h"
#include "deliver/shape.h"
#include "generate/generator.h"
#include "job/attempt_result.h"
#include "job/daily_budget.h"
#include "job/job.h"
#include "net/http_sender.h"
#include "run/breakers.h"
#include "run/guarded_calls.h"
#include "run/job_queue.h"
#include "run/notices.h"
#include "run/stop_signal.h"
#include "run/summary.h"

namespace autoreply {

/// Gets jobs their replies: from the workspace's provider, or from the fallback that it names.
/// Thread-safe.
class ReplyMaker final {
 public:
  struct Rules {
    ReplyLimits reply;
    int max_attempts = 0;
    TimeZone timezone;  ///< of workspaces that name none
  };

  /// All must outlive the maker.
  struct Parts {
    const Generator& generator;
    Breakers& breakers;
    Tally& tally;
    Notices& notices;
    const StopSignal& stop;
  };

  ReplyMaker(const Rules& rules, const Parts& parts) : rules_(rules), parts_(parts) {}

  /// A reply that is ready to be recorded, or the attempt's result without one.
  struct Made {
    tl::expected<Reply, AttemptResult> reply;
    /// Of the call to the address that the claim expected.
    CallEnd call_end = CallEnd::none;
    Spending spent{};  ///< by all calls, failed ones included
  };

  /// Asks the workspace's provider. Asks its fallback instead if the provider may not be called, or
  /// if it failed in the job's previous attempt. Asks both if the job is a probe of the provider or
  /// has no other attempt. Reports to the breakers through `calls`.
  [[nodiscard]] Task<Made> make(const ClaimedJob& job,
                                const JobContext& context,
                                GuardedCalls& calls,
                                HttpSender& http) const;

 private:
  /// The job that a reply is for.
  struct Work {
    const ClaimedJob& job;
    const JobContext& context;
    GuardedCalls& calls;
    HttpSender& http;
    CallEnd call_end = CallEnd::none;
    Spending spent{};
  };
  /// A reply, or what replaces it.
  struct Asked {
    tl::expected<Reply, AttemptResult> reply;
    bool was_called = true;  ///< false: a breaker forbade it
  };

  [[nodiscard]] Task<tl::expected<Reply, AttemptResult>> ask(Work& work) const;
  [[nodiscard]] Task<Asked> ask(Work& work,
                                const Route& route,
                                const std::optional<WorkspaceConfig>& config) const;
  [[nodiscard]] Task<Asked> ask_fallback(Work& work, const Route& fallback) const;
  [[nodiscard]] Task<tl::expected<Reply, NoReply>> generate(
      const Work& work, const std::optional<WorkspaceConfig>& config) const;
  void count_usage(Work& work,
                   const std::string& provider,
                   const std::string& model,
                   std::optional<std::int64_t> tokens,
                   std::optional<std::int64_t> cost_nanodollars) const;

  const Rules rules_;
  const Parts parts_;
};

}  // namespace autoreply
