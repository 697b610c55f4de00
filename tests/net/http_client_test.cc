
#include <cstddef>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "net/http_client_fixture.h"
#include "support/blocking_client.h"
#include "support/scripted_server.h"

namespace autoreply {
namespace {

using Kind = HttpFailure::Kind;
using test::answer;
using test::failure_of;
using test::request_to;
using test::Scripted;
using test::ScriptedServer;

TEST(HttpClient, SendsTheBodyAndReturnsTheAnswer) {
  ScriptedServer server({answer(418, "short and stout", "X-Pot: tea\r\n")});
  test::BlockingClient client;
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
  test::BlockingClient client;
  for (int round = 0; round < 5; ++round) ASSERT_TRUE(client.post(request_to(server.url()), {}));
  EXPECT_EQ(5U, server.requests().size());
  EXPECT_EQ(1U, server.connections());
}

// libcurl repeats a POST on its own if a kept connection is closed without an answer. The customer
// would get two SMS from one call.
TEST(HttpClient, NeverTransmitsARequestTwice) {
  ScriptedServer server({answer(200, "{}"), {"", Scripted::Then::close}, answer(200, "{}")});
  test::BlockingClient client;
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
  test::BlockingClient client;
  const HttpFailure failure = failure_of(client.post(request_to(url), {}));
  EXPECT_EQ(Kind::connect, failure.kind);
  EXPECT_FALSE(failure.request_sent);
  EXPECT_EQ(std::string::npos, failure.message.find('\n'));
}

TEST(HttpClient, DoesNotFollowRedirects) {
  ScriptedServer target({answer(200, "{}")});
  ScriptedServer server({answer(307, "", "Location: " + target.url() + "\r\n")});
  test::BlockingClient client;
  const HttpResult result = client.post(request_to(server.url()), {});
  ASSERT_TRUE(result);
  EXPECT_EQ(307, result->status);
  EXPECT_TRUE(target.requests().empty());
}

TEST(HttpClient, RefusesForbiddenAddresses) {
  test::BlockingClient client;
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
  test::BlockingClient client;
  for (const char* url : {"", "no url", "ftp://example.com/", "file:///etc/passwd", "https://"}) {
    EXPECT_EQ(Kind::invalid, failure_of(client.post(request_to(url), {})).kind) << url;
  }
  HttpRequest request = request_to("http://127.0.0.1:1/");
  request.headers = {{"Authorization", "Bearer a\r\nX-Injected: 1"}};
  EXPECT_EQ(Kind::invalid, failure_of(client.post(request, {})).kind);
}

TEST(HttpClient, SendsLargeBodiesWhole) {
  ScriptedServer server({answer(200, "{}")});
  test::BlockingClient client;
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
        test::BlockingClient client;
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
