#include "deliver/callback.h"

#include <thread>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "support/scripted_server.h"

namespace autoreply {
namespace {

using Kind = Verdict::Kind;
using std::chrono::milliseconds;
using test::answer;
using test::Scripted;
using test::ScriptedServer;

Delivery a_delivery(int sends = 1) {
  return {"+15555550101",
          "Yes, \"open\" until 6.\nBye \U0001F600",
          "ws-1",
          "contact-1",
          "log-1",
          sends};
}

Verdict on(int status, std::string_view body = "", int sends = 1) {
  HttpResponse response;
  response.status = status;
  response.body = body;
  return callback_verdict(response, sends, {});
}

TEST(CallbackVerdict, FollowsTheTable) {
  for (const int status : {200, 201, 202, 204, 299}) {
    EXPECT_EQ(Kind::delivered, on(status).kind) << status;
  }
  for (const int status : {409, 425, 429, 503}) EXPECT_EQ(Kind::retry, on(status).kind) << status;
  for (const int status : {408, 500, 501, 502, 504, 520, 599, 101}) {
    EXPECT_EQ(Kind::in_doubt, on(status).kind) << status;
  }
  for (const int status : {300, 301, 307, 400, 401, 403, 404, 410, 413, 422, 451}) {
    EXPECT_EQ(Kind::reject, on(status).kind) << status;
  }
  EXPECT_EQ(Kind::in_doubt, on(422, "", 2).kind);
  EXPECT_EQ("deliver", on(500).step);
}

TEST(CallbackVerdict, BelievesADeniedSuccessOnly) {
  EXPECT_EQ(Kind::reject, on(200, R"({"success":false,"error":"unsubscribed"})").kind);
  for (const char* body : {R"({"success":true})",
                           "{}",
                           "",
                           "OK",
                           "<html>",
                           "false",
                           "[false]",
                           R"({"success":"false"})",
                           R"({"success":fal)"}) {
    EXPECT_EQ(Kind::delivered, on(200, body).kind) << body;
  }
}

TEST(CallbackVerdict, QuotesTheHostWithoutNumbersAndKeys) {
  EXPECT_EQ("callback answered HTTP 400: to *** is blocked",
            on(400, R"({"error":{"message":"to +1 (555) 555-0101\nis blocked"}})").reason);
  EXPECT_EQ("callback answered HTTP 200: unsubscribed",
            on(200, R"({"success":false,"error":"unsubscribed"})").reason);
  EXPECT_EQ("callback answered HTTP 401: Bearer *** expired",
            on(401, "Bearer abcdef123456.xyz expired").reason);
  EXPECT_EQ("callback answered HTTP 502", on(502, "<html><body>Bad").reason);
  EXPECT_LE(on(400, std::string(5'000, 'x')).reason.size(), 300U);
}

TEST(CallbackVerdict, TakesTheHostsWait) {
  HttpResponse response;
  response.status = 429;
  response.headers.add("Retry-After", "12");
  EXPECT_EQ(milliseconds(12'000), callback_verdict(response, 1, {}).wait);
}

TEST(CallbackVerdict, DoubtsOnlyWhatWasSent) {
  using Failure = HttpFailure::Kind;
  EXPECT_EQ(Kind::retry, callback_verdict(HttpFailure{Failure::connect, false, "x"}).kind);
  EXPECT_EQ(Kind::retry, callback_verdict(HttpFailure{Failure::timeout, false, "x"}).kind);
  EXPECT_EQ(Kind::in_doubt, callback_verdict(HttpFailure{Failure::timeout, true, "x"}).kind);
  EXPECT_EQ(Kind::in_doubt, callback_verdict(HttpFailure{Failure::broken, true, "x"}).kind);
  EXPECT_EQ(Kind::in_doubt, callback_verdict(HttpFailure{Failure::too_large, true, "x"}).kind);
  EXPECT_EQ(Kind::in_doubt, callback_verdict(HttpFailure{Failure::stopped, true, "x"}).kind);
  EXPECT_EQ(Kind::not_started, callback_verdict(HttpFailure{Failure::stopped, false, "x"}).kind);
}

TEST(Callback, SendsExactlyTheSpecifiedPayload) {
  ScriptedServer server({answer(200, R"({"success":true})")});
  const Callback callback({server.url("/send-sms"), Secret("t0ken"), milliseconds(5'000)});
  HttpClient http;
  EXPECT_EQ(Kind::delivered, callback.deliver(a_delivery(), http, {}).kind);

  const std::string request = server.requests().at(0);
  const std::size_t head = request.find("\r\n\r\n");
  const std::string headers = request.substr(0, head + 2);
  EXPECT_TRUE(headers.starts_with("POST /send-sms HTTP/1.1\r\n"));
  for (const char* line : {"\r\nContent-Type: application/json\r\n",
                           "\r\nIdempotency-Key: log-1\r\n",
                           "\r\nAuthorization: Bearer t0ken\r\n",
                           "\r\nUser-Agent: autoreply/"}) {
    EXPECT_NE(std::string::npos, headers.find(line)) << line;
  }
  const auto expected = nlohmann::json::parse(R"({
    "to": "+15555550101", "message": "Yes, \"open\" until 6.\nBye \uD83D\uDE00",
    "workspaceId": "ws-1", "contactId": "contact-1",
    "metadata": {"contactId": "contact-1", "isAiGenerated": true, "aiLogId": "log-1"}})");
  EXPECT_EQ(expected, nlohmann::json::parse(request.substr(head + 4)));
}

TEST(Callback, SendsNoAuthorizationWithoutAToken) {
  ScriptedServer server({answer(200, "")});
  const Callback callback({server.url(), Secret(), milliseconds(5'000)});
  HttpClient http;
  EXPECT_EQ(Kind::delivered, callback.deliver(a_delivery(), http, {}).kind);
  EXPECT_EQ(std::string::npos, server.requests().at(0).find("Authorization"));
}

TEST(Callback, WithholdsARequestThatMayNotBegin) {
  ScriptedServer server({answer(200, "{}"), answer(200, "{}")});
  const Callback callback({server.url(), Secret(), milliseconds(5'000)});
  HttpClient http;
  Delivery delivery = a_delivery();
  int asked = 0;
  delivery.may_begin = [&asked] { return ++asked == 1; };
  EXPECT_EQ(Kind::delivered, callback.deliver(delivery, http, {}).kind);
  EXPECT_EQ(Kind::not_started, callback.deliver(delivery, http, {}).kind);
  EXPECT_EQ(2, asked);
  EXPECT_EQ(1U, server.requests().size());
}

TEST(Callback, TransmitsOnceWhateverHappens) {
  ScriptedServer server({answer(200, "{}"), {"", Scripted::Then::close}, answer(200, "{}")});
  const Callback callback({server.url(), Secret(), milliseconds(5'000)});
  HttpClient http;
  EXPECT_EQ(Kind::delivered, callback.deliver(a_delivery(), http, {}).kind);
  EXPECT_EQ(Kind::in_doubt, callback.deliver(a_delivery(), http, {}).kind);
  EXPECT_EQ(2U, server.requests().size());
}

}  // namespace
}  // namespace autoreply
