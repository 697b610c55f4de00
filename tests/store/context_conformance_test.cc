#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/uuid.h"
#include "store/context_test.h"

namespace autoreply::test {
namespace {

using testing::ElementsAre;

class Context : public ContextTest {};
AUTOREPLY_ON_EVERY_DATABASE(Context);

TEST_P(Context, HoldsTheAgeByTheDatabasesClock) {
  const auto age = context_of(job_.id).age;
  EXPECT_GE(age, std::chrono::seconds{100});
  EXPECT_LT(age, std::chrono::seconds{160});
}

TEST_P(Context, HoldsTheOriginalMessage) {
  const auto original = context_of(job_.id).original;
  ASSERT_TRUE(original);
  EXPECT_EQ(job_.message_id, original->id);
  EXPECT_EQ(job_.contact_id, original->contact_id);
  EXPECT_EQ("ws-1", original->workspace_id);
  EXPECT_EQ("inbound", original->direction);
  EXPECT_EQ("original", original->body);
  EXPECT_TRUE(original->is_text);
}

TEST_P(Context, HoldsOddTextsByteForByte) {
  database().execute("update livechat_messages set body = " + sql_literal(kOddText));
  host().message(of_contact(kOddText, 200, "outbound"));
  const JobContext context = context_of(job_.id);
  EXPECT_EQ(kOddText, context.original->body);
  EXPECT_THAT(rendered(context.history), ElementsAre(std::string("outbound: ") + kOddText));
}

TEST_P(Context, LacksAMessageThatDoesNotExist) {
  set(job_.id, "message_id = " + sql_literal(random_uuid()));
  EXPECT_FALSE(context_of(job_.id).original);
}

TEST_P(Context, FindsAnOriginalFarOlderThanTheJob) {
  database().execute("update livechat_messages set created_at = " + database().instant(-8'000'000));
  EXPECT_TRUE(context_of(job_.id).original);
}

TEST_P(Context, ShowsAnotherWorkspacesMessageAsSuch) {
  database().execute("update livechat_messages set workspace_id = 'ws-2'");
  const auto original = context_of(job_.id).original;
  ASSERT_TRUE(original);
  EXPECT_EQ("ws-2", original->workspace_id);
}

TEST_P(Context, ReadsAnEmptyBodyForNull) {
  database().execute("update livechat_messages set body = null");
  const auto original = context_of(job_.id).original;
  ASSERT_TRUE(original);
  EXPECT_EQ("", original->body);
}

TEST_P(Context, CutsHugeBodies) {
  constexpr std::size_t kCharactersMax = 20'000;
  database().execute("update livechat_messages set body = " +
                     sql_literal(std::string(50'000, 'x')));
  EXPECT_EQ(kCharactersMax, context_of(job_.id).original->body.size());
}

TEST_P(Context, MarksAnOriginalOfAnotherType) {
  database().execute("update livechat_messages set msg_type = 'voice'");
  EXPECT_FALSE(context_of(job_.id).original->is_text);
}

TEST_P(Context, TakesTypesInAnyCase) {
  database().execute("update livechat_messages set msg_type = 'SMS'");
  EXPECT_TRUE(context_of(job_.id).original->is_text);
}

TEST_P(Context, HoldsTheContact) {
  database().execute("update contacts set conversation_status = 'opted_out'");
  const auto contact = context_of(job_.id).contact;
  ASSERT_TRUE(contact);
  EXPECT_EQ("ws-1", contact->workspace_id);
  EXPECT_EQ("+15550100001", contact->phone_number);
  EXPECT_EQ("opted_out", contact->conversation_status);
}

TEST_P(Context, HoldsAContactWithoutPhoneNumber) {
  database().execute("update contacts set phone_number = null");
  const auto contact = context_of(job_.id).contact;
  ASSERT_TRUE(contact);
  EXPECT_EQ("", contact->phone_number);
}

TEST_P(Context, LacksAContactThatDoesNotExist) {
  database().execute("delete from contacts");
  EXPECT_FALSE(context_of(job_.id).contact);
}

TEST_P(Context, HoldsTheConfiguration) {
  database().execute(
      "update workspace_ai_config set temperature = 0.25, max_tokens = 300, api_key = "
      "'env:AUTOREPLY_KEY_A', "
      "base_url = 'https://llm.example/v1'");
  const auto config = context_of(job_.id).config;
  ASSERT_TRUE(config);
  EXPECT_NE("", config->workspace_id);
  EXPECT_EQ(job_.workspace_id, config->workspace_id);
  EXPECT_TRUE(config->enabled);
  EXPECT_EQ("openai", config->provider);
  EXPECT_EQ("gpt-4o-mini", config->model);
  EXPECT_EQ("You answer for a bakery.", config->system_prompt);
  EXPECT_EQ(0.25, config->temperature);
  EXPECT_EQ(300, config->max_tokens);
  EXPECT_EQ("env:AUTOREPLY_KEY_A", config->api_key);
  EXPECT_EQ("https://llm.example/v1", config->base_url);
}

TEST_P(Context, TellsIfAnotherIdGivesTheSameNameOfAKey) {
  const ClaimedJob held = claim_one(job_.id);
  const auto shares_name = [&] { return start(held)->config->shares_key_name; };
  host().config({.workspace_id = "WS_1"});
  EXPECT_FALSE(shares_name()) << "the key is none or a literal one";
  database().execute(
      "update workspace_ai_config set api_key = ' Env:AUTOREPLY_KEY_WS_1' where "
      "workspace_id = 'ws-1'");
  EXPECT_TRUE(shares_name());
  database().execute("update workspace_ai_config set api_key = 'file:/keys/ws-1/key'");
  EXPECT_TRUE(shares_name());
  database().execute(
      "update workspace_ai_config set workspace_id = 'ws-10' where workspace_id <> 'ws-1'");
  host().config({.api_key = "env:AUTOREPLY_KEY_WS_1", .seconds_ago = 1});
  EXPECT_FALSE(shares_name()) << "two rows of one workspace";
}

TEST_P(Context, HoldsAConfigurationOfNulls) {
  database().execute(
      "update workspace_ai_config set provider = null, model = null, system_prompt = null");
  const auto config = context_of(job_.id).config;
  ASSERT_TRUE(config);
  EXPECT_EQ("", config->provider);
  EXPECT_EQ(std::nullopt, config->temperature);
  EXPECT_EQ(std::nullopt, config->max_tokens);
  EXPECT_EQ("", config->api_key);
}

TEST_P(Context, TakesTheNewestEnabledConfiguration) {
  host().config({.model = "newest but off", .enabled = false, .seconds_ago = 10});
  host().config({.model = "newer", .seconds_ago = 100});
  host().config({.model = "oldest", .seconds_ago = 9'000});
  host().config({.workspace_id = "ws-2", .model = "other workspace", .seconds_ago = 1});
  const auto config = context_of(job_.id).config;
  ASSERT_TRUE(config);
  EXPECT_EQ("newer", config->model);
}

TEST_P(Context, ShowsADisabledConfigurationWhereThereIsNoOther) {
  database().execute("update workspace_ai_config set enabled = false");
  host().config({.model = "newer", .enabled = false, .seconds_ago = 100});
  const auto config = context_of(job_.id).config;
  ASSERT_TRUE(config);
  EXPECT_FALSE(config->enabled);
  EXPECT_EQ("newer", config->model);
}

TEST_P(Context, LacksAConfigurationThatDoesNotExist) {
  database().execute("delete from workspace_ai_config");
  EXPECT_FALSE(context_of(job_.id).config);
}

TEST_P(Context, HoldsAReplyThatWasRecorded) {
  EXPECT_FALSE(context_of(job_.id).recorded);
  set(job_.id, "lease_until = " + database().instant(-1));
  const ClaimedJob claimed = claim_one(job_.id);
  ASSERT_TRUE(record(claimed, kOddText));
  const auto recorded = start(claimed)->recorded;
  ASSERT_TRUE(recorded);
  EXPECT_EQ(log_id_of(claimed), recorded->log_id);
  EXPECT_EQ(kOddText, recorded->text);
}

}  // namespace
}  // namespace autoreply::test
