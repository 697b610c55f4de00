// How many descriptors a client needs, and what it does without.

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include "net/http_client_fixture.h"
#include "support/blocking_client.h"
#include "support/refused_calls.h"
#include "support/scripted_server.h"
#include "support/silent_server.h"

namespace autoreply {
namespace {

using Kind = HttpFailure::Kind;
using std::chrono::milliseconds;
using test::answer;
using test::failure_of;
using test::request_to;
using test::ScriptedServer;

/// Limits how many more descriptors this process can open during the object's lifetime.
class FewDescriptors {
 public:
  explicit FewDescriptors(int left) {
    getrlimit(RLIMIT_NOFILE, &before_);
    rlimit few = before_;
    few.rlim_cur = std::min<rlim_t>(before_.rlim_cur, 256);
    setrlimit(RLIMIT_NOFILE, &few);
    for (int taken = dup(STDERR_FILENO); taken >= 0; taken = dup(STDERR_FILENO)) {
      taken_.push_back(taken);
    }
    for (; left > 0; --left) {
      close(taken_.back());
      taken_.pop_back();
    }
  }
  ~FewDescriptors() {
    for (const int taken : taken_) close(taken);
    setrlimit(RLIMIT_NOFILE, &before_);
  }
  FewDescriptors(const FewDescriptors&) = delete;
  FewDescriptors& operator=(const FewDescriptors&) = delete;

 private:
  rlimit before_{};
  std::vector<int> taken_;
};

TEST(HttpClient, BlamesNoPeerForALackOfDescriptors) {
  const test::SilentServer peer;
  const std::string url = "http://127.0.0.1:" + std::to_string(peer.port()) + "/";
  const std::string no_name = "http://" + std::string(70, 'n') + ".example/";
  test::BlockingClient fresh;
  test::BlockingClient used;
  EXPECT_EQ(Kind::timeout, failure_of(used.post(request_to(url, milliseconds(1)), {})).kind);
  const auto expect_lack = [](test::BlockingClient& client, const std::string& called) {
    const HttpFailure failure = failure_of(client.post(request_to(called), {}));
    EXPECT_EQ(Kind::no_resources, failure.kind) << called << " " << failure.message;
    EXPECT_FALSE(failure.request_sent);
  };
  {
    const FewDescriptors none(0);
    expect_lack(fresh, url);
    expect_lack(used, url);
  }
  for (int left = 0; left <= 3; ++left) {
    const FewDescriptors few(left);
    SCOPED_TRACE(left);
    expect_lack(used, no_name);
  }
  // Both clients still work, and a name that does not exist is the peer's problem.
  ScriptedServer server({answer(200, "{}")});
  EXPECT_TRUE(fresh.post(request_to(server.url()), {}));
  EXPECT_TRUE(used.post(request_to(server.url()), {}));
  EXPECT_EQ(Kind::connect, failure_of(used.post(request_to(no_name), {})).kind);
}

TEST(HttpClient, EndsOnlyTheRequestWhoseSocketTheKernelRefusesToWatch) {
  constexpr int kRefused = 200;
  test::BlockingClient client(3);
  const test::SilentServer silent;
  const std::string url = "http://127.0.0.1:" + std::to_string(silent.port()) + "/";
  ScriptedServer server({answer(200, "{}"), answer(200, "{}")});
  ASSERT_TRUE(client.post(request_to(server.url()), {})) << "now it has what it always needs";
  // In a thread of its own, since a filter is there to stay.
  std::thread([&] {
    ASSERT_TRUE(test::refuse_to_watch(kRefused));
    std::vector<int> taken;
    do {
      taken.push_back(dup(STDERR_FILENO));
    } while (taken.back() < kRefused - 1);
    // One that may be watched is left for the first request.
    close(taken.back());
    taken.pop_back();
    const auto results = client.post_all({request_to(url, milliseconds(300)), request_to(url)}, {});
    EXPECT_EQ(Kind::timeout, failure_of(results.front()).kind);
    const HttpFailure refused = failure_of(results.back());
    EXPECT_EQ(Kind::no_resources, refused.kind) << refused.message;
    EXPECT_FALSE(refused.request_sent);
    for (const int one : taken) close(one);
    EXPECT_TRUE(client.post(request_to(server.url()), {})) << "the client still works";
  }).join();
}

TEST(HttpClient, KeepsTwoConnectionsHoweverManyPeersItCalls) {
  const auto count_open = [] {
    int open = 0;
    for (int fd = 0; fd < 1'024; ++fd) open += fcntl(fd, F_GETFD) >= 0 ? 1 : 0;
    return open;
  };
  constexpr int kPeers = 6;
  constexpr int kToWakeIt = 2;
  std::vector<std::unique_ptr<ScriptedServer>> peers;
  for (int count = 0; count < kPeers; ++count) {
    peers.push_back(std::make_unique<ScriptedServer>(std::vector{answer(200, "{}")}));
  }
  test::BlockingClient client;
  const int before = count_open();
  for (const auto& peer : peers) EXPECT_TRUE(client.post(request_to(peer->url()), {}));
  // The peers' ends are in this process as well.
  EXPECT_LE(count_open() - before, kToWakeIt + 2 + kPeers);
}

}  // namespace
}  // namespace autoreply
