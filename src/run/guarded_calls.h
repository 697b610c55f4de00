#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

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
  Peer settings{};  ///< the workspace's; of a provider only
  Scope owner = Scope::the_operator;  ///< of the token or key

  [[nodiscard]] static CalledPeers of_callback(const Peer& callback,
                                               const std::string& workspace_id);
  [[nodiscard]] static CalledPeers of_provider(const Route& route);

  /// All of them, in the order in which they are asked whether the call may be made.
  [[nodiscard]] std::vector<Peer> in_order() const;
};

/// The rules of calls that all attempts of a run have in common.
struct CallRules {
  int max_attempts = 0;                  ///< from 1
  std::chrono::milliseconds wait_max{};  ///< longer waits that a peer asks for are cut to this
  /// How long jobs wait for a peer that is down without using attempts; 0: they use them.
  std::chrono::milliseconds outage_wait{};
};

/// The calls of one attempt, guarded by the breakers: no peer is called that is known not to work,
/// and the breakers learn what every call says. One thread at a time.
class GuardedCalls final {
 public:
  /// Everything outlives the calls.
  GuardedCalls(Breakers& breakers, const CallRules& rules, const ClaimedJob& job)
      : breakers_(breakers), rules_(rules), job_(job) {}

  /// The result of the attempt if one of the peers may not be called now; empty if all may.
  [[nodiscard]] std::optional<AttemptResult> objection(const CalledPeers& called) const;

  /// Reports the answer of a call that began at `began_at` to the breakers of its peers. Returns
  /// the result of the attempt, if the call was its last.
  AttemptResult conclude(const CalledPeers& called,
                         const JobContext& context,
                         Answer answer,
                         DatabaseTime began_at);

  /// Lets other jobs try under those breakers that this attempt was to probe and has reported
  /// nothing to. Once, at the end of the attempt; writes to the database.
  void give_back_unused_probes();

 private:
  Reported report(const CalledPeers& called,
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
  std::vector<std::string> reported_;  ///< names of the breakers that were told of a call
};

}  // namespace autoreply
