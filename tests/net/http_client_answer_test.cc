// Answers that are missing, incomplete, slow, too large or packed.

#include <chrono>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <zlib.h>

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

/// More than an answer may have.
std::string many_headers() {
  std::string lines;
  for (int line = 0; line < 70; ++line) lines += "X-Long: " + std::string(1'000, 'x') + "\r\n";
  return lines;
}

TEST(HttpClient, TellsThatTheRequestWasSentWhereTheAnswerIsMissing) {
  ScriptedServer closing({{"", Scripted::Then::close}});
  ScriptedServer hanging({{"", Scripted::Then::hang}});
  ScriptedServer cutting(
      {{"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"id\":", Scripted::Then::close}});
  test::BlockingClient client;
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
  test::BlockingClient client;
  const auto start = std::chrono::steady_clock::now();
  const HttpFailure failure =
      failure_of(client.post(request_to(server.url(), milliseconds(300)), {}));
  EXPECT_EQ(Kind::timeout, failure.kind) << failure.message;
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
}

TEST(HttpClient, BoundsHeadersThatTrickleInTime) {
  ScriptedServer server({{"HTTP/1.1 200 OK\r\nX-Long:", Scripted::Then::trickle}});
  test::BlockingClient client;
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
  ScriptedServer headers({{"HTTP/1.1 200 OK\r\n" + many_headers(), Scripted::Then::close}});
  test::BlockingClient client;
  HttpRequest request = request_to(announced.url());
  request.response_bytes_max = 1'000'000;
  EXPECT_EQ(Kind::too_large, failure_of(client.post(request, {})).kind);
  EXPECT_FALSE(client.post(request_to(headers.url()), {}));
}

TEST(HttpClient, TakesAnAnswerThatHasNoRoomUnpackedForOneThatIsTooLarge) {
  ScriptedServer server(
      {answer(200, gzip(std::string(200'000, ' ')), "Content-Encoding: gzip\r\n")});
  test::BlockingClient enough(1, 1'000'000);
  EXPECT_TRUE(enough.post(request_to(server.url()), {}));
  test::BlockingClient client(1, 200'000);
  const HttpFailure failure = failure_of(client.post(request_to(server.url()), {}));
  EXPECT_EQ(Kind::too_large, failure.kind);
  EXPECT_TRUE(failure.request_sent);
  EXPECT_EQ(200, failure.status);
  EXPECT_EQ(HttpFailure::kBodyBytesMax, failure.body.size());
}

TEST(HttpClient, UnpacksGzipThatItDidNotAskForAndBoundsWhatComesOut) {
  const std::string bomb = gzip(std::string(50'000'000, ' '));
  ScriptedServer server({answer(200, gzip("packed"), "Content-Encoding: gzip\r\n"),
                         answer(429, bomb, "Content-Encoding: gzip\r\nRetry-After: 7\r\n"),
                         answer(200, gzip("packed").substr(0, 20), "Content-Encoding: gzip\r\n")});
  test::BlockingClient client;
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
    test::BlockingClient client;
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
           {"too many headers", {head + many_headers(), Then::close}, ""},
           {"interim answer alone", {"HTTP/1.1 103 Hints\r\n\r\n", Then::close}, "", 0}}) {
    ScriptedServer server({one.answer});
    test::BlockingClient client;
    const HttpFailure failure =
        failure_of(client.post(request_to(server.url(), milliseconds(300)), {}));
    EXPECT_EQ(one.status, failure.status) << one.what << ": " << failure.message;
    EXPECT_TRUE(failure.request_sent) << one.what;
    EXPECT_EQ(one.body, failure.body) << one.what;
  }
}

TEST(HttpClient, ReadsAnAnswerOfAnOldServer) {
  ScriptedServer server({{"HTTP/1.0 200 OK\r\n\r\n{\"a\":1}", Scripted::Then::close}});
  test::BlockingClient client;
  const HttpResult result = client.post(request_to(server.url()), {});
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ("{\"a\":1}", result->body);
}

TEST(HttpClient, TakesAnotherProtocolForABrokenAnswer) {
  // The preface of HTTP/2 and a frame GOAWAY, which no request of ours has asked for.
  const std::string frames("\0\0\0\4\0\0\0\0\0\0\0\10\7\0\0\0\0\0\0\0\0\0\0\0\0\0", 26);
  ScriptedServer server(
      {{frames, Scripted::Then::close}, {"SSH-2.0-x\r\n", Scripted::Then::close}});
  test::BlockingClient client;
  for (int number = 0; number < 2; ++number) {
    const HttpResult result = client.post(request_to(server.url()), {});
    ASSERT_FALSE(result);
    EXPECT_EQ(HttpFailure::Kind::broken, result.error().kind) << result.error().message;
    EXPECT_TRUE(result.error().request_sent);
  }
}

TEST(HttpClient, ReturnsTheHeadersOfTheLastAnswerOnly) {
  ScriptedServer server(
      {{"HTTP/1.1 103 Early Hints\r\nRetry-After: 1\r\n\r\n"
        "HTTP/1.1 503 Busy\r\nretry-after: 7\r\nContent-Length: 0\r\n\r\n",
        Scripted::Then::keep}});
  test::BlockingClient client;
  const HttpResult result = client.post(request_to(server.url()), {});
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(503, result->status);
  EXPECT_EQ("7", result->headers.find("Retry-After"));
}

}  // namespace
}  // namespace autoreply
