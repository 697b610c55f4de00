#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/task.h"
#include "job/answer.h"
#include "job/attempt_result.h"
#include "job/conversation.h"
#include "job/job.h"
#include "job/peer.h"
#include "run/breakers.h"
#include "settle/judge.h"

namespace autoreply {

/// The peers that take part in one call.
struct CalledPeers {
  PeerKind kind = PeerKind::callback;
  Peer wide;        ///< the callback, or the provider's key
  Peer narrow;      ///< the callback as the workspace calls it, or the key's model
  Peer settings{};  ///< the workspace's settings; only for a provider
  Scope owner = Scope::the_operator;  ///< who owns the token or key

  [[nodiscard]] static CalledPeers of_callback(const Peer& callback,
                                               const std::string& workspace_id);
  [[nodiscard]] static CalledPeers of_provider(const Route& route);

  /// All of them, in the order in which their breakers are checked before a call.
  [[nodiscard]] std::vector<Peer> in_order() const;
};

/// The call rules that all attempts of a run share.
struct CallRules {
  int max_attempts = 0;                  ///< from 1
  std::chrono::milliseconds wait_max{};  ///< caps the wait that a peer asks for
  /// How long jobs wait for a peer that is down before that uses attempts. 0: it always does.
  std::chrono::milliseconds outage_wait{};
};

/// The calls of one attempt, guarded by breakers. An attempt does not call a peer that is known not
/// to work, and it reports every call to the breakers. Not thread-safe.
class GuardedCalls final {
 public:
  /// All arguments must outlive the calls.
  GuardedCalls(Breakers& breakers, const CallRules& rules, const ClaimedJob& job)
      : breakers_(breakers), rules_(rules), job_(job) {}

  /// If one of the peers may not be called now, returns the attempt's result.
  [[nodiscard]] std::optional<AttemptResult> objection(const CalledPeers& called) const;

  /// Reports the answer of a call that began at `began_at` to the breakers of its peers. Returns
  /// the result that the attempt has if this call was its last.
  Task<AttemptResult> conclude(const CalledPeers& called,
                               const JobContext& context,
                               Answer answer,
                               DatabaseTime began_at);

  /// Gives back the probes that this attempt did not use, so other jobs can probe those breakers.
  /// Call it once, at the end of the attempt. Writes to the database.
  Task<> give_back_unused_probes();

 private:
  Task<Reported> report(const CalledPeers& called,
                        const Peer& peer,
                        CallReport::Sign sign,
                        const Answer& answer,
                        DatabaseTime began_at);
  [[nodiscard]] Circumstances circumstances(const CalledPeers& called,
                                            const JobContext& context,
                                            const Answer& answer,
                                            const Reported& wide) const;

  Breakers& breakers_;
  const CallRules& rules_;
  const ClaimedJob& job_;
  std::vector<std::string> reported_;  ///< names of the breakers that got a report
};

}  // namespace autoreply
