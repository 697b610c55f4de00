#include "store/superseded.h"

#include "store/batch_json.h"

namespace autoreply {

void end_superseded(SqlTransaction& transaction,
                    const SqlStatement& sql,
                    std::span<const Settlement> settlements) {
  const std::string batch = supersede_batch(settlements);
  if (batch.empty()) return;
  // A refused batch is halved by the caller until it comes to this.
  if (settlements.size() > 1) {
    transaction.run(sql, {{"batch", batch}});
    return;
  }
  if (!transaction.attempt([&] { transaction.run(sql, {{"batch", batch}}); })) return;
  Settlement alone = settlements.front();
  for (const std::string& message : settlements.front().answered) {
    alone.answered = {message};
    const std::string part = supersede_batch({&alone, 1});
    // Nothing depends on it: the job stays due, and an attempt of its own finds what to do.
    static_cast<void>(transaction.attempt([&] { transaction.run(sql, {{"batch", part}}); }));
  }
}

}  // namespace autoreply
