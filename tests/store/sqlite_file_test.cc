// The file of a SQLite host: missing, damaged, read-only, locked, or with a view as its queue.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/store_test.h"

namespace autoreply::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

std::string path_of(TestDatabase& database) {
  return database.url().substr(std::string_view("sqlite:").size());
}

TEST(WriteAheadLog, IsNeeded) {
  DatabaseConfig config;
  config.url = "sqlite::memory:";
  const auto migrated = migrate(config);
  ASSERT_FALSE(migrated);
  EXPECT_EQ(ErrorKind::misconfigured, migrated.error().kind);
  EXPECT_THAT(migrated.error().message, HasSubstr("write-ahead log"));
}

class SqliteFile : public StoreTest {
 protected:
  [[nodiscard]] DatabaseConfig beside(const std::string& name) {
    DatabaseConfig config = database_config();
    config.url =
        "sqlite:" + (std::filesystem::path(path_of(database())).parent_path() / name).string();
    return config;
  }
};
AUTOREPLY_ON_SQLITE(SqliteFile);

TEST_P(SqliteFile, IsWrittenAheadAndDurably) {
  EXPECT_EQ("wal", database().value("pragma journal_mode"));
}

TEST_P(SqliteFile, IsNotWaitedForWithoutEnd) {
  const DatabaseConfig config = beside("locked.db");
  sqlite3* holder = nullptr;
  ASSERT_EQ(SQLITE_OK, sqlite3_open(config.url.substr(7).c_str(), &holder));
  ASSERT_EQ(SQLITE_OK,
            sqlite3_exec(holder, "create table x (a); begin exclusive", nullptr, nullptr, nullptr));
  const auto opened = open_store(config);
  sqlite3_close(holder);
  ASSERT_FALSE(opened);
  EXPECT_EQ(ErrorKind::busy, opened.error().kind);
  EXPECT_THAT(opened.error().message, HasSubstr("locked by another process"));
}

TEST_P(SqliteFile, MayHaveAnyName) {
  const DatabaseConfig config = beside("a 'name' with = and ü.db");
  const auto migrated = migrate(config);
  ASSERT_TRUE(migrated) << migrated.error().message;
  const auto opened = open_store(config);
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_TRUE((*opened)->check_ready());
}

TEST_P(SqliteFile, ThatDoesNotExistIsNotMadeByARun) {
  const DatabaseConfig config = beside("missing.db");
  const auto opened = open_store(config);
  ASSERT_FALSE(opened);
  EXPECT_EQ(ErrorKind::misconfigured, opened.error().kind);
  EXPECT_THAT(opened.error().message, AllOf(HasSubstr("missing.db"), HasSubstr("migrate")));
  EXPECT_FALSE(std::filesystem::exists(config.url.substr(7)));
}

TEST_P(SqliteFile, InADirectoryThatDoesNotExistIsUnavailable) {
  const auto migrated = migrate(beside("nowhere/some.db"));
  ASSERT_FALSE(migrated);
  EXPECT_EQ(ErrorKind::unavailable, migrated.error().kind);
  EXPECT_THAT(migrated.error().message, HasSubstr("nowhere"));
}

TEST_P(SqliteFile, ThatIsNoDatabaseIsUnavailable) {
  const DatabaseConfig config = beside("letter.db");
  std::ofstream(config.url.substr(7)) << std::string(4096, 'x');
  const auto opened = open_store(config);
  ASSERT_FALSE(opened);
  EXPECT_EQ(ErrorKind::unavailable, opened.error().kind);
  EXPECT_THAT(opened.error().message, HasSubstr("letter.db"));
}

/// Drops the privileges of root, who may write everything, during its lifetime.
class AsNobody final {
 public:
  AsNobody() : changed_(::geteuid() == 0 && ::seteuid(kNobody) == 0) {}
  ~AsNobody() {
    if (changed_ && ::seteuid(0) != 0) std::abort();
  }
  AsNobody(const AsNobody&) = delete;
  AsNobody& operator=(const AsNobody&) = delete;

 private:
  static constexpr uid_t kNobody = 65534;
  bool changed_;
};

TEST_P(SqliteFile, ThatMayNotBeWrittenIsUnavailable) {
  const DatabaseConfig config = beside("theirs.db");
  ASSERT_TRUE(migrate(config));
  const std::string path = config.url.substr(7);
  ::chmod(path.c_str(), 0444);
  ::chmod(std::filesystem::path(path).parent_path().c_str(), 0555);
  Result<Claim> claimed;
  {
    const AsNobody nobody;
    auto opened = open_store(config);
    claimed = opened ? claim_from(**opened, claim_request()) : fail(opened.error());
  }
  ::chmod(std::filesystem::path(path).parent_path().c_str(), 0755);
  ASSERT_FALSE(claimed);
  EXPECT_EQ(ErrorKind::unavailable, claimed.error().kind) << claimed.error().message;
  EXPECT_THAT(claimed.error().message, HasSubstr("theirs.db"));
}

TEST_P(SqliteFile, ThatSomebodyElseKeepsLockedIsBusy) {
  database().execute("begin immediate");
  const auto jobs = claim_from(store(), claim_request());
  database().execute("rollback");
  ASSERT_FALSE(jobs);
  EXPECT_EQ(ErrorKind::busy, jobs.error().kind) << jobs.error().message;
  EXPECT_TRUE(claim_from(store(), claim_request()));
}

TEST_P(SqliteFile, WhoseTriggerRefusesALogRowTakesNothingOfTheBatch) {
  const HostJob poisoned = host().job();
  const HostJob fine = host().job();
  database().execute(
      "create trigger no_poison before insert on ai_response_logs when new.response like "
      "'%poison%' "
      "begin select raise(abort, 'no'); end");
  const ClaimedJob bad = claim_one(poisoned.id);
  const ClaimedJob good = claim_one(fine.id);
  const std::vector<RecordRequest> records{record_request(good, "fine"),
                                           record_request(bad, "poison")};
  const auto written = store().write(records, {});
  ASSERT_FALSE(written);
  EXPECT_EQ(ErrorKind::refused, written.error().kind) << written.error().message;
  EXPECT_EQ("0", database().value("select count(*) from ai_response_logs"));
  EXPECT_EQ("", column(fine.id, "sent_at"));
  EXPECT_TRUE(record(good, "fine"));
}

TEST_P(SqliteFile, IsMigratedBySeveralAtOnce) {
  const DatabaseConfig config = beside("contended.db");
  std::vector<std::string> errors(6);
  {
    std::vector<std::jthread> threads;
    threads.reserve(errors.size());
    for (std::string& error : errors) {
      threads.emplace_back([&] {
        if (const auto migrated = migrate(config); !migrated) error = migrated.error().message;
      });
    }
  }
  EXPECT_THAT(errors, testing::Each(IsEmpty()));
  const auto opened = open_store(config);
  ASSERT_TRUE(opened);
  EXPECT_TRUE((*opened)->check_ready());
}

TEST_P(SqliteFile, WithAQueueThatIsAViewIsMisconfigured) {
  database().execute(
      "alter table ai_response_queue rename to entries;"
      "create view ai_response_queue as select * from entries;");
  const auto migrated = migrate(database_config());
  ASSERT_FALSE(migrated);
  EXPECT_EQ(ErrorKind::misconfigured, migrated.error().kind);
  EXPECT_THAT(migrated.error().message, HasSubstr("ai_response_queue"));
}

}  // namespace
}  // namespace autoreply::test
