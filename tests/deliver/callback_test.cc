#include "deliver/callback.h"

#include <chrono>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "support/blocking_client.h"
#include "support/scripted_server.h"

namespace autoreply {
namespace {

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

TEST(CallbackBreakerName, NamesUrlAndTokenAndShowsNeither) {
  const auto name = [](const std::string& url, const std::string& token) {
    return callback_peer(url, Secret(token)).name;
  };
  const std::string one = name("http://host:8080/send", "token");
  EXPECT_EQ(one, name("http://host:8080/send", "token"));
  EXPECT_NE(one, name("http://host:8080/send", "other"));
  EXPECT_NE(one, name("http://host:8080/send2", "token"));
  EXPECT_NE(name("http://host/a", "b"), name("http://host/", "ab"));
  EXPECT_EQ(std::string::npos, one.find("token"));
  EXPECT_EQ("callback http://host:8080",
            callback_peer("http://host:8080/send?key=x", Secret("token")).label);
}

TEST(Callback, SendsExactlyTheSpecifiedPayload) {
  ScriptedServer server({answer(200, R"({"success":true})")});
  const Callback callback({server.url("/send-sms"), Secret("t0ken"), milliseconds(5'000)});
  test::BlockingClient http;
  EXPECT_EQ(Finding::accepted, http.run(callback.deliver(a_delivery(), http.sender(), {})).finding);

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
  test::BlockingClient http;
  EXPECT_EQ(Finding::accepted, http.run(callback.deliver(a_delivery(), http.sender(), {})).finding);
  EXPECT_EQ(std::string::npos, server.requests().at(0).find("Authorization"));
}

TEST(Callback, WithholdsARequestThatMayNotBegin) {
  ScriptedServer server({answer(200, "{}"), answer(200, "{}")});
  const Callback callback({server.url(), Secret(), milliseconds(5'000)});
  test::BlockingClient http;
  Delivery delivery = a_delivery();
  int asked = 0;
  delivery.may_begin = [&asked] { return ++asked == 1; };
  EXPECT_EQ(Finding::accepted, http.run(callback.deliver(delivery, http.sender(), {})).finding);
  EXPECT_EQ(Finding::not_sent, http.run(callback.deliver(delivery, http.sender(), {})).finding);
  EXPECT_EQ(2, asked);
  EXPECT_EQ(1U, server.requests().size());
}

TEST(Callback, TransmitsOnceWhateverHappens) {
  ScriptedServer server({answer(200, "{}"), {"", Scripted::Then::close}, answer(200, "{}")});
  const Callback callback({server.url(), Secret(), milliseconds(5'000)});
  test::BlockingClient http;
  EXPECT_EQ(Finding::accepted, http.run(callback.deliver(a_delivery(), http.sender(), {})).finding);
  EXPECT_EQ(Finding::unanswered,
            http.run(callback.deliver(a_delivery(), http.sender(), {})).finding);
  EXPECT_EQ(2U, server.requests().size());
}

TEST(Callback, TakesAnAnswerOfUnknownEncodingOrWithoutItsEndForWhatItsStatusSays) {
  ScriptedServer server(
      {answer(200, R"({"success":true})", "Content-Encoding: UTF-8\r\n"),
       {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", Scripted::Then::close}});
  const Callback callback({server.url(), Secret(), milliseconds(5'000)});
  test::BlockingClient http;
  EXPECT_EQ(Finding::accepted, http.run(callback.deliver(a_delivery(), http.sender(), {})).finding);
  EXPECT_EQ(Finding::accepted, http.run(callback.deliver(a_delivery(), http.sender(), {})).finding);
  EXPECT_EQ(2U, server.requests().size());
}

TEST(Callback, ReadsALongAnswerLikeAShortOne) {
  const std::string padding(300'000, ' ');
  const std::string refusal = R"({"code":21610,)" + padding + R"("error":"s3cret-word opted out"})";
  ScriptedServer server({answer(400, refusal)});
  const Callback callback({server.url(), Secret("s3cret-word"), milliseconds(5'000)});
  test::BlockingClient http;
  const Answer told = http.run(callback.deliver(a_delivery(), http.sender(), {}));
  EXPECT_EQ(Finding::opted_out, told.finding);
  EXPECT_EQ(std::string::npos, told.reason.find("s3cret")) << told.reason;
}

TEST(Callback, HidesItsTokenInWhatTheHostSays) {
  ScriptedServer server(
      {answer(400, R"({"error":"tulip is no token"})"), answer(200, R"({"success":false})")});
  test::BlockingClient http;
  const Callback tulip({server.url(), Secret("tulip"), milliseconds(5'000)});
  EXPECT_EQ("callback answered HTTP 400: *** is no token",
            http.run(tulip.deliver(a_delivery(), http.sender(), {})).reason);
  const Callback odd({server.url(), Secret("false"), milliseconds(5'000)});
  EXPECT_EQ(Finding::rejected, http.run(odd.deliver(a_delivery(), http.sender(), {})).finding);
}

}  // namespace
}  // namespace autoreply
