#include "store/superseded.h"

#include "store/batch_json.h"

namespace autoreply {

void end_superseded(SqlTransaction& transaction,
                    const SqlStatement& sql,
                    std::span<const Settlement> settlements) {
  const std::string batch = supersede_batch(settlements);
  if (batch.empty()) return;
  // The caller halves a refused batch until one settlement is left.
  if (settlements.size() > 1) {
    transaction.run(sql, {{"batch", batch}});
    return;
  }
  if (!transaction.attempt([&] { transaction.run(sql, {{"batch", batch}}); })) return;
  Settlement alone = settlements.front();
  for (const std::string& message : settlements.front().answered) {
    alone.answered = {message};
    const std::string part = supersede_batch({&alone, 1});
    // Nothing depends on it: the job stays due, and its own attempt finds what to do.
    static_cast<void>(transaction.attempt([&] { transaction.run(sql, {{"batch", part}}); }));
  }
}

}  // namespace autoreply
