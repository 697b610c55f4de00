// Many requests at once on one loop.

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <fstream>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "base/loop.h"
#include "net/http_client_fixture.h"
#include "support/blocking_client.h"
#include "support/scripted_server.h"

namespace autoreply {
namespace {

using Kind = HttpFailure::Kind;
using std::chrono::milliseconds;
using test::answer;
using test::failure_of;
using test::request_to;
using test::Scripted;
using test::ScriptedServer;

int threads_of_this_process() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("Threads:")) return std::stoi(line.substr(8));
  }
  return 0;
}

/// Looks at the number of threads again and again, in steps of the loop.
class ThreadCount final : public LoopListener {
 public:
  explicit ThreadCount(Loop& loop) : loop_(loop) { on_time(); }
  ~ThreadCount() override { loop_.forget(*this); }
  ThreadCount(const ThreadCount&) = delete;
  ThreadCount& operator=(const ThreadCount&) = delete;

  void on_ready(int, Readiness) override {}
  void on_time() override {
    most_ = std::max(most_, threads_of_this_process());
    loop_.set_time(*this, Loop::Clock::now());
  }
  [[nodiscard]] int most() const { return most_; }

 private:
  Loop& loop_;
  int most_ = 0;
};

TEST(HttpClient, SendsManyRequestsAtOnceAndKeepsTheirConnections) {
  constexpr std::size_t kMany = 100;
  ScriptedServer server({answer(200, "{}")});
  test::BlockingClient client(kMany);
  const std::vector<HttpRequest> requests(kMany, request_to(server.url()));
  for (int round = 1; round <= 3; ++round) {
    for (const HttpResult& result : client.post_all(requests, {})) {
      ASSERT_TRUE(result) << result.error().message;
      EXPECT_EQ(200, result->status);
    }
  }
  EXPECT_EQ(3 * kMany, server.requests().size());
  EXPECT_LE(server.connections(), kMany);
}

TEST(HttpClient, GivesEachOfManyRequestsItsOwnAnswer) {
  ScriptedServer fine({answer(200, "fine")});
  ScriptedServer closing({{"", Scripted::Then::close}});
  ScriptedServer hanging({{"", Scripted::Then::hang}});
  test::BlockingClient client(30);
  std::vector<HttpRequest> requests;
  for (int round = 0; round < 10; ++round) {
    requests.push_back(request_to(fine.url()));
    requests.push_back(request_to(closing.url()));
    requests.push_back(request_to(hanging.url(), milliseconds(200)));
  }
  const std::vector<HttpResult> results = client.post_all(requests, {});
  for (std::size_t at = 0; at < results.size(); at += 3) {
    ASSERT_TRUE(results[at]) << results[at].error().message;
    EXPECT_EQ("fine", results[at]->body);
    EXPECT_EQ(Kind::broken, failure_of(results[at + 1]).kind);
    EXPECT_EQ(Kind::timeout, failure_of(results[at + 2]).kind);
  }
}

