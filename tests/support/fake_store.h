#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/job_store.h"
#include "support/fake_queue.h"

namespace autoreply::test {

/// A database in memory behind any number of stores, for tests of the flow without I/O. Public
/// members are there to be set before a run and looked at after it.
class FakeDatabase final {
 public:
  /// What a store is asked for.
  enum class Operation { claim, start, write, breakers, accepted, count };

  /// Opens a store on it. The database outlives the store.
  [[nodiscard]] StoreOpener opener();

  /// The next `times` operations of the kind fail.
  void fail_next(Operation operation, ErrorKind kind, int times = 1);

  /// The job is answered as any other, with a customer, a message and a configuration.
  [[nodiscard]] JobContext& context_of(const std::string& job_id);

  FakeQueue queue;
  /// What was written and read, in order: "start ws-job-0", "record ws-job-0", "settle ws-job-0
  /// completed".
  std::vector<std::string> history;
  std::map<std::string, Settlement> settlements;  ///< the last one of each job
  std::vector<std::string> accepted;              ///< names of the peers
  int stores_opened = 0;
  std::atomic<bool> in_transaction{false};
  /// Called before each operation, by any thread and under no lock.
  std::function<void(Operation)> before = [](Operation) {};
  /// May change what a record returns.
  std::function<void(Recorded&)> on_record = [](Recorded&) {};

 private:
  friend class FakeStore;

  struct Failure {
    ErrorKind kind = ErrorKind::internal;
    int times = 0;
  };

  [[nodiscard]] std::optional<Error> failure_of(Operation operation);

  std::mutex mutex_;  // guards everything while stores are used
  std::map<Operation, Failure> failures_;
  std::map<std::string, JobContext> contexts_;
};

}  // namespace autoreply::test
