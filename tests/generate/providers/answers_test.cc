// Shapes of answers that are not among the captured ones.

#include <string>

#include <gtest/gtest.h>

#include "generate/provider_table.h"

namespace autoreply {
namespace {

std::optional<ModelAnswer> read(std::string_view provider, std::string_view body) {
  return find_provider(provider)->read(body);
}

TEST(AnthropicAnswer, KeepsOnlyTheTextsOfItsBlocks) {
  const auto answer = read("anthropic", R"({"type":"message","model":"claude-haiku-5-5","content":[
    {"type":"thinking","thinking":"They want hours.","signature":"x"},
    {"type":"redacted_thinking","data":"abc"},
    {"type":"text","text":"We are "},{"type":"text","text":"open."}],
    "stop_reason":"end_turn","usage":{"input_tokens":162,"cache_read_input_tokens":2048,
    "cache_creation_input_tokens":10,"output_tokens":61}})");
  ASSERT_TRUE(answer && answer->usage);
  EXPECT_EQ("We are open.", answer->text);
  EXPECT_EQ(Finish::complete, answer->finish);
  EXPECT_EQ(2'220, answer->usage->input);
  EXPECT_EQ(2'048, answer->usage->cached);
  EXPECT_EQ(10, answer->usage->cache_write);
  EXPECT_EQ(2'281, answer->usage->total);
}

TEST(AnthropicAnswer, TellsRefusalsCallsAndErrors) {
  const auto refusal = read(
      "anthropic",
      R"({"type":"message","content":[],"stop_reason":"refusal","stop_details":{"category":"cyber"}})");
  ASSERT_TRUE(refusal);
  EXPECT_EQ(Finish::refused, refusal->finish);
  const auto call = read(
      "anthropic",
      R"({"type":"message","content":[{"type":"server_tool_use","name":"web_search"}],"stop_reason":"pause_turn"})");
  ASSERT_TRUE(call);
  EXPECT_TRUE(call->calls_tools);
  EXPECT_EQ(Finish::tool_call, call->finish);
  const auto error =
      read("anthropic", R"({"type":"error","error":{"type":"overloaded_error","message":"Busy"}})");
  ASSERT_TRUE(error);
  EXPECT_TRUE(error->has_error);
  EXPECT_FALSE(read("anthropic", R"({"type":"message_batch"})"));
}

TEST(AnthropicAnswer, JoinsAStreamThatNobodyAskedFor) {
  const std::string stream =
      "event: message_start\n"
      "data: {\"type\":\"message_start\",\"message\":{\"model\":\"claude-1\",\"content\":[],"
      "\"usage\":{\"input_tokens\":25,\"output_tokens\":1}}}\n\n"
      "data: {\"type\":\"ping\"}\n\n"
      "data: {\"type\":\"content_block_start\",\"content_block\":{\"type\":\"thinking\"}}\n\n"
      "data: {\"type\":\"content_block_delta\",\"delta\":{\"type\":\"thinking_delta\","
      "\"thinking\":\"Hm.\"}}\n\n"
      "data: {\"type\":\"content_block_start\",\"content_block\":{\"type\":\"text\",\"text\":"
      "\"\"}}\n\n"
      "data: {\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":"
      "\"Closed \"}}\n\n"
      "data: {\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":"
      "\"on Sundays.\"}}\n\n";
  const auto answer =
      read("anthropic",
           stream +
               "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},"
               "\"usage\":{\"output_tokens\":15}}\n\n"
               "data: {\"type\":\"message_stop\"}\n\n");
  ASSERT_TRUE(answer && answer->usage);
  EXPECT_EQ("Closed on Sundays.", answer->text);
  EXPECT_EQ("claude-1", answer->model);
  EXPECT_EQ(40, answer->usage->total);
  EXPECT_FALSE(read("anthropic", stream));
}

TEST(GeminiAnswer, TellsBlocksOfThePromptAndCalls) {
  const auto blocked = read(
      "gemini", R"({"promptFeedback":{"blockReason":"OTHER"},"usageMetadata":{"promptTokenCount":9,
      "totalTokenCount":9}})");
  ASSERT_TRUE(blocked);
  EXPECT_EQ(Finish::filtered, blocked->finish);
  ASSERT_TRUE(blocked->usage);
  EXPECT_EQ(0, blocked->usage->output);
  const auto call = read("gemini", R"({"candidates":[{"content":{"parts":[
      {"functionCall":{"name":"f","args":{}}}]},"finishReason":"STOP"}]})");
  ASSERT_TRUE(call);
  EXPECT_TRUE(call->calls_tools);
  for (const char* word : {"OTHER", "MALFORMED_RESPONSE", "FINISH_REASON_UNSPECIFIED"}) {
    const auto cut =
        read("gemini",
             R"({"candidates":[{"content":{"parts":[{"text":"We"}]},"finishReason":")" +
                 std::string(word) + R"("}]})");
    ASSERT_TRUE(cut);
    EXPECT_EQ(Finish::server_cut, cut->finish) << word;
  }
  const auto none = read("gemini", R"({"candidates":[],"modelVersion":"m"})");
  ASSERT_TRUE(none);
  EXPECT_FALSE(none->has_choice);
  EXPECT_FALSE(read("gemini", R"({"models":[]})"));
}

