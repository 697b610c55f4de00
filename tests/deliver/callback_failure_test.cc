// What a call of the host means that got no complete answer.

#include <chrono>

#include <gtest/gtest.h>

#include "deliver/callback.h"
#include "net/http_message.h"

namespace autoreply {
namespace {

using std::chrono::milliseconds;

Answer on(HttpFailure::Kind kind, bool request_sent, int status = 0) {
  return callback_answer(
      HttpFailure{.kind = kind, .request_sent = request_sent, .message = "x", .status = status},
      1,
      {});
}

TEST(CallbackAnswer, DoubtsOnlyWhatWasSent) {
  using Failure = HttpFailure::Kind;
  EXPECT_EQ(Finding::unreachable, on(Failure::connect, false).finding);
  EXPECT_EQ(Finding::unreachable, on(Failure::tls, false).finding);
  EXPECT_EQ(Finding::unreachable, on(Failure::timeout, false).finding);
  EXPECT_EQ(Finding::unanswered, on(Failure::timeout, true).finding);
  EXPECT_EQ(Finding::unanswered, on(Failure::broken, true).finding);
  EXPECT_EQ(Finding::unanswered, on(Failure::too_large, true).finding);
  EXPECT_EQ(Finding::unanswered, on(Failure::stopped, true).finding);
  EXPECT_EQ(Finding::not_sent, on(Failure::stopped, false).finding);
  EXPECT_EQ(Finding::not_sent, on(Failure::withheld, false).finding);
  EXPECT_EQ(Finding::misdirected, on(Failure::invalid, false).finding);
}

TEST(CallbackAnswer, GoesByAStatusThatWasReadHoweverTheAnswerEnded) {
  using Failure = HttpFailure::Kind;
  for (const Failure kind : {Failure::timeout, Failure::broken, Failure::too_large}) {
    EXPECT_EQ(Finding::accepted, on(kind, true, 200).finding);
    EXPECT_EQ(Finding::misdirected, on(kind, true, 401).finding);
    EXPECT_EQ(Finding::unanswered, on(kind, true, 500).finding);
    EXPECT_EQ(Finding::unanswered, on(kind, true, 100).finding);
    EXPECT_EQ(Finding::unreachable, on(kind, false, 502).finding) << "a proxy's";
  }
}

TEST(CallbackAnswer, ReadsWhatCameOfAnAnswer) {
  HttpFailure cut{
      .kind = HttpFailure::Kind::broken, .request_sent = true, .message = "x", .status = 200};
  cut.body = R"({"success":false,"error":"filt)";
  EXPECT_EQ(Finding::rejected, callback_answer(cut, 1, {}).finding);
  cut.body = R"({"success":true,"id":)";
  EXPECT_EQ(Finding::accepted, callback_answer(cut, 1, {}).finding);
  cut.status = 429;
  cut.headers.add("Retry-After", "7");
  EXPECT_EQ(milliseconds(7'000), callback_answer(cut, 1, {}).wait);
  EXPECT_EQ(Finding::no_resources, on(HttpFailure::Kind::no_resources, false).finding);
}

}  // namespace
}  // namespace autoreply
