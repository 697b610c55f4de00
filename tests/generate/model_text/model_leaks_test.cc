// Text that all kinds of models leave in an answer when the server fails to parse their format.

#include <chrono>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "generate/model_text/model_output.h"

namespace autoreply {
namespace {

constexpr const char* kReply = "Closed on Sundays.";

TEST(ModelOutputLeaks, Reasoning) {
  for (const char* printed : {
           "<unused94>thought\nThey ask.<unused95>Closed on Sundays.",
           "<longcat_think>They ask.</longcat_think>Closed on Sundays.",
           "<inner_thoughts>They ask.</inner_thoughts>\nClosed on Sundays.",
           "<internal_thoughts>They ask.</internal_thoughts>Closed on Sundays.",
           "<thinking_process>They ask.</thinking_process>Closed on Sundays.",
           "<rationale>They ask.</rationale>Closed on Sundays.",
           "<planning>They ask.</planning>Closed on Sundays.",
           "<reasoning_steps>They ask.</reasoning_steps>Closed on Sundays.",
           "<reason>They ask.</reason>Closed on Sundays.",
           "They ask.</reasoning>Closed on Sundays.",
           "<answer>Closed on Sundays.",
           "<response>\nClosed on Sundays.",
           "assistantanalysisThey ask.assistantfinalClosed on Sundays.",
           "analysisthey ask.assistantfinalClosed on Sundays.",
           "analysis\nThey ask.\nassistantfinal\nClosed on Sundays.",
           "analysis\nThey ask.\nfinal\nClosed on Sundays.",
           "assistant\nanalysis\nThey ask.\nfinal\nClosed on Sundays.",
           "<details type=\"reasoning\" done=\"true\" duration=\"3\">\n<summary>Thought for 3 "
           "seconds</summary>\n> They ask.\n</details>\nClosed on Sundays.",
           "<details><summary>Reasoning</summary>They ask.</details>Closed on Sundays.",
           "*Thinking...*\n\n> They ask.\n>\n> Yes.\n\nClosed on Sundays.",
           "**Reasoning**\n> They ask.\n\nClosed on Sundays.",
           "> **Thinking**\n> They ask.\n\nClosed on Sundays.",
           "Thinking...\nThey ask.\n...done thinking.\n\nClosed on Sundays.",
           "```thinking\nThey ask.\n```\nClosed on Sundays.",
           "```think\nThey ask.\n```\nClosed on Sundays.",
           "```reasoning\nThey ask.\n```\nClosed on Sundays.",
           "[think]They ask.[/think]Closed on Sundays.",
           "[THINK]They ask.[/THINK]Closed on Sundays.",
           "[Reasoning]They ask.[/Reasoning]Closed on Sundays.",
           "< think >They ask.</ think >Closed on Sundays.",
           "\\<think>They ask.\\</think>Closed on Sundays.",
           "\\<think\\>They ask.\\</think\\>Closed on Sundays.",
           "Thought: They ask.\nAnswer: Closed on Sundays.",
           "Thought: They ask.\nResponse: Closed on Sundays.",
           "**Reasoning:** They ask.\n\n**Response:** Closed on Sundays.",
           "### Reasoning\nThey ask.\n\n### Response\nClosed on Sundays.",
           R"({"thinking":"They ask.","response":"Closed on Sundays."})",
           R"({"reasoning": {"steps": [1]}, "answer": "Closed on Sundays."})",
           "```json\n{\"thought\": \"They\nask.\", \"reply\": \"Closed on Sundays.\"}\n```",
           "<|im_start|>assistant\n{\"reply\": \"Closed on Sundays.\"}<|im_end|>",
           R"({"thinking": "A </think> here.", "response": "Closed on Sundays."})",
           R"({"response": "\u003cthink\u003eHm.\u003c/think\u003eClosed on Sundays."})",
           R"({"text": "Closed on Sundays."})",
           "<response>{\"reply\": \"Closed on Sundays.\"}</response>",
           "<think>Hm.</think>\n```json\n{\"reply\": \"Closed on Sundays.\"}\n```",
           "{\"reply\": \"Closed on Sundays.\"}<|im_end|>",
           "<|think|>They ask.<|end|><|begin|>assistant<|content|>Closed on Sundays.",
       }) {
    EXPECT_EQ(kReply, spoken_part(printed).text) << printed;
  }
}

TEST(ModelOutputLeaks, ReasoningWithoutAReply) {
  for (const char* printed : {
           "<reason>They ask and",
           "<details type=\"reasoning\" done=\"false\">They ask",
           "```thinking\nThey ask",
           "analysis\nThey ask.",
           "*Thinking...*\n\n> They ask.",
           "<|think|>They ask.<|end|>",
           R"({"thinking": "They ask about)",
       }) {
    EXPECT_EQ("", spoken_part(printed).text) << printed;
  }
}

TEST(ModelOutputLeaks, WhatIsLeftOfAToolCall) {
  for (const char* printed : {
           "Tool call: {\"name\": \"a\", \"arguments\": {}}",
           "Action:\n```json\n{\"action\": \"a\", \"action_input\": \"Sunday\"}\n```",
           "json\n{\"name\": \"a\", \"arguments\": {}}",
           "Calling tool: lookup\n{\"name\": \"lookup\", \"arguments\": {}}",
           "<tools>\n{\"name\": \"a\", \"arguments\": {}}\n</tools>",
           "[tool_calls]\n{\"name\": \"a\", \"arguments\": {}}",
           "function\n{\"name\": \"a\", \"arguments\": {}}",
           "<\n{\"name\": \"a\", \"arguments\": {}}",
           "`{\"name\": \"a\", \"arguments\": {}}`",
       }) {
    const ModelOutput output = spoken_part(printed);
    EXPECT_EQ("", output.text) << printed;
    EXPECT_TRUE(output.calls_tools) << printed;
  }
}

TEST(ModelOutputLeaks, ToolCallsInEveryDialect) {
  for (const char* printed : {
           "commentary to=functions.lookup_hours json{\"day\":\"Sunday\"}",
           "assistantcommentary to=functions.lookup_hours json{\"day\":\"Sunday\"}",
           "analysisThey ask.assistantcommentary to=functions.lookup_hours json{\"day\":1}",
           "lookup_hours(day=\"Sunday\")",
           "hours(day=\"Sunday\")",
           "lookup_hours()",
           "```python\nlookup_hours(day=\"Sunday (or not)\")\n```",
           "print(lookup_hours(day=\"Sunday\"))",
           "await lookup_hours(day=\"Sunday\")",
           "lookup_hours(day=\"Sunday\")\nlookup_menu()",
           "lookup_hours[ARGS]{\"day\": \"Sunday\"}",
           "lookup_hours{\"day\": \"Sunday\"}",
           "lookupHours{\"day\": \"Sunday\"}",
           "lookup_hours\n<arg_key>day</arg_key>\n<arg_value>Sunday</arg_value>",
           "<start_function_call>call:lookup_hours{day:Sunday}<end_function_call>",
           "<longcat_tool_call>lookup_hours\n<longcat_arg_key>day</longcat_arg_key>\n"
           "</longcat_tool_call>",
           "<use_tool>lookup_hours</use_tool>",
           "<use_mcp_tool>lookup_hours</use_mcp_tool>",
           "<tool>lookup</tool><args>{\"day\": \"Sunday\"}</args>",
           "<tool>lookup</tool><args>{\"day\": \"Sunday\"}",
           "<function>lookup</function>",
           "\u273FFUNCTION\u273F: lookup_hours\n\u273FARGS\u273F: {\"day\": \"Sunday\"}",
           "Thought: I must look.\nAction: lookup_hours[Sunday]",
           "Action: lookup_hours(\"Sunday\")",
           R"({"tool_call": {"name": "lookup_hours", "arguments": {}}})",
           R"({"tool": {"name": "lookup_hours", "arguments": {"day": "Sunday"}}})",
           R"({"function_name": "lookup_hours", "function_args": {"day": "Sunday"}})",
           R"({"tool_name": "lookup_hours", "tool_parameters": {"day": "Sunday"}})",
           R"({"type": "function", "name": "x"})",
           R"({"lookup_hours": {"day": "Sunday"}})",
           R"({"tool": "lookup_hours", "day": "Sunday"})",
           R"({"tool": "lookup_hours", "text": "Sunday"})",
           R"([{"type": "function", "name": "x"}])",
           "```json\n{\"tool\": \"lookup_hours\", \"day\": \"Sunday\"}\n```",
           "Tool call: {\"lookup_hours\": {\"day\": \"Sunday\"}}",
           "get_weather\n```json\n{\"day\": 1}\n```",
           "<tools>\n{\"lookup_hours\": {\"day\": \"Sunday\"}}\n</tools>",
           "weather\n<arg_key>day</arg_key>\n<arg_value>Sunday</arg_value>",
           "```json\n{\"a\": {}}\n```",
           "<tool_call>weather</tool_call>",
       }) {
    const ModelOutput output = spoken_part(printed);
    EXPECT_EQ("", output.text) << printed;
    EXPECT_TRUE(output.calls_tools) << printed;
  }
}

TEST(ModelOutputLeaks, SpecialTokensAndTurns) {
  for (const char* printed : {
           "Closed on Sundays.[|endofturn|]",
           "[|assistant|]Closed on Sundays.[|endofturn|]",
           "[gMASK]<sop>Closed on Sundays.",
           "Closed on Sundays.<end_of_utterance>",
           "Closed on Sundays.<eod>",
           "Closed on Sundays.<EOT>",
           "Closed on Sundays.<END>",
           "Closed on Sundays. <END>\nMore",
           "Closed on Sundays.[EOS]",
           "Closed on Sundays. [SEP]",
           "Closed on Sundays. [end of text]",
           "<reserved_106>Closed on Sundays.",
           "<extra_id_1>Closed on Sundays.",
           "Closed <unused12>on Sundays.",
           "<SPECIAL_12>Closed on Sundays.",
           "Closed on Sundays.<0x0A>",
           "Closed\u0120on\u0120Sundays.\u010A",
           "\u2581Closed\u2581on\u2581Sundays.",
           "Closed on Sundays\u30104:0\u2020source\u3011.",
           "Closed on Sundays\uE200cite\uE202turn0search0\uE201.",
           "Closed on Sundays.\uE200cite\uE202turn0sea",
           "assistant\n\nClosed on Sundays.",
           "Closed on Sundays.\nHuman: And on Monday?\nAssistant: Open.",
           "Closed on Sundays.\n\n### User:\nThanks\n### Assistant:\nBye",
           "Closed on Sundays.\nCustomer: Thanks!\nAI: Bye",
           "Assistant: Closed on Sundays.\nUser: Thanks!\nAssistant: Bye",
           "User: Open?\nAssistant: Closed on Sundays.\nUser: Thanks!",
       }) {
    EXPECT_EQ(kReply, spoken_part(printed).text) << printed;
  }
  EXPECT_EQ("Closed\non Sundays.", spoken_part("Closed<0x0A>on Sundays.").text);
}

TEST(ModelOutputLeaks, HarmlessRepliesStayWhole) {
  for (const char* printed : {
           "To cancel, text CANCEL <reason>. We are closed on Sundays.",
           "<response> by text is fine.",
           "<reason> is optional.",
           "Write to us with <answer> in the subject.",
           "Tell us your <thoughts> any time.",
           "Put your <function> on the badge.",
           "Choose a <tool> and its <args>, please.",
           "Text <END> to stop.",
           "To stop, text <END>",
           "Press [think] to go on, [1] or [2].",
           "Fill in <thinking_time> and <rationale>.",
           "Prices: [$5], [$10] (a < b, we <3 you) <dana@example.com>",
           "Note: we are closed.\nAnswer: soon.",
           "Thought: nothing is nicer than a Sunday off.",
           "Thinking of you!\n> quoted\nBye",
           "Reasoning is hard: closed.",
           "User: your email.\nPassword: your date of birth.",
           "Dear Customer: thanks!\nHuman: all of us.",
           "Ask Dana (day=Sunday) for the hours.",
           "Your form is my_form(1), see my_file.",
           "lookup_hours is our page.",
           "Action: call us.",
           "The answer is {\"hours\": {\"Sunday\": \"closed\"}}.",
           "{name}, we are closed.",
           "```\nMon 9-5\nSun closed\n```",
           "a\u2581b is a bar, and so on and on.",
           "\u0120unju is June, \u0120imgha is Friday, in Maltese.",
           "\u3010Hours\u3011 Mon to Sat \u273F welcome \u273F",
           "C:\\<name>\\file and 1 \\< 2",
           "<details>Open on Mondays.</details>",
           "assistants are here.",
           "analysis shows: closed. The final\nword.",
           "Type <special_offer> or <reserved_table>.",
       }) {
    const ModelOutput output = spoken_part(printed);
    EXPECT_EQ(printed, output.text);
    EXPECT_FALSE(output.calls_tools) << printed;
  }
  for (const std::string reply :
       {"OK!", "yes", "Call: 555-1234", "Name: Dana", ":) 5", "We are.", "\U0001F44D"}) {
    EXPECT_EQ(reply, spoken_part(reply + " {\"name\": \"a\", \"arguments\": {}}").text);
  }
}

TEST(ModelOutputLeaks, TakeLinearTime) {
  constexpr std::size_t kLeakBytes = 30'000;
  for (const std::string part : {"<reason>",
                                 "</a_think>",
                                 "<a_think>",
                                 "< think >",
                                 "\\<think",
                                 "[think]",
                                 "[|",
                                 "<details>",
                                 "<details><summary>",
                                 "\u3010",
                                 "\uE200",
                                 "\u273F",
                                 "<END>",
                                 " ",
                                 "User:\n",
                                 "User:\nAssistant:\n",
                                 "Thought:\n",
                                 "Thought:\nAnswer:\n",
                                 "> ",
                                 "> \n",
                                 "```think\n",
                                 "```think```",
                                 "a_b(",
                                 "a_b()\n",
                                 "print(",
                                 "{\"a\":",
                                 "[{",
                                 "{\"response\":\"",
                                 "\u2581",
                                 "analysis\n",
                                 "assistant",
                                 "Action: a[b]\n"}) {
    for (const std::string head :
         {"", "Thinking...\n", "Thought: a\n", "{\"thinking\": \"", "```\n"}) {
      std::string printed = head;
      while (printed.size() < kLeakBytes) printed += part;
      const auto start = std::chrono::steady_clock::now();
      static_cast<void>(spoken_part(printed));
      EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2)) << head << part;
    }
  }
}

}  // namespace
}  // namespace autoreply
