#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "statements.h"
#include "store/sql_transaction.h"

namespace autoreply {

/// One session of a database, with the operations that differ between kinds of databases.
class SqlDatabase {
 public:
  SqlDatabase() = default;
  virtual ~SqlDatabase() = default;
  SqlDatabase(const SqlDatabase&) = delete;
  SqlDatabase& operator=(const SqlDatabase&) = delete;

  /// The purpose of a transaction.
  enum class Purpose {
    check,    ///< asks the catalog
    write,    ///< committed
    mark,     ///< committed, but a crash of the database server may undo it
    read,     ///< only reads
    inspect,  ///< only reads, and may read a whole table
    claim,    ///< under the claim lock; committed
    preview,  ///< under the claim lock; rolled back
  };

  /// Runs `body` in a transaction. It may run several times; only the last run takes effect.
  /// Errors: those of `JobStore`.
  [[nodiscard]] virtual Result<void> transact(Purpose purpose,
                                              const std::function<void(SqlTransaction&)>& body) = 0;

  /// The statements of a transaction. None needs what another returns.
  using Calls = std::function<std::vector<SqlCall>(const Statements&)>;

  /// Runs statements in one transaction, for `write` or `mark`, and returns what each returned. A
  /// remote database gets them in one round trip. If its answer is lost, the transaction is
  /// repeated whether it was committed or not, so a repetition must change nothing more.
  [[nodiscard]] virtual Result<std::vector<std::string>> run_together(Purpose purpose,
                                                                      const Calls& calls) = 0;

  /// Whether an answer to `run_together` was ever lost. What then seems to have failed may have
  /// been done.
  [[nodiscard]] virtual bool has_lost_answers() const = 0;

  /// The statements, completed with what the database says about the host's tables. Asks at the
  /// first call. May be other ones after a transaction that failed.
  [[nodiscard]] virtual const Statements& statements(SqlTransaction& transaction) = 0;

  /// Runs the statements `is_idle` and `beat` in one round trip, without asking for `statements`
  /// first. Returns the answer of `is_idle`. A beat that fails is left out if it can be.
  [[nodiscard]] virtual Result<std::string> ask_idle(std::span<const SqlParameter> is_idle,
                                                     std::span<const SqlParameter> beat) = 0;

  /// How many asks one `claim_candidates` can take.
  [[nodiscard]] virtual std::size_t asks_max() const = 0;
};

}  // namespace autoreply
