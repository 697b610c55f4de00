#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/uuid.h"
#include "store/context_test.h"

namespace autoreply::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class History : public ContextTest {};
AUTOREPLY_ON_EVERY_DATABASE(History);

TEST_P(History, KeepsTheFiveNewestMessagesOldestFirst) {
  for (int back = 1; back <= 6; ++back) {
    host().message(of_contact(
        fmt::format("m{}", back), 100 + back * 10, back % 2 == 0 ? "outbound" : "inbound"));
  }
  EXPECT_THAT(rendered(context_of(job_.id).history),
              ElementsAre("outbound: m4", "inbound: m3", "outbound: m2", "inbound: m1"));
}

TEST_P(History, AddsTheOriginalWhereNewerMessagesPushedItOut) {
  for (int number = 1; number <= 6; ++number) {
    host().message(of_contact(fmt::format("o{}", number), 90 - number, "outbound"));
  }
  const JobContext context = context_of(job_.id);
  EXPECT_EQ("original", context.original->body);
  EXPECT_THAT(
      rendered(context.history),
      ElementsAre("outbound: o2", "outbound: o3", "outbound: o4", "outbound: o5", "outbound: o6"));
}

TEST_P(History, KeepsNewerInboundMessagesWithoutAnEntryOfTheirOwn) {
  host().message(of_contact("no entry", 50));
  const auto with_entry = host().message(of_contact("own entry", 40));
  host().queue({.contact_id = job_.contact_id, .message_id = with_entry});
  EXPECT_THAT(rendered(context_of(job_.id).history), ElementsAre("inbound: no entry"));
}

TEST_P(History, KeepsOlderInboundMessagesThatHaveAnEntry) {
  const auto older = host().message(of_contact("older", 150));
  host().queue({.contact_id = job_.contact_id, .message_id = older, .status = "complete"});
  EXPECT_THAT(rendered(context_of(job_.id).history), ElementsAre("inbound: older"));
}

TEST_P(History, IsHiddenByNoBacklogOfTheContact) {
  host().message(of_contact("before", 150));
  host().message(of_contact("reply", 140, "outbound"));
  for (int number = 1; number <= 250; ++number) {
    const auto later = host().message(of_contact(fmt::format("later {}", number), 90));
    host().queue({.contact_id = job_.contact_id, .message_id = later});
  }
  host().message(of_contact("newest reply", 0, "outbound"));
  EXPECT_THAT(rendered(context_of(job_.id).history),
              ElementsAre("inbound: before", "outbound: reply", "outbound: newest reply"));
}

TEST_P(History, LeavesOutMessagesThatWereNotDelivered) {
  for (const char* status : {"failed", "undelivered", "canceled", "sent"}) {
    MessageRow message = of_contact(status, 150, "outbound");
    message.status = status;
    host().message(message);
  }
  MessageRow inbound = of_contact("came in", 140);
  inbound.status = "failed";
  host().message(inbound);
  EXPECT_THAT(rendered(context_of(job_.id).history),
              ElementsAre("outbound: sent", "inbound: came in"));
}

TEST_P(History, LeavesOutMessagesThatAreNoText) {
  for (const char* type : {"call", "note", "MMS", "text"}) {
    MessageRow message = of_contact(type, 150);
    message.msg_type = type;
    message.seconds_ago = std::string(type) == "MMS" ? 160 : 150;
    host().message(message);
  }
  MessageRow untyped = of_contact("untyped", 140);
  untyped.msg_type = "";
  host().message(untyped);
  EXPECT_THAT(rendered(context_of(job_.id).history),
              ElementsAre("inbound: MMS", "inbound: text", "inbound: untyped"));
}

TEST_P(History, LeavesOutInternalMessages) {
  database().execute("alter table livechat_messages add column is_internal boolean");
  host().message(of_contact("internal", 150, "outbound"));
  database().execute("update livechat_messages set is_internal = true where body = 'internal'");
  host().message(of_contact("public", 140, "outbound"));
  database().execute("update livechat_messages set is_internal = false where body = 'public'");
  EXPECT_THAT(rendered(context_of(job_.id).history), ElementsAre("outbound: public"));
}

TEST_P(History, LeavesOutMessagesOfNeitherDirection) {
  host().message(of_contact("system", 150, "system"));
  EXPECT_THAT(context_of(job_.id).history, IsEmpty());
}

TEST_P(History, MixesInNoOtherContactAndNoOtherWorkspace) {
  MessageRow other_contact = of_contact("other contact", 150);
  other_contact.contact_id = random_uuid();
  host().message(other_contact);
  MessageRow other_workspace = of_contact("other workspace", 150);
  other_workspace.workspace_id = "ws-2";
  host().message(other_workspace);
  EXPECT_THAT(context_of(job_.id).history, IsEmpty());
}

}  // namespace
}  // namespace autoreply::test
