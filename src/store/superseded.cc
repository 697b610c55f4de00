#include "store/superseded.h"

#include "store/batch_json.h"

namespace autoreply {

void end_each_superseded(SqlTransaction& transaction,
                         const SqlStatement& sql,
                         const Settlement& settlement) {
  Settlement alone = settlement;
  for (const std::string& message : settlement.answered) {
    alone.answered = {message};
    const std::string batch = supersede_batch({&alone, 1});
    // Nothing depends on it: the job stays due, and its own attempt finds what to do.
    static_cast<void>(transaction.attempt([&] { transaction.run(sql, {{"batch", batch}}); }));
  }
}

}  // namespace autoreply
