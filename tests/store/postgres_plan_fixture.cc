#include "postgres_plan_fixture.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace autoreply::test {

void PlanTest::fill(Statistics statistics) {
  database().execute("alter table ai_response_queue set (autovacuum_enabled = off)");
  if (statistics == Statistics::stale) database().execute("analyze ai_response_queue");
  database().execute(
      "insert into ai_response_queue (workspace_id, contact_id, message_id, created_at,"
      " next_attempt_at)"
      " select case when i % 10 = 0 then 'ws' || i % 500 else 'ws0' end,"
      "        md5((i / 22)::text)::uuid, gen_random_uuid(), t, t + interval '" +
      due_in_ +
      "'"
      "   from (select i, now() - interval '1 day' + i * interval '1 ms' as t"
      "           from generate_series(1, 20000) i) n;"
      "insert into ai_response_queue (workspace_id, contact_id, message_id, created_at, status,"
      " claimed_at)"
      " select 'ws' || i % 500, md5((i / 22)::text)::uuid, gen_random_uuid(), t, 'complete', t"
      "   from (select i, now() - i * interval '1 s' as t from generate_series(1, 20000) i) n;"
      "insert into workspace_ai_config (workspace_id)"
      " select 'ws' || i from generate_series(0, 499) i");
  if (statistics == Statistics::fresh) database().execute("analyze");
}

Statements PlanTest::statements_of_the_store() {
  const TableNames tables;
  const std::string place = database().rows(queue_place_sql(tables)).at(0).at(0);
  return postgres_statements(parse_queue_place(tables, place));
}

int PlanTest::blocks_read(Plans plans, const SqlStatement& statement, const Values& values) {
  const auto explained = nlohmann::json::parse(
      explain("explain (analyze, buffers, format json)", plans, statement, values));
  const auto& top = explained.at(0).at("Plan");
  return top.at("Shared Hit Blocks").get<int>() + top.at("Shared Read Blocks").get<int>();
}

std::string PlanTest::explain(std::string_view command,
                              Plans plans,
                              const SqlStatement& statement,
                              const Values& values) {
  const SqlStatement::Part& numbered = statement.parts.front();
  std::string text = numbered.sql;
  for (std::size_t number = numbered.parameters.size(); number > 0; --number) {
    const std::string& name = numbered.parameters[number - 1];
    const std::string place = fmt::format("${}", number);
    for (std::size_t at = text.find(place); at != std::string::npos; at = text.find(place, at)) {
      const std::string value = sql_literal(values.at(name));
      text.replace(at, place.size(), value);
      at += value.size();
    }
  }
  database().execute("begin");
  for (const ServerSetting& setting : planner_settings(plans)) {
    database().execute(fmt::format("set local {} = {}", setting.name, setting.value));
  }
  std::string explained;
  for (const auto& row : database().rows(fmt::format("{} {}", command, text))) {
    explained += row.front() + "\n";
  }
  database().execute("rollback");
  return explained;
}

}  // namespace autoreply::test
