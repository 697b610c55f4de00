// The functions by which PostgreSQL keeps the plans of a run's statements.

#include "store/postgres/kept_plans.h"

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "restricted_role_fixture.h"
#include "support/store_test.h"

namespace autoreply::test {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class KeptPlans : public RestrictedRole {
 protected:
  /// The names of the functions in the database.
  std::vector<std::string> functions() {
    std::vector<std::string> names;
    for (const auto& row : database().rows("select proname from pg_proc where proname ~ "
                                           "'^autoreply_[a-z_]+_[0-9a-f]{16}$' order by 1")) {
      names.push_back(row.front());
    }
    return names;
  }

  std::string function_for(const std::string& statement) {
    const std::vector<std::string> names = functions();
    const auto found = std::ranges::find_if(names, [&](const std::string& name) {
      return name.starts_with("autoreply_" + statement + "_");
    });
    return found == names.end() ? "" : *found;
  }

  /// Replaces the function for starts by one that finds no job held, which shows that it is called.
  void spoil_start() {
    database().execute(
        fmt::format("create or replace function {}(text, text, text, text, text) returns text "
                    "language plpgsql as"
                    " $$ begin return '{{\"jobs\": [], \"configs\": {{}}}}'; end $$",
                    function_for("start")));
  }

  /// Starts a job in a store. Returns the message of the error; empty if there is none.
  std::string start_error(JobStore& with, const ClaimedJob& job) {
    const StartRequest request = start_request(job);
    const auto done = with.start({&request, 1});
    if (!done) return done.error().message;
    return done->front() ? "" : done->front().error().message;
  }

  [[nodiscard]] std::vector<std::string> migrate_again() {
    auto lines = migrate(database_config());
    EXPECT_TRUE(lines) << lines.error().message;
    return lines ? *lines : std::vector<std::string>{};
  }

