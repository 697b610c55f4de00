// What each answer of the host means.

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "deliver/callback.h"
#include "net/http_message.h"

namespace autoreply {
namespace {

using std::chrono::milliseconds;

HttpResponse response_of(int status, std::string_view body = "") {
  HttpResponse response;
  response.status = status;
  response.body = body;
  return response;
}

Answer on(int status, std::string_view body = "", int sends = 1) {
  return callback_answer(response_of(status, body), sends, {});
}

Finding found(int status, std::string_view body = "", int sends = 1) {
  return on(status, body, sends).finding;
}

TEST(CallbackAnswer, FollowsTheTableByStatus) {
  const std::vector<std::pair<Finding, std::vector<int>>> rows{
      {Finding::accepted, {200, 201, 202, 204, 299}},
      {Finding::throttled, {429}},
      {Finding::busy, {503}},
      {Finding::conflict, {409, 425}},
      {Finding::unanswered, {101, 103, 408, 500, 501, 502, 504, 520, 599}},
      {Finding::misdirected, {300, 301, 302, 307, 308, 401, 403, 404, 405, 407, 410, 415}},
      {Finding::rejected, {400, 402, 406, 411, 413, 422, 451, 499}}};
  for (const auto& [finding, statuses] : rows) {
    for (const int status : statuses) EXPECT_EQ(finding, found(status)) << status;
  }
  EXPECT_EQ(Finding::unanswered, found(422, "", 2)) << "an earlier transmission arrived";
}

TEST(CallbackAnswer, BelievesADeniedSuccessHoweverItIsWrapped) {
  for (const char* body : {R"({"success":false,"error":"filtered"})",
                           "\xEF\xBB\xBF{\"success\":false,\"error\":\"filtered\"}",
                           "\r\n \xEF\xBB\xBF\n{\"success\" : false}",
                           R"({"error":"cut short","success":false,"more":"and th)",
                           R"({"success":false)",
                           R"({"success":"false"})",
                           R"({"success":" False "})",
                           R"({"Success":false})",
                           R"({"success":0})",
                           R"({"success":0.0})",
                           R"({"success":true,"Success":false})",
                           R"("{\"success\":false,\"error\":\"filtered\"}")",
                           "<br />\n<b>Warning</b>: Undefined in <b>x.php</b><br />\n"
                           "{\"success\":false,\"error\":\"filtered\"}",
                           "Notice: index {0} of { \"a\" } in x.php\n{\"success\": false}",
                           ")]}',\n{\"success\":false}",
                           R"({"data":{"success":true},"success":false} trailing)",
                           "{\"error\":\"\xFF\",\"success\":false}"}) {
    EXPECT_EQ(Finding::rejected, found(200, body)) << body;
    EXPECT_EQ(Finding::rejected, found(202, body)) << body;
  }
  EXPECT_EQ("callback answered HTTP 200: filtered",
            on(200, "\xEF\xBB\xBF{\"success\":false,\"error\":\"filtered\"}").reason);
  for (const char* body : {R"({"success":true})",
                           "\xEF\xBB\xBF{\"success\":true}",
                           "{}",
                           "",
                           "OK",
                           "false",
                           "[false]",
                           R"([{"success":false}])",
                           R"({"sms":{"success":false}})",
                           R"({"success":"falsehood"})",
                           R"({"success":null})",
                           R"({"note":"\"success\": false"})",
                           R"({"success":fal)"}) {
    EXPECT_EQ(Finding::accepted, found(200, body)) << body;
  }
}

TEST(CallbackAnswer, TakesAPageForAPage) {
  for (const char* body : {"<!DOCTYPE html><html>",
                           "<html lang=\"en\">",
                           "<HTML>",
                           "\n\t <!doctype html>",
                           "\xEF\xBB\xBF<!DOCTYPE html>",
                           "<?xml version=\"1.0\"?>\n<!DOCTYPE html PUBLIC>",
                           "<!-- saved --> <!-- twice -->\n<html>",
                           "<head><title>x",
                           "<body>",
                           "\xEF\xBB\xBF<!-- x -->\xEF\xBB\xBF\n<BODY class=\"a\">",
                           "<script>location='/login';var x={\"success\":false}</script>"}) {
    EXPECT_EQ(Finding::web_page, found(200, body)) << body;
    EXPECT_EQ(Finding::unanswered, found(502, body)) << body;
    EXPECT_EQ(Finding::misdirected, found(404, body)) << body;
  }
  for (const char* body :
       {"<Response><Message/></Response>", "<?xml version=\"1.0\"?><ok/>", "<header>", "<"}) {
    EXPECT_EQ(Finding::accepted, found(200, body)) << body;
  }
}

