#include "support/database_proxy.h"

#include <chrono>
#include <future>
#include <stdexcept>

#include <gmock/gmock.h>

#include "support/postgres_connection.h"
#include "support/test_database.h"

namespace autoreply::test {
namespace {

using testing::StartsWith;
using Moment = DatabaseProxy::Moment;
using Then = DatabaseProxy::Then;

/// The tool of the crash tests. It must act exactly at the moments that it promises.
class DatabaseProxyTest : public testing::Test {
 protected:
  void SetUp() override {
    database_ = make_test_database(DatabaseKind::postgres);
    if (!database_) GTEST_SKIP() << "AUTOREPLY_TEST_POSTGRES names no server";
    database_->execute("create table noted (number int)");
    proxy_ = std::make_unique<DatabaseProxy>(database_->url());
    client_ = std::make_unique<PostgresConnection>(proxy_->url());
  }

  static DatabaseProxy::Matches statement(std::string text) {
    return [text = std::move(text)](const DatabaseRequest& request) {
      return request.statement == text;
    };
  }

  /// How many rows there are. May be called on any thread.
  [[nodiscard]] std::string noted() const {
    return database_->another_session()->value("select count(*) from noted");
  }

  std::unique_ptr<TestDatabase> database_;
  std::unique_ptr<DatabaseProxy> proxy_;
  std::unique_ptr<PostgresConnection> client_;
};

TEST_F(DatabaseProxyTest, PassesAnswersOfAnySizeOn) {
  EXPECT_EQ(5'000'000U, client_->run("select repeat('x', 5000000)")[0][0].size());
}

TEST_F(DatabaseProxyTest, ActsBeforeTheServerAndAfterIt) {
  std::promise<std::string> before, after;
  proxy_->at(Moment::before, statement("insert into noted values (1)"), 2, [&] {
    before.set_value(noted());
    return Then::forward;
  });
  proxy_->at(Moment::after, statement("insert into noted values (1)"), 2, [&] {
    after.set_value(noted());
    return Then::forward;
  });
  for (int time = 0; time < 3; ++time) client_->run("insert into noted values (1)");
  EXPECT_EQ("1", before.get_future().get());
  EXPECT_EQ("2", after.get_future().get());
  EXPECT_EQ(3, proxy_->requests());
}

TEST_F(DatabaseProxyTest, KnowsWhatACommitEnds) {
  std::promise<std::string> ended;
  proxy_->at(
      Moment::before,
      [](const DatabaseRequest& request) { return request.is_commit(); },
      1,
      [&] {
        ended.set_value(noted());
        return Then::hang_up;
      });
  client_->run("begin");
  client_->run("insert into noted values (1)");
  EXPECT_THROW(client_->run("commit"), std::runtime_error);
  EXPECT_EQ("0", ended.get_future().get());
  EXPECT_EQ("0", noted()) << "it never reached the server";
}

TEST_F(DatabaseProxyTest, LosesTheAnswerToWhatHappened) {
  proxy_->at(
      Moment::after, statement("insert into noted values (1)"), 1, [] { return Then::hang_up; });
  EXPECT_THROW(client_->run("insert into noted values (1)"), std::runtime_error);
  EXPECT_EQ("1", noted());
}

TEST_F(DatabaseProxyTest, KeepsEverybodyWaitingWhileItIsSilent) {
  proxy_->go_silent();
  auto answer = std::async(std::launch::async, [this] { return client_->run("select 1"); });
  EXPECT_EQ(std::future_status::timeout, answer.wait_for(std::chrono::milliseconds{100}));
  proxy_->resume();
  EXPECT_EQ("1", answer.get()[0][0]);
}

TEST_F(DatabaseProxyTest, CutsWhatIsConnectedAndTakesOthers) {
  proxy_->cut();
  EXPECT_THROW(client_->run("select 1"), std::runtime_error);
  EXPECT_EQ("1", PostgresConnection(proxy_->url()).run("select 1")[0][0]);
}

}  // namespace
}  // namespace autoreply::test
