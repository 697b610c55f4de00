#pragma once

#include <functional>
#include <span>
#include <stdexcept>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/result.h"
#include "store/job_store.h"
#include "store/sql_transaction.h"

namespace autoreply {

/// Thrown out of a claim if the host's tables do not fit.
class HostMisfit final : public std::runtime_error {
 public:
  explicit HostMisfit(Error error) : std::runtime_error(error.message), error_(std::move(error)) {}

  [[nodiscard]] const Error& error() const { return error_; }

 private:
  Error error_;
};

/// The claims of one run on a queue in which the database may refuse to change some rows, because a
/// trigger of the host raises an error or a value is out of range.
///
/// Claims are plain until one is refused. From then on every change runs under its own savepoint. A
/// refused change is halved until the culprits stand alone. Those rows stay unchanged, and later
/// claims leave them out. If a refusal undoes the whole transaction (SQLite's RAISE(ROLLBACK)), the
/// next try halves the change. One thread at a time.
class CarefulClaims final {
 public:
  /// One try of a claim, in its own transaction.
  using Try = std::function<Result<void>()>;

  /// Claims by `try_once`, and returns the jobs that were left unchanged. Calls `check_host` if the
  /// database refuses a claim as if tables, columns or rights were missing. The number of tries is
  /// bounded, and so is the number of statements in each.
  [[nodiscard]] Result<std::vector<RefusedJob>> claim(
      const Try& try_once, const std::function<Result<void>()>& check_host);

  [[nodiscard]] bool are_careful() const { return careful_; }
  /// The ids of the jobs that are left out as candidates.
  [[nodiscard]] const std::vector<std::string>& left_out() const { return left_out_; }
  /// Adds to the number of jobs that the current try has taken.
  void note_taken(std::size_t jobs) { taken_ += jobs; }

  /// Does `work` on the rows with these ids, on all at once while claims are plain.
  void change(SqlTransaction& transaction,
              std::span<const std::string> ids,
              const std::function<void(std::span<const std::string>)>& work);

 private:
  static constexpr std::size_t kPartMax = 1'000;

  void change_part(SqlTransaction& transaction,
                   std::span<const std::string> ids,
                   const std::function<void(std::span<const std::string>)>& work);

  /// Leaves the job out of this run's claims.
  void leave_out(RefusedJob job);

  bool careful_ = false;
  int statements_left_ = 0;  ///< of the try
  std::size_t taken_ = 0;    ///< by the try
  /// The rows being changed. If any are left after a try, a refusal undid the whole transaction.
  std::vector<std::string> attempted_;
  std::size_t part_max_ = kPartMax;  ///< how many rows are changed at once
  std::vector<RefusedJob> refused_;  ///< by the try
  std::vector<RefusedJob> untold_;   ///< left out, and not returned yet
  std::vector<std::string> left_out_;
  std::unordered_set<std::string> known_;  ///< the same ids
};

}  // namespace autoreply
