#include "generate/providers/chat_completions.h"

#include <gtest/gtest.h>

namespace autoreply {
namespace {

std::string text_of(std::string_view body) {
  const auto completion = read_chat_completion(body);
  return completion ? completion->text : "(unreadable)";
}

TEST(ReadChatCompletion, ReadsWhatSurroundsTheJson) {
  const std::string json = R"({"choices":[{"message":{"content":"Yes."}}]})";
  for (const std::string& body : {json,
                                  "\xEF\xBB\xBF" + json,
                                  "\n\n \xEF\xBB\xBF\n" + json + "\n",
                                  json + "\n\ndata: [DONE]\n\n",
                                  json + "data:[DONE]"}) {
    EXPECT_EQ("Yes.", text_of(body)) << body;
  }
  for (const std::string& body : {json + json, json + "data: [DONE", "x" + json, json + "x"}) {
    EXPECT_EQ("(unreadable)", text_of(body)) << body;
  }
}

TEST(ReadChatCompletion, JoinsAStreamThatNobodyAskedFor) {
  const std::string stream =
      "\xEF\xBB\xBF: OPENROUTER PROCESSING\r\n\r\n"
      "event: chunk\r\nid: 1\r\n"
      "data: "
      "{\"object\":\"chat.completion.chunk\",\"model\":\"m-1\",\"choices\":[{\"delta\":{\"role\":"
      "\"assistant\",\"content\":\"\"}}]}\r\n\r\n"
      "data: {\"choices\":[{\"delta\":{\"reasoning_content\":\"Hm.\"}}]}\n"
      "data: {\"choices\":[{\"delta\":{\"content\":\"Closed \"},\"finish_reason\":null}]}\n\n"
      "data: {\"choices\":\ndata: [{\"delta\":{\"content\":\"on "
      "Sundays.\"},\"finish_reason\":\"stop\"}]}\n\n"
      "data: {\"type\":\"ping\"}\n\n"
      "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":4}}\n\n";
  for (const std::string& body : {stream, stream + "data: [DONE]\n\n", stream + "data: [DONE]"}) {
    const auto completion = read_chat_completion(body);
    ASSERT_TRUE(completion);
    EXPECT_EQ("Closed on Sundays.", completion->text);
    EXPECT_EQ(Finish::complete, completion->finish);
    EXPECT_EQ("m-1", completion->model);
    ASSERT_TRUE(completion->usage);
    EXPECT_EQ(9, completion->usage->total);
  }
}

TEST(ReadChatCompletion, TakesAWholeAnswerInOneEvent) {
  EXPECT_EQ("Yes.",
            text_of("data: {\"choices\":[{\"message\":{\"content\":\"Yes.\"},"
                    "\"finish_reason\":\"stop\"}]}\n\n"));
}

TEST(ReadChatCompletion, DoesNotTakeAStreamThatBreaksOffForAnAnswer) {
  EXPECT_EQ("(unreadable)",
            text_of("data: {\"choices\":[{\"delta\":{\"content\":\"Clos\"}}]}\n\n"));
  EXPECT_EQ("(unreadable)",
            text_of("data: {\"choices\":[{\"delta\":{\"content\":\"Clos\"}}]}\n\ndata: {\"cho"));
  EXPECT_EQ("(unreadable)", text_of("data: [DONE]\n\n"));
  EXPECT_EQ("(unreadable)", text_of(": ping\n\n: ping\n\n"));
  const auto broken = read_chat_completion(
      "data: {\"choices\":[{\"delta\":{\"content\":\"Clos\"}}]}\n\n"
      "data: "
      "{\"error\":{\"code\":502},\"choices\":[{\"delta\":{\"content\":\"\"},\"finish_reason\":"
      "\"error\"}]}\n\n");
  ASSERT_TRUE(broken);
  EXPECT_TRUE(broken->has_error);
}

TEST(ReadChatCompletion, TakesNoChoiceForAnEmptyAnswer) {
  for (const char* body : {R"({"choices":[],"usage":{"total_tokens":9}})",
                           R"({"choices":null,"usage":{"total_tokens":9}})",
                           R"({"usage":{"total_tokens":9}})",
                           R"({"choices":[null],"usage":{"total_tokens":9}})",
                           R"({"error":null,"choices":[],"usage":{"total_tokens":9}})"}) {
    const auto completion = read_chat_completion(body);
    ASSERT_TRUE(completion) << body;
    EXPECT_FALSE(completion->has_choice || completion->has_error) << body;
    ASSERT_TRUE(completion->usage) << body;
    EXPECT_EQ(9, completion->usage->total);
  }
  for (const char* body : {"{}", "[]", "null", "7", "\"Yes.\"", R"({"object":"list","data":[]})"}) {
    EXPECT_EQ("(unreadable)", text_of(body)) << body;
  }
}