TEST(HttpClient, BreaksAllOffAtOnceWhenStopped) {
  constexpr std::size_t kMany = 50;
  ScriptedServer server({{"", Scripted::Then::hang}});
  test::BlockingClient client(kMany);
  std::stop_source stop;
  const std::jthread stopper([&] {
    while (server.requests().size() < kMany) std::this_thread::yield();
    stop.request_stop();
  });
  const std::vector<HttpRequest> requests(kMany, request_to(server.url(), milliseconds(60'000)));
  const auto began = std::chrono::steady_clock::now();
  for (const HttpResult& result : client.post_all(requests, stop.get_token())) {
    EXPECT_EQ(Kind::stopped, failure_of(result).kind);
    EXPECT_TRUE(failure_of(result).request_sent);
  }
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(20));
}

TEST(HttpClient, ReadsManyLargeAnswersWithinItsBudget) {
  constexpr std::size_t kMany = 20;
  const std::string large(1UL << 20U, 'x');
  ScriptedServer server({answer(200, large)});
  // Two of them fit.
  test::BlockingClient client(kMany, 2UL << 20U);
  const std::vector<HttpRequest> requests(kMany, request_to(server.url()));
  for (int round = 1; round <= 2; ++round) {
    for (const HttpResult& result : client.post_all(requests, {})) {
      ASSERT_TRUE(result) << result.error().message;
      EXPECT_EQ(large, result->body);
    }
  }
}

TEST(HttpClient, HoldsTheRoomOfALongAnswerForItsReader) {
  ScriptedServer server({answer(200, std::string(100'000, 'x')), answer(200, "{}")});
  test::BlockingClient client;
  const HttpRequest request = request_to(server.url());
  const std::stop_token never;
  const HttpResult large = client.run(client.sender().post(request, never));
  ASSERT_TRUE(large) << large.error().message;
  EXPECT_NE(nullptr, large->room);
  const HttpResult small = client.run(client.sender().post(request, never));
  ASSERT_TRUE(small) << small.error().message;
  EXPECT_EQ(nullptr, small->room);
}

TEST(HttpClient, LetsOthersWaitForTheRoomOfAnAnswerThatIsBeingRead) {
  ScriptedServer server({answer(200, std::string(100'000, 'x'))});
  // Each half has room for one of them, and one may go beyond it.
  test::BlockingClient client(1, 200'000);
  const HttpRequest request = request_to(server.url(), milliseconds(500));
  const std::stop_token never;
  const HttpResult first = client.run(client.sender().post(request, never));
  HttpResult beyond = client.run(client.sender().post(request, never));
  ASSERT_TRUE(first && beyond);
  EXPECT_EQ(Kind::timeout, failure_of(client.run(client.sender().post(request, never))).kind);
  beyond->room = nullptr;
  EXPECT_TRUE(client.run(client.sender().post(request, never)));
}

TEST(HttpClient, ReadsOnAfterAnswersThatTookTheBudgetAndDidNotEnd) {
  const std::string half(1UL << 20U, 'x');
  ScriptedServer stuck(
      {{"HTTP/1.1 200 OK\r\nContent-Length: 2097152\r\n\r\n" + half, Scripted::Then::hang}});
  ScriptedServer large({answer(200, half)});
  ScriptedServer small({answer(200, std::string(10'000, 'x'))});
  test::BlockingClient client(5, 1UL << 20U);
  const std::vector<HttpResult> results =
      client.post_all({request_to(stuck.url(), milliseconds(2'000)),
                       request_to(stuck.url(), milliseconds(2'000)),
                       request_to(large.url()),
                       request_to(large.url()),
                       request_to(small.url(), milliseconds(1'500))},
                      {});
  EXPECT_EQ(Kind::timeout, failure_of(results[0]).kind);
  EXPECT_EQ(Kind::timeout, failure_of(results[1]).kind);
  EXPECT_TRUE(results[2]);
  EXPECT_TRUE(results[3]);
  EXPECT_TRUE(results[4]) << "an ordinary answer does not wait for hostile ones";
}

// libcurl tells only the one who lets it go on.
TEST(HttpClient, EndsAnAnswerAtOnceThatIsTooLargeForItselfAfterItHasWaited) {
  const std::string chunk = "20000\r\n" + std::string(0x20000, 'x') + "\r\n";
  const std::string head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  ScriptedServer stuck({{head + chunk, Scripted::Then::hang}});
  ScriptedServer endless({{head + chunk + chunk, Scripted::Then::hang}});
  test::BlockingClient client(3, 200'000);
  std::vector<HttpRequest> requests{request_to(stuck.url(), milliseconds(1'000)),
                                    request_to(stuck.url(), milliseconds(1'000)),
                                    request_to(endless.url(), milliseconds(30'000))};
  requests[2].response_bytes_max = 140'000;
  const auto began = std::chrono::steady_clock::now();
  const std::vector<HttpResult> results = client.post_all(requests, {});
  EXPECT_EQ(Kind::too_large, failure_of(results[2]).kind) << failure_of(results[2]).message;
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(15));
}

// libcurl has a thread for each name that it looks up.
TEST(HttpClient, LooksANameUpOnceForAll) {
  constexpr std::size_t kMany = 200;
  test::BlockingClient client(kMany);
  const std::string no_name = "http://" + std::string(70, 'n') + ".example/";
  const std::vector<HttpRequest> requests(kMany, request_to(no_name));
  const int before = threads_of_this_process();
  const ThreadCount threads(client.loop());
  for (const HttpResult& result : client.post_all(requests, {})) {
    const HttpFailure failure = failure_of(result);
    EXPECT_EQ(Kind::connect, failure.kind) << failure.message;
    EXPECT_NE(std::string::npos, failure.message.find("resolve")) << failure.message;
  }
  EXPECT_LE(threads.most(), before + 2);
}

}  // namespace
}  // namespace autoreply