TEST(CallbackAnswer, KnowsTheCarriersOptOutUnderAnyStatus) {
  for (const int status : {200, 201, 301, 400, 403, 404, 409, 422, 429, 500, 502, 503}) {
    for (const char* body : {R"({"code":21610})",
                             R"({"code":"21610"})",
                             R"({"error":{"code":21610,"message":"blocked"}})",
                             R"({"errors":[{"reason":"Twilio error 21610: unsubscribed"}]})",
                             R"({"success":false,"error":"[21610] refused"})",
                             R"({"more_info":"https://www.twilio.com/docs/errors/21610"})",
                             "\xEF\xBB\xBF{\"raw\":{\"twilio\":{\"status\":21610"}) {
      EXPECT_EQ(Finding::opted_out, found(status, body)) << status << ' ' << body;
    }
  }
  for (const int status : {400, 500}) {
    EXPECT_EQ(Finding::opted_out, found(status, "Error 21610"));
    EXPECT_EQ(Finding::opted_out,
              found(status, R"({"error":"Attempt to send to unsubscribed recipient"})"));
  }
}

TEST(CallbackAnswer, KnowsTheCarriersOptOutInWords) {
  for (const char* body : {R"({"error":"The message From/To pair violates a blacklist rule."})",
                           R"({"error":"Phone number is opted out"})",
                           R"({"Reason":"DESTINATION_PHONE_NUMBER_OPTED_OUT"})",
                           R"({"message":"Recipient has opted-out of messages"})",
                           R"({"message":"Contact is unsubscribed"})",
                           R"({"message":"Contact has opted out of SMS"})",
                           R"({"error":"User replied STOP"})",
                           R"({"message":"Cannot send message as DND is active for SMS."})",
                           R"({"error":"Recipient is on the do not contact list"})",
                           R"({"error":"Message not sent: the contact opted out"})",
                           R"({"errors":[{"code":"40300","title":"Blocked"}]})",
                           R"({"error":{"code":40300}})",
                           R"({"description":"destination-opted-out"})",
                           "Attempt to send to unsubscribed recipient"}) {
    for (const int status : {400, 403, 404, 422, 500}) {
      EXPECT_EQ(Finding::opted_out, found(status, body)) << status << ' ' << body;
    }
  }
  EXPECT_EQ(Finding::opted_out, found(200, R"({"success":false,"error":"User replied STOP"})"));
  EXPECT_EQ(Finding::opted_out, found(200, R"({"error":"Contact has opted out"})"));
  for (const char* body : {R"({"error":"Recipient has not opted out, and is blocked"})",
                           R"({"error":"The contact hasn't yet opted out"})",
                           R"({"error":"Contact is not on the do not contact list"})",
                           R"({"error":"Workspace has opted out of AI replies"})",
                           R"({"error":"Your account is unsubscribed from this plan"})",
                           R"({"error":"The text lacks its opt-out instructions"})",
                           R"({"error":"adopted outside"})",
                           R"({"amount":40300})"}) {
    EXPECT_EQ(Finding::rejected, found(400, body)) << body;
  }
}

TEST(CallbackAnswer, BelievesAClaimedSuccessWhateverNumbersItHolds) {
  for (const char* body : {R"({"success":true,"smsNumber":"21610"})",
                           R"({"success":true,"queued":21610})",
                           R"({"code":21610,"success":true})",
                           R"({"success":"true","code":"40300"})",
                           R"({"success":1,"queued":21610})",
                           R"({"success":true,"message":"You opted out."})"}) {
    EXPECT_EQ(Finding::accepted, found(200, body)) << body;
  }
  EXPECT_EQ(Finding::opted_out, found(400, R"({"success":true,"code":21610})"));
}

TEST(CallbackAnswer, TakesNoOtherNumberForACode) {
  for (const char* body : {R"({"messageId":21610})",
                           R"({"id":"21610"})",
                           R"({"code":121610})",
                           R"({"code":216100})",
                           R"({"ref":"a21610"})",
                           "OK 21610"}) {
    EXPECT_EQ(Finding::accepted, found(200, body)) << body;
  }
  EXPECT_EQ(Finding::rejected, found(400, R"({"messageId":21211})"));
}

TEST(CallbackAnswer, KnowsAnInvalidRecipientByCodeOrWords) {
  for (const char* body : {R"({"code":21211})",
                           R"({"error":{"code":"21612"}})",
                           R"({"details":["21614"]})",
                           R"({"message":"Error 21635: landline"})",
                           R"({"error":"Invalid phone number"})",
                           R"({"error":"'To' number is not a valid mobile number"})",
                           R"({"error":"Invalid number"})",
                           R"({"error":"invalid_number"})",
                           R"({"error":"The phone number is unreachable"})",
                           R"({"error":"The number is not a valid phone number"})",
                           R"({"error":"Recipient cannot receive SMS"})",
                           R"({"error":"This is a land-line"})",
                           "The destination is a landline"}) {
    EXPECT_EQ(Finding::invalid_recipient, found(400, body)) << body;
    EXPECT_EQ(Finding::unanswered, found(500, body)) << body;
    EXPECT_EQ(Finding::misdirected, found(404, body)) << body;
  }
  EXPECT_EQ(Finding::invalid_recipient, found(200, R"({"success":false,"code":21211})"));
  EXPECT_EQ(Finding::accepted, found(200, R"({"success":true,"code":21211})"));
  EXPECT_EQ(Finding::rejected,
            found(400, R"({"error":"The 'From' number is not a valid phone number"})"))
      << "that one is the operator's";
  EXPECT_EQ(Finding::rejected, found(400, R"({"error":"From is not a valid phone number"})"));
  EXPECT_EQ(Finding::rejected, found(400, R"({"error":"Invalid number of segments"})"));
}

