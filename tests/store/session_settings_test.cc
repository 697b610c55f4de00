// What every transaction sets for itself, whatever the role and the database set.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "store/postgres/postgres_session.h"
#include "support/test_database.h"

namespace autoreply::test {
namespace {

using End = PostgresSession::End;

struct Setting {
  const char* name;
  const char* of_the_database;
  const char* of_a_transaction;
};

constexpr Setting kSettings[] = {
    {"default_transaction_isolation", "repeatable read", nullptr},
    {"transaction_isolation", nullptr, "read committed"},
    {"default_transaction_read_only", "on", nullptr},
    {"transaction_read_only", nullptr, "off"},
    {"synchronous_commit", "off", "on"},
    {"client_encoding", "LATIN1", "UTF8"},
    {"timezone", "America/New_York", "UTC"},
    {"datestyle", "SQL, DMY", "ISO, YMD"},
    {"standard_conforming_strings", "off", "on"},
    {"row_security", "off", "on"},
    {"lock_timeout", "1d", "5s"},
    {"statement_timeout", "1d", "10s"},
    {"idle_in_transaction_session_timeout", "1d", "5s"},
};

TEST(SessionSettings, AreOursInEveryTransaction) {
  const auto database = make_test_database(DatabaseKind::postgres);
  if (!database) GTEST_SKIP() << "AUTOREPLY_TEST_POSTGRES names no server";
  const std::string name = database->value("select current_database()");
  for (const Setting& setting : kSettings) {
    if (setting.of_the_database == nullptr) continue;
    database->execute(fmt::format(
        "alter database \"{}\" set {} = '{}'", name, setting.name, setting.of_the_database));
  }
  const auto session = PostgresSession::open(database->url(), std::chrono::seconds{5});
  ASSERT_TRUE(session) << session.error().message;
  for (const Setting& setting : kSettings) {
    if (setting.of_a_transaction == nullptr) continue;
    std::string found;
    const auto done = (*session)->in_transaction({}, End::commit, [&](SqlTransaction& tx) {
      found = tx.run(fmt::format("select current_setting('{}')", setting.name));
    });
    ASSERT_TRUE(done) << done.error().message;
    EXPECT_EQ(setting.of_a_transaction, found) << setting.name;
  }
  std::string text;
  ASSERT_TRUE((*session)->in_transaction({}, End::commit, [&](SqlTransaction& tx) {
    text = tx.run("select :text || chr(8364)", {{"text", "\xC3\xA9"}});
  }));
  EXPECT_EQ("\xC3\xA9\xE2\x82\xAC", text);
}

TEST(SessionSettings, LetOnlyAskedForCommitsNotWaitForTheDisk) {
  const auto database = make_test_database(DatabaseKind::postgres);
  if (!database) GTEST_SKIP() << "AUTOREPLY_TEST_POSTGRES names no server";
  const auto session = PostgresSession::open(database->url(), std::chrono::seconds{5});
  ASSERT_TRUE(session) << session.error().message;
  std::string found;
  ASSERT_TRUE((*session)->in_transaction({.durable = false}, End::commit, [&](SqlTransaction& tx) {
    found = tx.run("select current_setting('synchronous_commit')");
  }));
  EXPECT_EQ("off", found);
}

TEST(SessionSettings, LeaveNothingBehindInTheSession) {
  const auto database = make_test_database(DatabaseKind::postgres);
  if (!database) GTEST_SKIP() << "AUTOREPLY_TEST_POSTGRES names no server";
  const auto session = PostgresSession::open(database->url(), std::chrono::seconds{5});
  ASSERT_TRUE(session) << session.error().message;
  const char* const all =
      "select string_agg(name || '=' || setting, ' ' order by name) "
      "from pg_settings where source = 'session'";
  const std::string before = (*session)->execute_alone(all).value();
  ASSERT_TRUE((*session)->in_transaction({}, End::commit, [](SqlTransaction&) {}));
  EXPECT_EQ(before, (*session)->execute_alone(all).value());
}

}  // namespace
}  // namespace autoreply::test
