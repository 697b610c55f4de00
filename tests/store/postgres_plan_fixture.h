#pragma once

#include <map>
#include <string>
#include <string_view>

#include "store/postgres/postgres_session.h"
#include "store/postgres/postgres_statements.h"
#include "support/store_test.h"

namespace autoreply::test {

/// Base of tests that ask PostgreSQL how it runs a statement of the store.
class PlanTest : public StoreTest {
 protected:
  using Values = std::map<std::string, std::string>;

  /// What the planner knows about the queue.
  enum class Statistics {
    none,
    stale,  ///< the table looks like a queue that was analyzed on its first day only
    fresh,
  };

  /// Adds 20,000 waiting jobs of 50 workspaces, most of them of one, and as many finished ones.
  void fill(Statistics statistics);
  std::string due_in_ = "0 days";  ///< when the jobs that `fill` adds are due

  /// Returns the plan of a statement as text.
  std::string plan(Plans plans, const SqlStatement& statement, const Values& values) {
    return explain("explain", plans, statement, values);
  }

  /// Returns how many blocks the statement reads, from the cache or not. Its writes are undone.
  int blocks_read(Plans plans, const SqlStatement& statement, const Values& values);

  /// The statements as the store runs them on this database: some are calls of functions.
  Statements statements_of_the_store();

  const Statements sql_ = postgres_statements(PlacedTables{});

 private:
  /// Runs `command statement` and rolls it back.
  std::string explain(std::string_view command,
                      Plans plans,
                      const SqlStatement& statement,
                      const Values& values);
};

}  // namespace autoreply::test