TEST(CallbackAnswer, QuotesTheHostWithoutNumbersAndKeys) {
  EXPECT_EQ("callback answered HTTP 400: to *** is blocked",
            on(400, R"({"error":{"message":"to +1 (555) 555-0101\nis blocked"}})").reason);
  EXPECT_EQ("callback answered HTTP 200: unsubscribed",
            on(200, R"({"success":false,"error":"unsubscribed"})").reason);
  EXPECT_EQ("callback answered HTTP 401: Bearer *** expired",
            on(401, "Bearer abcdef123456.xyz expired").reason);
  EXPECT_EQ("callback answered HTTP 502", on(502, "<html><body>Bad").reason);
  EXPECT_LE(on(400, std::string(5'000, 'x')).reason.size(), 300U);
}

TEST(CallbackAnswer, HasTheSameWordsForTheSameRejection) {
  const auto words = [](std::string_view body) { return on(400, body).words; };
  EXPECT_EQ(words(R"({"error":"contact 17 of a1b2 is blocked"})"),
            words(R"({"error":"contact 18 of c3d4 is blocked"})"));
  EXPECT_NE(words(R"({"error":"is blocked"})"), words(R"({"error":"is too long"})"));
  EXPECT_NE(words(R"({"code":"filtered"})"), words(R"({"code":"too_long"})"));
  EXPECT_EQ("", on(500, "x").words) << "nothing was rejected";
  EXPECT_EQ("", on(200, "").words);
  EXPECT_LE(on(400, std::string(5'000, 'x')).words.size(), 200U);
}

TEST(CallbackAnswer, TakesTheHostsWait) {
  for (const int status : {429, 503}) {
    HttpResponse response = response_of(status);
    response.headers.add("Retry-After", "12");
    EXPECT_EQ(milliseconds(12'000), callback_answer(response, 1, {}).wait);
  }
  EXPECT_FALSE(on(429).wait);
}

TEST(CallbackAnswer, TakesTheHostsWaitHoweverItIsTold) {
  const std::chrono::system_clock::time_point now{std::chrono::seconds(1'790'000'000)};
  struct Told {
    const char* name;
    const char* value;
    const char* body;
    int seconds;
  };
  for (const Told& told : {Told{"RateLimit-Reset", "30", "", 30},
                           Told{"X-RateLimit-Reset", "1790000045", "", 45},
                           Told{"X-RateLimit-Reset", "1790000045000", "", 45},
                           Told{"X-Other", "", R"({"retryAfter":20})", 20},
                           Told{"X-Other", "", R"({"retry_after":1.5})", 2},
                           Told{"X-Other", "", R"({"error":{"retryAfter":"25"}})", 25},
                           Told{"Retry-After", "7", R"({"retryAfter":20})", 7},
                           Told{"RateLimit-Reset", "30", R"({"retryAfter":20})", 20}}) {
    for (const int status : {429, 503}) {
      HttpResponse response = response_of(status, told.body);
      response.headers.add(told.name, told.value);
      const auto wait = callback_answer(response, 1, now).wait;
      ASSERT_TRUE(wait) << told.name << told.body;
      EXPECT_EQ(told.seconds, std::chrono::ceil<std::chrono::seconds>(*wait).count())
          << told.name << told.body;
    }
    HttpResponse other = response_of(400, told.body);
    other.headers.add("X-RateLimit-Reset", "30");
    EXPECT_FALSE(callback_answer(other, 1, now).wait);
  }
  HttpResponse left = response_of(503);
  left.headers.add("X-RateLimit-Reset", "30");
  left.headers.add("X-RateLimit-Remaining", "7");
  EXPECT_FALSE(callback_answer(left, 1, now).wait) << "that limit is not the reason";
}

TEST(CallbackAnswer, ReadsAHugeOrDeepAnswerInLinearTime) {
  constexpr std::size_t kMany = 30'000;
  std::string values = "{\"" + std::string(kMany, 'k') + "\":[";
  for (std::size_t count = 0; count < kMany; ++count) values += "\"21 610\",";
  EXPECT_EQ(Finding::accepted, found(200, values));
  EXPECT_EQ(Finding::accepted, found(200, std::string(kMany, '[')));
  std::string nested;
  for (std::size_t count = 0; count < kMany; ++count) nested += "{\"a\":";
  EXPECT_EQ(Finding::rejected, found(400, nested));
  std::string comments;
  for (std::size_t count = 0; count < kMany; ++count) comments += "<!---->";
  EXPECT_EQ(Finding::accepted, found(200, comments));
}

}  // namespace
}  // namespace autoreply
