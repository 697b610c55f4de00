#pragma once

#include <cstddef>
#include <functional>

#include "base/result.h"
#include "statements.h"
#include "store/sql_transaction.h"

namespace autoreply {

/// One session of a database, and what its kind does in its own way.
class SqlDatabase {
 public:
  SqlDatabase() = default;
  virtual ~SqlDatabase() = default;
  SqlDatabase(const SqlDatabase&) = delete;
  SqlDatabase& operator=(const SqlDatabase&) = delete;

  /// What a transaction is for.
  enum class Purpose {
    write,    ///< committed
    read,     ///< only reads
    claim,    ///< under the claim lock; committed
    preview,  ///< the same, rolled back
  };

  /// Does `body` in a transaction. It may be done several times; what it leaves behind is that of
  /// the time that was committed. Errors: as of `JobStore`.
  [[nodiscard]] virtual Result<void> transact(Purpose purpose,
                                              const std::function<void(SqlTransaction&)>& body) = 0;

  /// The statements, with everything filled in that the database tells about the host's tables.
  [[nodiscard]] virtual Statements prepare(SqlTransaction& transaction) = 0;

  /// How many asks one `claim_candidates` takes.
  [[nodiscard]] virtual std::size_t asks_max() const = 0;
};

}  // namespace autoreply
