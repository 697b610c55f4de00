#include "net/http_client.h"

#include <chrono>
#include <thread>

#include <gtest/gtest.h>
#include <zlib.h>

#include "support/scripted_server.h"

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

/// Waits until the server has `count` requests; the bound is far beyond what is needed.
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

// libcurl repeats a POST by itself when a kept connection is closed without an answer: one call,
// and the customer gets two SMS.
TEST(HttpClient, NeverTransmitsARequestTwice) {
  ScriptedServer server({answer(200, "{}"), {"", Scripted::Then::close}, answer(200, "{}")});
  HttpClient client;
  ASSERT_TRUE(client.post(request_to(server.url()), {}));
  const HttpFailure failure = failure_of(client.post(request_to(server.url()), {}));
  EXPECT_EQ(Kind::broken, failure.kind) << failure.message;
  EXPECT_TRUE(failure.request_sent);
  EXPECT_EQ(2U, server.requests().size());
  // The client is still good.
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

TEST(HttpClient, UnpacksGzipAndBoundsWhatComesOut) {
  const std::string bomb = gzip(std::string(50'000'000, ' '));
  ScriptedServer server({answer(200, gzip("packed"), "Content-Encoding: gzip\r\n"),
                         answer(200, bomb, "Content-Encoding: gzip\r\n")});
  HttpClient client;
  const HttpResult small = client.post(request_to(server.url()), {});
  ASSERT_TRUE(small) << small.error().message;
  EXPECT_EQ("packed", small->body);
  HttpRequest request = request_to(server.url());
  request.response_bytes_max = 1'000'000;
  EXPECT_EQ(Kind::too_large, failure_of(client.post(request, {})).kind);
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
  // The interrupted connection is not used again.
  EXPECT_TRUE(client.post(request_to(server.url()), {}));
  EXPECT_EQ(2U, server.connections());
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
