#include <chrono>
#include <cstddef>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>

#include <gtest/gtest.h>

#include "net/http_client_fixture.h"
#include "support/blocking_client.h"
#include "support/scripted_server.h"
#include "support/silent_server.h"

namespace autoreply {
namespace {

using Kind = HttpFailure::Kind;
using std::chrono::milliseconds;
using test::answer;
using test::failure_of;
using test::request_to;
using test::Scripted;
using test::ScriptedServer;

/// Waits until the server has `count` requests. The bound is far longer than necessary.
bool await_requests(const ScriptedServer& server, std::size_t count) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (server.requests().size() < count) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(milliseconds(1));
  }
  return true;
}

TEST(HttpClient, BreaksOffAtOnceWhenStopped) {
  ScriptedServer server({{"", Scripted::Then::hang}, answer(200, "{}")});
  test::BlockingClient client;
  std::stop_source stop;
  const std::jthread stopper([&] {
    await_requests(server, 1);
    stop.request_stop();
  });
  const auto start = std::chrono::steady_clock::now();
  const HttpFailure failure =
      failure_of(client.post(request_to(server.url(), milliseconds(60'000)), stop.get_token()));
  EXPECT_EQ(Kind::stopped, failure.kind);
  EXPECT_TRUE(failure.request_sent);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
  // The interrupted connection is not reused.
  EXPECT_TRUE(client.post(request_to(server.url()), {}));
  EXPECT_EQ(2U, server.connections());
}

TEST(HttpClient, HearsAStopInEachPhase) {
  const test::SilentServer tls;
  const test::SilentServer deaf;
  const ScriptedServer waiting({{"", Scripted::Then::hang}});
  const ScriptedServer headers({{"HTTP/1.1 200 OK\r\nX-Long:", Scripted::Then::trickle}});
  const ScriptedServer body(
      {{"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n", Scripted::Then::trickle}});
  const std::string large(50'000'000, 'b');
  struct Case {
    const char* phase;
    std::string url;
    std::string_view body;
    std::function<bool()> reached;
  };
  const auto local = [](const std::string& scheme, const test::SilentServer& server) {
    return scheme + "://127.0.0.1:" + std::to_string(server.port()) + "/";
  };
  for (const Case& one :
       {Case{"TLS", local("https", tls), "{}", [&] { return tls.wait_for_connection(); }},
        Case{"sending", local("http", deaf), large, [&] { return deaf.wait_for_connection(); }},
        Case{"waiting", waiting.url(), "{}", [&] { return await_requests(waiting, 1); }},
        Case{"headers", headers.url(), "{}", [&] { return await_requests(headers, 1); }},
        Case{"body", body.url(), "{}", [&] { return await_requests(body, 1); }}}) {
    test::BlockingClient client;
    std::stop_source stop;
    HttpRequest request = request_to(one.url, milliseconds(60'000));
    request.connect_timeout = milliseconds(60'000);
    request.body = one.body;
    const std::jthread stopper([&] {
      EXPECT_TRUE(one.reached()) << one.phase;
      stop.request_stop();
    });
    const auto start = std::chrono::steady_clock::now();
    const HttpFailure failure = failure_of(client.post(request, stop.get_token()));
    EXPECT_EQ(Kind::stopped, failure.kind) << one.phase;
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10)) << one.phase;
  }
}

TEST(HttpClient, SendsNothingUnderAStopThatCameBefore) {
  ScriptedServer server({answer(200, "{}")});
  test::BlockingClient client;
  std::stop_source stop;
  stop.request_stop();
  const HttpFailure failure = failure_of(client.post(request_to(server.url()), stop.get_token()));
  EXPECT_EQ(Kind::stopped, failure.kind);
  EXPECT_FALSE(failure.request_sent);
  EXPECT_EQ(0U, server.requests().size());
}

}  // namespace
}  // namespace autoreply