TEST(ResponsesAnswer, ReadsTextRefusalAndFailure) {
  const auto answer = read("openai", R"({"object":"response","status":"completed","error":null,
    "incomplete_details":null,"model":"gpt-6.1-terra","output":[{"type":"reasoning","summary":[
    {"type":"summary_text","text":"Hm."}]},{"type":"message","content":[{"type":"output_text",
    "text":"We are "},{"type":"output_text","text":"open."}]}],"usage":{"input_tokens":350,
    "input_tokens_details":{"cached_tokens":100},"output_tokens":64,"total_tokens":414}})");
  ASSERT_TRUE(answer && answer->usage);
  EXPECT_EQ("We are open.", answer->text);
  EXPECT_EQ(Finish::complete, answer->finish);
  EXPECT_EQ(100, answer->usage->cached);
  const auto refusal = read("openai", R"({"object":"response","status":"completed","output":[
    {"type":"message","content":[{"type":"refusal","refusal":"I can't."}]}]})");
  ASSERT_TRUE(refusal);
  EXPECT_TRUE(refusal->refuses);
  EXPECT_EQ("", refusal->text);
  const auto failed = read("openai", R"({"object":"response","status":"failed","output":[],
    "error":{"code":"rate_limit_exceeded","message":"Slow down"}})");
  ASSERT_TRUE(failed);
  EXPECT_TRUE(failed->has_error);
  const auto filtered = read("azure", R"({"object":"response","status":"incomplete","output":[],
    "incomplete_details":{"reason":"content_filter"}})");
  ASSERT_TRUE(filtered);
  EXPECT_EQ(Finish::filtered, filtered->finish);
}

TEST(OllamaAnswer, ReadsBothProtocols) {
  const auto answer = read("ollama", R"({"model":"m","message":{"role":"assistant","content":"Yes.",
    "thinking":"Hm."},"done":true,"done_reason":"length","prompt_eval_count":4,"eval_count":2})");
  ASSERT_TRUE(answer && answer->usage);
  EXPECT_EQ("Yes.", answer->text);
  EXPECT_EQ(Finish::length, answer->finish);
  EXPECT_EQ(6, answer->usage->total);
  const auto compatible = read("ollama", R"({"choices":[{"message":{"content":"Yes."}}]})");
  ASSERT_TRUE(compatible);
  EXPECT_EQ("Yes.", compatible->text);
  const auto error = read("ollama", R"({"error":"model not found"})");
  ASSERT_TRUE(error);
  EXPECT_TRUE(error->has_error);
}

TEST(EveryAnswer, IsUnreadableIfItIsCutOrInNoFormat) {
  for (const char* provider : {"openai", "anthropic", "gemini", "ollama", "azure"}) {
    for (const char* body : {"",
                             " \n",
                             "null",
                             "[]",
                             "{}",
                             "\"text\"",
                             "{\"a\":",
                             "<html>",
                             "\xFF",
                             "{\"a\":\"\xFF\"}"}) {
      EXPECT_FALSE(read(provider, body)) << provider << " " << body;
    }
    const auto error = read(provider, R"([{"error":{"code":429,"status":"RESOURCE_EXHAUSTED"}}])");
    ASSERT_TRUE(error) << provider;
    EXPECT_TRUE(error->has_error) << provider;
  }
}

}  // namespace
}  // namespace autoreply