TEST(ReadChatCompletion, ReadsTextInParts) {
  const auto content = [](const std::string& json) {
    return text_of(R"({"choices":[{"message":{"content":)" + json + "}}]}");
  };
  EXPECT_EQ("Yes. Really.",
            content(R"([{"type":"thinking","thinking":[{"type":"text","text":"Hm."}]},)"
                    R"({"type":"text","text":"Yes. "},{"type":"output_text","text":"Really."}])"));
  EXPECT_EQ("Yes.", content(R"(["Yes."])"));
  EXPECT_EQ("", content("null"));
  EXPECT_EQ("", content("7"));
  EXPECT_EQ("", content(R"([{"type":"reasoning","text":"Hm."}])"));
  EXPECT_EQ("", text_of(R"({"choices":[{"message":{"reasoning_content":"Hm."}}]})"));
  EXPECT_EQ("Yes.", text_of(R"({"choices":[{"text":"Yes."}]})"));
}

TEST(ReadChatCompletion, FindsAnErrorInThePlaceOfAnAnswer) {
  const auto has_error = [](std::string_view body) {
    const auto completion = read_chat_completion(body);
    return completion && completion->has_error;
  };
  EXPECT_TRUE(has_error(R"({"error":{"code":502}})"));
  EXPECT_TRUE(has_error(R"([{"error":{"code":502}}])"));
  EXPECT_TRUE(has_error(R"({"error":"no"})"));
  EXPECT_TRUE(has_error(R"({"choices":[],"error":{"code":502}})"));
  EXPECT_TRUE(has_error(R"({"object":"error","message":"no"})"));
  EXPECT_TRUE(has_error(R"({"code":401,"msg":"no"})"));
  EXPECT_TRUE(has_error(
      R"({"choices":[{"message":{"content":"Ye"},"finish_reason":"error","error":{"code":502}}]})"));
  EXPECT_FALSE(has_error(R"({"choices":[{"message":{"content":"Yes."}}],"error":null})"));
  EXPECT_FALSE(has_error(R"({"choices":[{"message":{"content":"Yes."}}],"error":{}})"));
  EXPECT_FALSE(has_error(R"({"choices":[{"message":{"content":"Yes."}}],"error":""})"));
}

TEST(ReadChatCompletion, KnowsTheEndInManyWords) {
  const auto finish = [](const std::string& word) {
    return read_chat_completion(R"({"choices":[{"finish_reason":")" + word + R"("}]})")->finish;
  };
  EXPECT_EQ(Finish::complete, finish("stop"));
  EXPECT_EQ(Finish::complete, finish("STOP"));
  EXPECT_EQ(Finish::length, finish("MAX_TOKENS"));
  EXPECT_EQ(Finish::length, finish("model_length"));
  EXPECT_EQ(Finish::filtered, finish("SAFETY"));
  EXPECT_EQ(Finish::tool_call, finish("tool_use"));
  EXPECT_EQ(Finish::server_cut, finish("insufficient_system_resource"));
  EXPECT_EQ(Finish::other, finish("bored"));
}

TEST(ReadChatCompletion, DoesNotBelieveAbsurdCounts) {
  const auto usage = [](const std::string& json) {
    return read_chat_completion(R"({"choices":[{}],"usage":)" + json + "}")->usage;
  };
  for (const char* absurd : {R"({"prompt_tokens":-1,"completion_tokens":2})",
                             R"({"prompt_tokens":1,"completion_tokens":99999999999})",
                             R"({"prompt_tokens":1,"completion_tokens":2,"total_tokens":"x"})",
                             R"({"prompt_tokens":1.5,"completion_tokens":2})",
                             R"({"prompt_tokens":1,"completion_tokens":1e400})",
                             R"({})",
                             R"([])",
                             R"(7)"}) {
    if (!read_chat_completion(std::string(R"({"choices":[{}],"usage":)") + absurd + "}")) continue;
    EXPECT_EQ(std::nullopt, usage(absurd)) << absurd;
  }
  const auto whole = usage(R"({"prompt_tokens":1.0,"completion_tokens":2,"total_tokens":null})");
  ASSERT_TRUE(whole);
  EXPECT_EQ(3, whole->total);
  const auto total = usage(R"({"total_tokens":3})");
  ASSERT_TRUE(total);
  EXPECT_EQ(std::nullopt, total->input);
}

TEST(ReadChatCompletion, ReadsHugeBodiesInLinearTime) {
  const auto repeated = [](const std::string& part) {
    std::string text;
    while (text.size() < 1'000'000) text += part;
    return text;
  };
  for (const std::string& body : {repeated("data:\n"),
                                  repeated("data: {\n"),
                                  repeated("data: {}\n"),
                                  repeated(":\r"),
                                  "data: " + repeated("{\"a\":"),
                                  "{" + repeated("\"choices\":[],") + "\"a\":1}",
                                  repeated("\xEF\xBB\xBF"),
                                  repeated(" ") + "data: [DONE]",
                                  repeated("[")}) {
    const auto start = std::chrono::steady_clock::now();
    (void)read_chat_completion(body);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5))
        << body.substr(0, 40);
  }
}

}  // namespace
}  // namespace autoreply
