#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/log.h"
#include "job/breaker.h"
#include "job/job.h"
#include "run/store_batchers.h"
#include "store/job_store.h"

namespace autoreply {

/// What a breaker guards calls of: the callback, or a provider's key.
struct Peer {
  std::string name;   ///< of the breaker; empty: nothing is guarded
  std::string label;  ///< for people
  BreakerRules rules = kCallbackRules;
};

/// The breakers as a run sees them: what its last claim or report found in the database, where they
/// live. Thread-safe.
class Breakers final {
 public:
  /// Everything outlives the breakers.
  Breakers(StoreBatchers& store, const Log& log) : store_(store), log_(log) {}

  /// Takes over what a claim has found.
  void learn(const Claim& claim);

  /// A call of this run from its construction on, for as long as it is under way.
  class Call final {
   public:
    Call(Breakers& breakers, std::string name);
    ~Call();
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

   private:
    Breakers& breakers_;
    const std::string name_;
  };

  /// Why nothing may be called now, for people, and for how long; empty where a call may be made,
  /// or where those under way may go on.
  struct Objection {
    std::string reason;  ///< "is down", "is throttled" …
    std::chrono::milliseconds wait{0};
    bool is_open = false;  ///< the breaker, and not a wait alone that the other side has asked for
  };
  [[nodiscard]] std::optional<Objection> objection(const std::string& name) const;

  /// Counts what a call has told. A success that would change nothing costs nothing.
  void report(const Peer& peer, const CallReport& report);

  /// Lets another job try where a probe made no call.
  void give_back_probe(const std::string& name, const JobId& job);

 private:
  struct Known {
    std::string label;
    Breaker breaker;
  };

  void learn_one(const NamedBreaker& found);
  void tell(const std::string& label, const Breaker& before, const Breaker& after) const;
  [[nodiscard]] std::optional<Objection> objection_of(const Breaker& breaker, int calls) const;
  [[nodiscard]] DatabaseTime now() const;

  StoreBatchers& store_;
  const Log& log_;
  mutable std::mutex mutex_;  // guards all below
  std::unordered_map<std::string, Known> known_;
  std::unordered_map<std::string, int> calls_;  ///< under way
  DatabaseTime claimed_at_ = 0;  ///< by the database's clock, which goes on like ours
  std::chrono::steady_clock::time_point claim_seen_at_;
};

}  // namespace autoreply