  /// Returns the roles that may execute a function, without its owner. "-" means PUBLIC.
  std::vector<std::string> may_execute(const std::string& function) {
    std::vector<std::string> roles;
    for (const auto& row : database().rows(fmt::format(
             "select a.grantee::regrole::text from pg_proc p, aclexplode(coalesce(p.proacl, "
             "acldefault('f', p.proowner))) a where p.proname = '{}' and a.grantee <> p.proowner",
             function))) {
      roles.push_back(row.front());
    }
    return roles;
  }
};
AUTOREPLY_ON_POSTGRES(KeptPlans);

TEST_P(KeptPlans, AreCalled) {
  const ClaimedJob job = claim_one(host().job().id);
  EXPECT_EQ("", start_error(store(), job));
  spoil_start();
  EXPECT_NE("", start_error(store(), job));
}

TEST_P(KeptPlans, AreNotMissedOnceTheyAreDropped) {
  const ClaimedJob job = claim_one(host().job().id);
  EXPECT_EQ("", start_error(store(), job));
  for (const std::string& name : functions()) database().execute("drop function " + name);
  EXPECT_EQ("", start_error(store(), job));
  EXPECT_TRUE(record(job));
  EXPECT_TRUE(settle(settlement(job, Outcome::completed)));
  EXPECT_EQ("complete", column(job.job.id.value, "status"));
}

TEST_P(KeptPlans, AreForTheRolesThatMayWriteRuns) {
  const ClaimedJob job = claim_one(host().job().id);
  EXPECT_THAT(may_execute(function_for("start")), Contains(HasSubstr(role_)));
  database().execute(
      fmt::format("revoke execute on all functions in schema public from \"{}\"", role_));
  EXPECT_EQ("", start_error(*restricted(), job));

  EXPECT_THAT(migrate_again(), Contains("updated the rights of the functions"));
  EXPECT_THAT(may_execute(function_for("start")), Contains(HasSubstr(role_)));
  auto worker = restricted();
  EXPECT_EQ("", start_error(*worker, job));
  database().execute(
      fmt::format("revoke execute on all functions in schema public from \"{}\"", role_));
  EXPECT_EQ("", start_error(*worker, job));
  EXPECT_THAT(migrate_again(), Contains("updated the rights of the functions"));

  spoil_start();
  EXPECT_NE("", start_error(*restricted(), job));
}

TEST_P(KeptPlans, AreNotGivenAwayByDefaultPrivileges) {
  database().execute(
      fmt::format("alter default privileges grant execute on functions to \"{0}\", public;"
                  "alter default privileges grant all on tables to \"{0}\"",
                  role_));
  for (const std::string& name : functions()) database().execute("drop function " + name);
  database().execute(fmt::format("revoke all on autoreply_runs from \"{}\"", role_));
  EXPECT_THAT(migrate_again(), Contains("made 5 functions that keep plans"));
  EXPECT_THAT(may_execute(function_for("start")), IsEmpty());

  database().execute(
      "drop table autoreply_schema, autoreply_runs, autoreply_breakers, autoreply_turns");
  EXPECT_THAT(migrate_again(), Contains(HasSubstr("schema version")));
  EXPECT_THAT(database().rows(fmt::format(
                  "select c.relname from pg_class c, aclexplode(c.relacl) a where c.relname like "
                  "'autoreply\\_%' and c.relkind = 'r' and a.grantee = '\"{}\"'::regrole",
                  role_)),
              IsEmpty());
}

TEST_P(KeptPlans, AreNotCalledIfAnotherRoleMadeThem) {
  const ClaimedJob job = claim_one(host().job().id);
  const std::string name = function_for("start");
  spoil_start();
  database().execute(fmt::format("alter function {} owner to \"{}\"", name, role_));
  EXPECT_EQ("", start_error(*open_another_store(), job));
}

TEST_P(KeptPlans, MeanTheirTablesWhateverTheSearchPathIs) {
  const ClaimedJob job = claim_one(host().job().id);
  const auto same = open_another_store();
  database().execute(
      "create schema hostile;"
      "create function hostile.lower(text) returns text language plpgsql as"
      " $$ begin raise 'a hostile function was called'; end $$;"
      "create function hostile.equal(uuid, uuid) returns boolean language plpgsql as"
      " $$ begin raise 'a hostile operator was called'; end $$;"
      "create operator hostile.= (leftarg = uuid, rightarg = uuid, function = hostile.equal);"
      "create table hostile.ai_response_logs ();");
  const std::string name = database().rows("select quote_ident(current_database())").at(0).at(0);
  database().execute(
      fmt::format("alter database {} set search_path = hostile, pg_catalog, public", name));
  DatabaseConfig config = database_config();
  config.tables.logs = "public.ai_response_logs";
  auto opened = open_store(config);
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_EQ("", start_error(**opened, job));
  for (const std::string& each : functions()) database().execute("drop function public." + each);
  // Without functions, the path decides. So the function was what did not mind it.
  EXPECT_THAT(start_error(**open_store(config), job), HasSubstr("hostile"));
}

TEST_P(KeptPlans, FollowAChangeOfTheHostsTables) {
  const ClaimedJob job = claim_one(host().job().id);
  EXPECT_EQ("", start_error(store(), job));
  database().execute(
      "alter table livechat_messages add column shade text default 'x';"
      "alter table contacts alter column phone_number type varchar(40);"
      "alter table workspace_ai_config drop column temperature");
  EXPECT_EQ("", start_error(store(), job));
  EXPECT_TRUE(record(job));
  EXPECT_TRUE(settle(settlement(job, Outcome::completed)));

  const ClaimedJob other = claim_one(host().job().id);
  spoil_start();
  EXPECT_NE("", start_error(store(), other)) << "the function is still called";
}

TEST_P(KeptPlans, AreNotMadeForTypesWithOperatorsOfTheirOwn) {
  for (const std::string& name : functions()) database().execute("drop function " + name);
  database().execute(
      "create extension citext;"
      "alter table contacts alter column workspace_id type citext");
  EXPECT_THAT(migrate_again(), Contains(HasSubstr("made no functions")));
  EXPECT_THAT(functions(), IsEmpty());
}

TEST_P(KeptPlans, AreNotMadeIfATriggerOfTheHostReliesOnTheSearchPath) {
  const ClaimedJob job = claim_one(host().job().id);
  for (const std::string& name : functions()) database().execute("drop function " + name);
  database().execute(
      "create table audit (job uuid);"
      "create function note() returns trigger language plpgsql as"
      " $$ begin insert into audit values (new.id); return new; end $$;"
      "create trigger noting before update on ai_response_queue for each row execute function "
      "note();");
  EXPECT_THAT(migrate_again(), Contains(HasSubstr("noting of ai_response_queue")));
  EXPECT_THAT(functions(), IsEmpty());
  EXPECT_EQ("", start_error(*open_another_store(), job));
  EXPECT_EQ(1U, database().rows("select job from audit").size());

  database().execute("alter function note() set search_path = public");
  EXPECT_THAT(migrate_again(), Contains("made 5 functions that keep plans"));
  EXPECT_EQ("", start_error(*open_another_store(), job));
  EXPECT_EQ(2U, database().rows("select job from audit").size());
}

TEST_P(KeptPlans, AreNotCalledOnceATriggerRelyingOnTheSearchPathIsThere) {
  const ClaimedJob job = claim_one(host().job().id);
  spoil_start();
  database().execute(
      "create function note() returns trigger language plpgsql as"
      " $$ begin return new; end $$;"
      "create trigger noting before update on ai_response_queue for each row execute function "
      "note();");
  EXPECT_EQ("", start_error(*open_another_store(), job));
}

TEST_P(KeptPlans, GiveWayToThePlainStatementIfTheHostsCodeFailsInThem) {
  const ClaimedJob job = claim_one(host().job().id);
  // The check looks for its function in the search path, which is another one in our functions.
  database().execute(
      "create function always() returns boolean language sql as 'select true';"
      "create function is_fine(text) returns boolean language plpgsql as"
      " $$ begin return always(); exception when undefined_function then raise 'no path'; end $$;"
      "alter table ai_response_queue add constraint fine check (is_fine(status)) not valid");
  EXPECT_EQ("", start_error(store(), job));
  EXPECT_TRUE(record(job));
}

TEST_P(KeptPlans, WriteAStatusOfFixedLengthWhole) {
  const ClaimedJob job = claim_one(host().job().id);
  database().execute("alter table ai_response_queue alter column status type char(20)");
  EXPECT_THAT(migrate_again(), Contains("made 5 functions that keep plans"));
  const Settlement settled = settlement(job, Outcome::completed);
  ASSERT_TRUE(open_another_store()->write({}, {&settled, 1}));
  EXPECT_EQ("complete", column(job.job.id.value, "status").substr(0, 8));
}

TEST_P(KeptPlans, BelongToTheOwnerOfOurTables) {
  for (const std::string& name : functions()) database().execute("drop function " + name);
  database().execute(
      fmt::format("grant create on schema public to \"{0}\";"
                  "alter table autoreply_schema owner to \"{0}\"",
                  role_));
  EXPECT_THAT(migrate_again(), Contains("made 5 functions that keep plans"));
  EXPECT_EQ(5U,
            database()
                .rows(fmt::format("select 1 from pg_proc where proname like 'autoreply\\_%' and "
                                  "proowner = '\"{}\"'::regrole",
                                  role_))
                .size());
  EXPECT_THAT(migrate_again(), Contains(HasSubstr("nothing to do")));
}

TEST_P(KeptPlans, LeaveTheRightsToOurTablesAloneIfAMigrationIsRepeated) {
  database().execute("delete from autoreply_schema");
  EXPECT_THAT(migrate_again(), Contains(HasSubstr("schema version")));
  const auto rows = database().rows(
      fmt::format("select has_table_privilege('{}', 'autoreply_runs', 'insert')::text", role_));
  EXPECT_EQ("true", rows.at(0).at(0));
}

TEST_P(KeptPlans, OfTwoVersionsAreThereAtOnce) {
  const std::vector<std::string> own = functions();
  const auto make = [&](const std::string& name, int generation) {
    database().execute(fmt::format(
        "create function {0}() returns text language sql as 'select 1::text';"
        "comment on function {0}() is 'A plan that autoreply keeps, generation {1} for {2}'",
        name,
        generation,
        "public.ai_response_queue, public.ai_response_logs, public.livechat_messages, "
        "public.contacts, public.workspace_ai_config"));
  };
  // Functions of a later version make ours those of the version before it.
  make("autoreply_start_00000000000000bb", 2);
  EXPECT_THAT(migrate_again(), Contains("made 5 functions that keep plans"));
  EXPECT_THAT(functions(), Contains("autoreply_start_00000000000000bb"));
  EXPECT_EQ(own.size() + 1, functions().size());

  // A function of a version before that is dropped, once ours are new.
  make("autoreply_start_00000000000000aa", 1);
  database().execute("drop function " + function_for("record"));
  EXPECT_THAT(migrate_again(), Contains("made 5 functions that keep plans"));
  EXPECT_THAT(functions(), Not(Contains("autoreply_start_00000000000000aa")));
  EXPECT_THAT(migrate_again(), Contains(HasSubstr("nothing to do")));
}

TEST_P(KeptPlans, AreDoneWithoutIfTheRoleMayNotMakeThem) {
  for (const std::string& name : functions()) database().execute("drop function " + name);
  database().execute(
      fmt::format("revoke create on schema public from public;"
                  "alter table ai_response_queue owner to \"{0}\";"
                  "alter table autoreply_runs owner to \"{0}\"",
                  role_));
  DatabaseConfig config = database_config();
  const std::size_t user = config.url.find("://") + 3;
  config.url.replace(user, config.url.find('@') - user, role_);
  const auto lines = migrate(config);
  ASSERT_TRUE(lines) << lines.error().message;
  EXPECT_THAT(*lines, Contains(HasSubstr("made no functions")));
  EXPECT_THAT(*lines, Contains(HasSubstr("made no view")));
  EXPECT_THAT(functions(), IsEmpty());
}

}  // namespace
}  // namespace autoreply::test
