#include <gmock/gmock.h>

#include "program/pgbouncer.h"
#include "program/program_fixture.h"

namespace autoreply::test {
namespace {

using testing::HasSubstr;

/// The whole program behind a pooler in transaction mode, which reassigns its server connections
/// with every transaction.
class Pooler : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    if (IsSkipped()) return;
    pooler_ = std::make_unique<PgBouncer>(database().url());
  }

  std::unique_ptr<PgBouncer> pooler_;
};

INSTANTIATE_TEST_SUITE_P(, Pooler, testing::Values(DatabaseKind::postgres), [](const auto& tested) {
  return std::string(to_string(tested.param));
});

TEST_P(Pooler, ServesTwoRunsAtOnceOverTwoServerConnections) {
  ask_many(60);
  std::vector<Process> both;
  for (int number = 0; number < 2; ++number) {
    both.emplace_back(run_command(
        {"--database", pooler_->url(), "--drain", "--limit", "10", "--concurrency", "8"}));
  }
  int completed = 0;
  for (Process& process : both) {
    const RunResult result = result_of(process);
    EXPECT_EQ(0, result.status) << result.log;
    completed += result["completed"];
  }
  EXPECT_EQ(60, completed);
  EXPECT_EQ(60U, standin_.host.count());
  EXPECT_EQ(0U, rows("ai_response_queue", "status <> 'complete'").size());
}

TEST_P(Pooler, IsNoPlaceToMigrateThrough) {
  const Exit exit = run_to_end({.arguments = {"migrate", "--database", pooler_->url()}});
  EXPECT_EQ(78, exit.status);
  EXPECT_THAT(exit.err, HasSubstr("direct"));
}

TEST_P(Pooler, IsNamedByDoctor) {
  const Exit exit = run_to_end(command({"doctor",
                                        "--database",
                                        pooler_->url(),
                                        "--callback-url",
                                        standin_.callback_url(),
                                        "--callback-token",
                                        std::string(kCallbackToken)}));
  EXPECT_THAT(exit.out, HasSubstr("through a pooler in transaction mode: runs work there"));
}

}  // namespace
}  // namespace autoreply::test
