#include "net/http_client.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>
#include <zlib.h>

#include "support/scripted_server.h"
#include "support/silent_server.h"

namespace autoreply {
namespace {

using Kind = HttpFailure::Kind;
using std::chrono::milliseconds;
using test::answer;
using test::Scripted;
using test::ScriptedServer;

HttpRequest request_to(const std::string& url, milliseconds timeout = milliseconds(10'000)) {
  HttpRequest request;
  request.url = url;
  request.headers = {{"Content-Type", "application/json"}};
  request.body = R"({"n":1})";
  request.timeout = timeout;
  request.address_policy = AddressPolicy::any;
  return request;
}

HttpFailure failure_of(const HttpResult& result) {
  if (result) return {Kind::invalid, false, "an answer came: " + std::to_string(result->status)};
  return result.error();
}

std::string gzip(const std::string& text) {
  z_stream stream{};
  constexpr int kGzipFormat = 16 + MAX_WBITS;
  deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, kGzipFormat, 8, Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&stream, text.size()), '\0');
  std::string source = text;
  stream.next_in = reinterpret_cast<Bytef*>(source.data());
  stream.avail_in = static_cast<uInt>(source.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

/// Waits until the server has `count` requests. The bound is far longer than necessary.
bool await_requests(const ScriptedServer& server, std::size_t count) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (server.requests().size() < count) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(milliseconds(1));
  }
  return true;
}

TEST(HttpClient, SendsTheBodyAndReturnsTheAnswer) {
  ScriptedServer server({answer(418, "short and stout", "X-Pot: tea\r\n")});
  HttpClient client;
  const HttpResult result = client.post(request_to(server.url("/pot?key=1")), {});
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(418, result->status);
  EXPECT_EQ("short and stout", result->body);
  EXPECT_EQ("tea", result->headers.find("x-POT"));
  EXPECT_EQ(std::nullopt, result->headers.find("x-kettle"));
  const std::string request = server.requests().at(0);
  EXPECT_TRUE(request.starts_with("POST /pot?key=1 HTTP/1.1\r\n")) << request;
  EXPECT_TRUE(request.ends_with("\r\n\r\n{\"n\":1}")) << request;
  EXPECT_NE(std::string::npos, request.find("Content-Type: application/json\r\n"));
  EXPECT_EQ(std::string::npos, request.find("Expect"));
}

TEST(HttpClient, KeepsTheConnection) {
  ScriptedServer server({answer(200, "{}")});
  HttpClient client;
  for (int round = 0; round < 5; ++round) ASSERT_TRUE(client.post(request_to(server.url()), {}));
  EXPECT_EQ(5U, server.requests().size());
  EXPECT_EQ(1U, server.connections());
}

// libcurl repeats a POST on its own if a kept connection is closed without an answer. The customer
// would get two SMS from one call.
TEST(HttpClient, NeverTransmitsARequestTwice) {
  ScriptedServer server({answer(200, "{}"), {"", Scripted::Then::close}, answer(200, "{}")});
  HttpClient client;
  ASSERT_TRUE(client.post(request_to(server.url()), {}));
  const HttpFailure failure = failure_of(client.post(request_to(server.url()), {}));
  EXPECT_EQ(Kind::broken, failure.kind) << failure.message;
  EXPECT_TRUE(failure.request_sent);
  EXPECT_EQ(2U, server.requests().size());
  // The client still works.
  EXPECT_TRUE(client.post(request_to(server.url()), {}));
}

TEST(HttpClient, TellsThatNothingWasSentWhereNobodyListens) {
  std::string url;
  {
    const ScriptedServer server({answer(200, "{}")});
    url = server.url();
  }
  HttpClient client;
  const HttpFailure failure = failure_of(client.post(request_to(url), {}));
  EXPECT_EQ(Kind::connect, failure.kind);
  EXPECT_FALSE(failure.request_sent);
  EXPECT_EQ(std::string::npos, failure.message.find('\n'));
}

TEST(HttpClient, TellsThatTheRequestWasSentWhereTheAnswerIsMissing) {
  ScriptedServer closing({{"", Scripted::Then::close}});
  ScriptedServer hanging({{"", Scripted::Then::hang}});
  ScriptedServer cutting(
      {{"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"id\":", Scripted::Then::close}});
  HttpClient client;
  HttpFailure failure = failure_of(client.post(request_to(closing.url()), {}));
  EXPECT_EQ(Kind::broken, failure.kind) << failure.message;
  EXPECT_TRUE(failure.request_sent);
  failure = failure_of(client.post(request_to(hanging.url(), milliseconds(200)), {}));
  EXPECT_EQ(Kind::timeout, failure.kind) << failure.message;
  EXPECT_TRUE(failure.request_sent);
  failure = failure_of(client.post(request_to(cutting.url()), {}));
  EXPECT_EQ(Kind::broken, failure.kind) << failure.message;
  EXPECT_TRUE(failure.request_sent);
}

TEST(HttpClient, BoundsAnAnswerThatTricklesInTime) {
  ScriptedServer server(
      {{"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", Scripted::Then::trickle}});
  HttpClient client;
  const auto start = std::chrono::steady_clock::now();
  const HttpFailure failure =
      failure_of(client.post(request_to(server.url(), milliseconds(300)), {}));
  EXPECT_EQ(Kind::timeout, failure.kind) << failure.message;
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
}

TEST(HttpClient, BoundsHeadersThatTrickleInTime) {
  ScriptedServer server({{"HTTP/1.1 200 OK\r\nX-Long:", Scripted::Then::trickle}});
  HttpClient client;
  const auto start = std::chrono::steady_clock::now();
  const HttpFailure failure =
      failure_of(client.post(request_to(server.url(), milliseconds(300)), {}));
  EXPECT_EQ(Kind::timeout, failure.kind) << failure.message;
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
}

TEST(HttpClient, BoundsAnAnswerInSize) {
  ScriptedServer announced(
      {{"HTTP/1.1 200 OK\r\nContent-Length: 900000000\r\n\r\n" + std::string(2'000'000, 'x'),
        Scripted::Then::hang}});
  ScriptedServer headers(
      {{"HTTP/1.1 200 OK\r\n" + std::string(300'000, 'x'), Scripted::Then::close}});
  HttpClient client;
  HttpRequest request = request_to(announced.url());
  request.response_bytes_max = 1'000'000;
  EXPECT_EQ(Kind::too_large, failure_of(client.post(request, {})).kind);
  EXPECT_FALSE(client.post(request_to(headers.url()), {}));
}

TEST(HttpClient, UnpacksGzipThatItDidNotAskForAndBoundsWhatComesOut) {
  const std::string bomb = gzip(std::string(50'000'000, ' '));
  ScriptedServer server({answer(200, gzip("packed"), "Content-Encoding: gzip\r\n"),
                         answer(429, bomb, "Content-Encoding: gzip\r\nRetry-After: 7\r\n"),
                         answer(200, gzip("packed").substr(0, 20), "Content-Encoding: gzip\r\n")});
  HttpClient client;
  const HttpResult small = client.post(request_to(server.url()), {});
  ASSERT_TRUE(small) << small.error().message;
  EXPECT_EQ("packed", small->body);
  EXPECT_EQ(std::string::npos, server.requests().at(0).find("Accept-Encoding"));
  HttpRequest request = request_to(server.url());
  request.response_bytes_max = 1'000'000;
  HttpFailure failure = failure_of(client.post(request, {}));
  EXPECT_EQ(Kind::too_large, failure.kind);
  EXPECT_TRUE(failure.request_sent);
  EXPECT_EQ(429, failure.status);
  EXPECT_EQ("7", failure.headers.find("Retry-After"));
  EXPECT_EQ(std::string(HttpFailure::kBodyBytesMax, ' '), failure.body);
  failure = failure_of(client.post(request, {}));
  EXPECT_EQ(Kind::broken, failure.kind);
  EXPECT_EQ(200, failure.status);
}

TEST(HttpClient, HandsOnTheRawBodyOfAnUnknownEncoding) {
  const std::string body = R"({"success":true})";
  for (const std::string encoding :
       {"UTF-8", "utf8", "none", "br", "zstd", "gzip", "deflate", "\xFF"}) {
    ScriptedServer server({answer(201, body, "Content-Encoding: " + encoding + "\r\n")});
    HttpClient client;
    const HttpResult result = client.post(request_to(server.url()), {});
    ASSERT_TRUE(result) << encoding << ": " << result.error().message;
    EXPECT_EQ(201, result->status) << encoding;
    EXPECT_EQ(body, result->body) << encoding;
  }
}

// The status line alone proves that the host has the message, whatever happens to the rest.
TEST(HttpClient, TellsTheStatusOfAnAnswerThatDidNotComeWhole) {
  struct Case {
    const char* what;
    Scripted answer;
    std::string body;
    int status = 202;
  };
  const std::string head = "HTTP/1.1 202 Accepted\r\n";
  using Then = Scripted::Then;
  for (const Case& one : std::vector<Case>{
           {"cut body", {head + "Content-Length: 100\r\n\r\n{\"id\":", Then::close}, "{\"id\":"},
           {"body that stops", {head + "Content-Length: 9\r\n\r\n{", Then::hang}, "{"},
           {"cut chunk", {head + "Transfer-Encoding: chunked\r\n\r\n9\r\nabc", Then::close}, "abc"},
           {"bad chunk", {head + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n", Then::close}, ""},
           {"bad length", {head + "Content-Length: many\r\n\r\nabc", Then::close}, ""},
           {"headers that stop", {head + "X-A: 1\r\n", Then::hang}, ""},
           {"too many headers", {head + std::string(300'000, 'x'), Then::close}, ""},
           {"interim answer alone", {"HTTP/1.1 103 Hints\r\n\r\n", Then::close}, "", 0}}) {
    ScriptedServer server({one.answer});
    HttpClient client;
    const HttpFailure failure =
        failure_of(client.post(request_to(server.url(), milliseconds(300)), {}));
    EXPECT_EQ(one.status, failure.status) << one.what << ": " << failure.message;
    EXPECT_TRUE(failure.request_sent) << one.what;
    EXPECT_EQ(one.body, failure.body) << one.what;
  }
}

TEST(HttpClient, ReturnsTheHeadersOfTheLastAnswerOnly) {
  ScriptedServer server(
      {{"HTTP/1.1 103 Early Hints\r\nRetry-After: 1\r\n\r\n"
        "HTTP/1.1 503 Busy\r\nretry-after: 7\r\nContent-Length: 0\r\n\r\n",
        Scripted::Then::keep}});
  HttpClient client;
  const HttpResult result = client.post(request_to(server.url()), {});
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(503, result->status);
  EXPECT_EQ("7", result->headers.find("Retry-After"));
}

TEST(HttpClient, DoesNotFollowRedirects) {
  ScriptedServer target({answer(200, "{}")});
  ScriptedServer server({answer(307, "", "Location: " + target.url() + "\r\n")});
  HttpClient client;
  const HttpResult result = client.post(request_to(server.url()), {});
  ASSERT_TRUE(result);
  EXPECT_EQ(307, result->status);
  EXPECT_TRUE(target.requests().empty());
}

TEST(HttpClient, BreaksOffAtOnceWhenStopped) {
  ScriptedServer server({{"", Scripted::Then::hang}, answer(200, "{}")});
  HttpClient client;
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
    HttpClient client;
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
  HttpClient fresh;
  HttpClient used;
  EXPECT_EQ(Kind::timeout, failure_of(used.post(request_to(url, milliseconds(1)), {})).kind);
  const auto expect_lack = [](HttpClient& client, const std::string& called) {
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
  HttpClient client;
  const int before = count_open();
  for (const auto& peer : peers) EXPECT_TRUE(client.post(request_to(peer->url()), {}));
  // The peers' ends are in this process as well.
  EXPECT_LE(count_open() - before, kToWakeIt + 2 + kPeers);
}

TEST(HttpClient, SendsNothingUnderAStopThatCameBefore) {
  ScriptedServer server({answer(200, "{}")});
  HttpClient client;
  std::stop_source stop;
  stop.request_stop();
  const HttpFailure failure = failure_of(client.post(request_to(server.url()), stop.get_token()));
  EXPECT_EQ(Kind::stopped, failure.kind);
  EXPECT_FALSE(failure.request_sent);
  EXPECT_EQ(0U, server.requests().size());
}

TEST(HttpClient, RefusesForbiddenAddresses) {
  HttpClient client;
  for (const char* url : {"http://example.com/",
                          "https://example.com:8443/",
                          "https://user:word@example.com/",
                          "https://127.0.0.1/",
                          "https://[::1]/",
                          "https://[::ffff:127.0.0.1]/",
                          "https://169.254.169.254/latest/meta-data",
                          "https://2130706433/",
                          "https://0x7f.1/",
                          "https://localhost/"}) {
    HttpRequest request = request_to(url);
    request.address_policy = AddressPolicy::public_only;
    const HttpFailure failure = failure_of(client.post(request, {}));
    EXPECT_EQ(Kind::forbidden_address, failure.kind) << url << ": " << failure.message;
    EXPECT_FALSE(failure.request_sent);
  }
}

TEST(HttpClient, RefusesMalformedRequests) {
  HttpClient client;
  for (const char* url : {"", "no url", "ftp://example.com/", "file:///etc/passwd", "https://"}) {
    EXPECT_EQ(Kind::invalid, failure_of(client.post(request_to(url), {})).kind) << url;
  }
  HttpRequest request = request_to("http://127.0.0.1:1/");
  request.headers = {{"Authorization", "Bearer a\r\nX-Injected: 1"}};
  EXPECT_EQ(Kind::invalid, failure_of(client.post(request, {})).kind);
}

TEST(HttpClient, SendsLargeBodiesWhole) {
  ScriptedServer server({answer(200, "{}")});
  HttpClient client;
  const std::string body(1'000'000, 'b');
  HttpRequest request = request_to(server.url());
  request.body = body;
  ASSERT_TRUE(client.post(request, {}));
  EXPECT_TRUE(server.requests().at(0).ends_with(body));
}

TEST(HttpClient, WorksOnManyThreadsAtOnce) {
  ScriptedServer server({answer(200, "{}")});
  constexpr int kThreads = 8;
  constexpr int kRounds = 25;
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < kThreads; ++thread) {
      threads.emplace_back([&] {
        HttpClient client;
        for (int round = 0; round < kRounds; ++round) {
          EXPECT_TRUE(client.post(request_to(server.url()), {}));
        }
      });
    }
  }
  EXPECT_EQ(static_cast<std::size_t>(kThreads * kRounds), server.requests().size());
  EXPECT_EQ(static_cast<std::size_t>(kThreads), server.connections());
}

}  // namespace
}  // namespace autoreply
