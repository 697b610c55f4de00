#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/log.h"
#include "claim/claim.h"
#include "job/breaker.h"
#include "job/job.h"
#include "job/peer.h"
#include "run/breaker_reports.h"
#include "store/job_store.h"

namespace autoreply {

class StoreBatchers;

/// The breakers as a run sees them: what its last claim or report found in the database, where they
/// live, and what it has not written there yet. Thread-safe.
class Breakers final {
 public:
  using Now = std::function<std::chrono::steady_clock::time_point()>;

  /// Everything outlives the breakers. `now` is replaced in tests.
  Breakers(StoreBatchers& store, const Log& log, Now now = std::chrono::steady_clock::now)
      : store_(store), log_(log), steady_now_(std::move(now)) {}

  /// Takes over what a claim has found.
  void learn(const Claim& claim);

  /// A call of this run from its construction on, for as long as it is under way.
  class Call final {
   public:
    Call(Breakers& breakers, std::vector<Peer> peers);
    ~Call();
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

   private:
    Breakers& breakers_;
    const std::vector<Peer> peers_;
  };

  /// Why a peer may not be called now.
  struct Objection {
    std::string reason;        ///< for people, one line
    Scope scope = Scope::job;  ///< whose fault; `job`: an outage or a throttle
    std::optional<std::chrono::milliseconds> wait{};  ///< until it is worth another try, if known
  };
  /// Empty if the job may call all of the peers, or is a probe of those that are closed.
  [[nodiscard]] std::optional<Objection> objection(const std::vector<Peer>& peers,
                                                   const ClaimedJob& job) const;

  /// Counts what a call has told, and returns what its breaker has come to. An acceptance that
  /// changes nothing else is kept until `take_accepted`.
  Reported report(const BreakerReport& report);

  /// Lets another job try if a probe made no call.
  void give_back_probe(const std::string& name, const JobId& job);

  /// When the peer last accepted something, as far as this run knows.
  [[nodiscard]] std::optional<Acceptance> last_accepted(const std::string& name) const;

  /// Whether the breaker stands for a key that the operator lacks, and on which most workspaces
  /// rely.
  [[nodiscard]] bool is_missed_operator_key(const std::string& name) const;

  /// The peers that have accepted something since the last call of this function.
  [[nodiscard]] std::vector<AcceptedPeer> take_accepted();

  /// What has refused calls of this run for a reason that a person must mend, and is not mended.
  [[nodiscard]] std::vector<NamedBreaker> refusing() const;

  /// Jobs whose rejections have turned out to be no fault of theirs.
  struct Wronged {
    std::string reason;
    Scope scope = Scope::workspace;
    std::vector<WrongedJob> jobs;
  };
  [[nodiscard]] std::vector<Wronged> wronged() const;

 private:
  struct Known {
    std::string label;
    Breaker breaker;
    bool was_called = false;  ///< by this run
  };

  void learn_one(const Peer& peer, const Breaker& found);
  void note_wronged(const Breaker& found);
  void tell(const Peer& peer, const Breaker& before, const Breaker& after) const;
  [[nodiscard]] std::optional<Objection> objection_of(const Known& known, int calls) const;
  [[nodiscard]] DatabaseTime now() const;

  StoreBatchers& store_;
  const Log& log_;
  const Now steady_now_;
  mutable std::mutex mutex_;  // guards all below
  std::unordered_map<std::string, Known> known_;
  std::unordered_map<std::string, int> calls_;              ///< under way
  std::unordered_map<std::string, AcceptedPeer> accepted_;  ///< not written yet
  std::unordered_set<std::string> missed_operator_keys_;
  /// By job. Kept when the database has forgotten the rejections.
  std::unordered_map<std::string, Wronged> wronged_;
  DatabaseTime claimed_at_ = 0;  ///< by the database's clock, which goes on like ours
  std::chrono::steady_clock::time_point claim_seen_at_;
};

}  // namespace autoreply
