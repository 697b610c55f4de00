#include <regex>
#include <set>
#include <string>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/claim_json.h"
#include "store/sqlite/sqlite_statements.h"
#include "support/store_test.h"

namespace autoreply::test {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;

/// The cost of a statement must grow with the rows it is about, not with the backlog or with
/// finished jobs. This depends on the indexes that it walks, with statistics and without.
class SqlitePlan : public StoreTest {
 protected:
  void fill() {
    database().execute(
        "with recursive n(i) as (select 1 union all select i + 1 from n where i < 5000)"
        " insert into ai_response_queue (workspace_id, contact_id, message_id, status, claimed_at)"
        " select 'ws' || (i % 50), 'c' || (i / 22), 'm' || i,"
        "        case when i % 2 = 0 then 'pending' else 'complete' end,"
        "        case when i % 2 = 1 then strftime('%Y-%m-%dT%H:%M:%fZ', 'now') end from n");
    database().execute(
        "with recursive n(i) as (select 1 union all select i + 1 from n where i < 5000)"
        " insert into livechat_messages (id, workspace_id, contact_id, direction)"
        " select 'm' || i, 'ws' || (i % 50), 'c' || (i / 22), 'inbound' from n");
  }

  std::string plan(const SqlStatement& statement) {
    std::string plans;
    for (const SqlStatement::Part& part : statement.parts) plans += plan_of(part.sql);
    return plans;
  }

  std::string plan_of(const std::string& sql) {
    std::string plan;
    for (const auto& row : database().rows("explain query plan " + sql)) plan += row.back() + "\n";
    // Few rows are in flight, so all of them may be looked at. Of the waiting rows, up to a
    // thousand may be.
    const std::regex all_rows(fmt::format(
        "SCAN ({})( USING INDEX (?!autoreply_queue_(in_flight|turn)).*)?\n|\\((id|rowid)[<>]\\?\\)",
        fmt::join(names_of_large_tables(sql), "|")));
    std::smatch found;
    EXPECT_FALSE(std::regex_search(plan, found, all_rows)) << found.str() << " of " << sql;
    return plan;
  }

  /// The large tables and their aliases in the statement.
  static std::set<std::string> names_of_large_tables(const std::string& sql) {
    std::set<std::string> names{"ai_response_queue", "livechat_messages", "ai_response_logs"};
    static const std::regex named(
        "\"(?:ai_response_queue|livechat_messages|ai_response_logs)\" ([a-z])\\b");
    for (std::sregex_iterator at(sql.begin(), sql.end(), named), end; at != end; ++at) {
      names.insert((*at)[1]);
    }
    return names;
  }

  void expect_plans() {
    const Statements sql = sqlite_statements(TableNames{}, HostColumns{});
    // One search for the first workspace, and one from each workspace to the next.
    EXPECT_THAT(plan(sql.claim_next_workspaces),
                ContainsRegex("autoreply_queue_turn \\(<expr>>\\?\\)(.|\n)*"
                              "autoreply_queue_turn \\(<expr>>\\?\\)"));
    const std::string candidates = plan(sql.claim_candidates);
    EXPECT_THAT(candidates,
                HasSubstr("SEARCH q USING INDEX autoreply_queue_turn (<expr>=? AND <expr><?)"));
    EXPECT_THAT(
        candidates,
        HasSubstr("SEARCH q USING INDEX autoreply_queue_with_reply (<expr>=? AND <expr><?)"));
    EXPECT_THAT(candidates, HasSubstr("INDEX autoreply_queue_contact_claimed"));
    EXPECT_THAT(plan(sql.claim_contacts),
                HasSubstr("SEARCH q USING INDEX autoreply_queue_waiting (<expr>=? AND "
                          "contact_id>?)"));
    for (const SqlStatement& statement : {sql.claim_state,
                                          sql.claim_waiting,
                                          sql.claim_workspaces_of,
                                          sql.claim_terms,
                                          sql.claim_in_flight,
                                          sql.claim_forget,
                                          sql.claim_take,
                                          sql.start,
                                          sql.find_deliveries,
                                          sql.renew,
                                          sql.record,
                                          sql.settle,
                                          sql.supersede}) {
      plan(statement);
    }
  }
};
AUTOREPLY_ON_SQLITE(SqlitePlan);

TEST_P(SqlitePlan, WalksIndexesWithoutStatistics) {
  fill();
  expect_plans();
}

TEST_P(SqlitePlan, WalksIndexesWithStatistics) {
  fill();
  database().execute("analyze");
  expect_plans();
}

}  // namespace
}  // namespace autoreply::test
