// Separates the text for the customer from everything else that a model prints.

#include "generate/model_text/model_output.h"

#include <chrono>
#include <vector>

#include <gtest/gtest.h>

namespace autoreply {
namespace {

constexpr const char* kAnswer = "Closed on Sundays.";
// Quadratic time would take minutes at this size.
constexpr std::size_t kBytes = 100'000;

std::string spoken(std::string_view printed) {
  return spoken_part(printed).text;
}

TEST(SpokenPart, LeavesReasoningOut) {
  for (const char* printed : {
           "<think>They ask.</think>Closed on Sundays.",
           "\n<think>\nThey ask.\n</think>\n\nClosed on Sundays.\n",
           "They ask about Sunday.\n</think>\n\nClosed on Sundays.",
           "<think></think>Closed on Sundays.",
           "<think/>Closed on Sundays.",
           "<THINK>They ask.</Think >Closed on Sundays.",
           "<thinking>They ask.</thinking>Closed on Sundays.",
           "<reasoning>They ask.</reasoning>Closed on Sundays.",
           "<thought>They ask.</thought>Closed on Sundays.",
           "<inner-monologue>They ask.</inner-monologue>Closed on Sundays.",
           "<think type=\"deep\" budget='3'>They ask.</think>Closed on Sundays.",
           "<seed:think>They ask.</seed:think>Closed on Sundays.",
           "<thinking>They ask.</thinking>Closed on Sundays.",
           "<think>They ask.</think><think>Again.</think>Closed on Sundays.",
           "<think>They <think>really</think> ask.</think>Closed on Sundays.",
           "<think>a<think>b<think>c</think>d</think>e</think>Closed on Sundays.",
           "<think>They ask.</think>Draft.</think>Closed on Sundays.",
           "Closed<think>Hm.</think> on Sundays.<think>Done.</think>",
           "<think>Use <tool_call> or not?</think>Closed on Sundays.",
           "&lt;think&gt;They ask.&lt;/think&gt;Closed on Sundays.",
           "\u25C1think\u25B7They ask.\u25C1/think\u25B7Closed on Sundays.",
           "[THINK]They ask.[/THINK]Closed on Sundays.",
           "<|begin_of_thought|>They ask.<|end_of_thought|><|begin_of_solution|>Closed on "
           "Sundays.<|end_of_solution|>",
           "<|START_THINKING|>They ask.<|END_THINKING|><|START_RESPONSE|>Closed on "
           "Sundays.<|END_RESPONSE|>",
           "<|inner_prefix|>They ask.<|inner_suffix|>Closed on Sundays.",
           "<|channel>thought\nThey ask.<channel|>Closed on Sundays.",
           "<|channel>\nThey ask.\n<channel|>\nClosed on Sundays.",
           "They ask.<channel|>Closed on Sundays.",
           "<|channel>thought\n<channel|>Closed on Sundays.",
           "<|channel>thought\nThey ask.<channel|><|channel>final\nClosed on Sundays.<channel|>",
           "thought\nClosed on Sundays.",
           "final\nClosed on Sundays.",
           "<think>They ask.</think><answer>Closed on Sundays.</answer>",
           "They ask. <final_answer>Closed on Sundays.</final_answer> Bye.",
           "Here is my thought process: They ask. Here is my response: Closed on Sundays.",
           "They ask.<|im_end|></think>Closed on Sundays.",
           "Thought: They ask.\nFinal Answer: Closed on Sundays.",
       }) {
    const ModelOutput output = spoken_part(printed);
    EXPECT_EQ(kAnswer, output.text) << printed;
    EXPECT_FALSE(output.calls_tools) << printed;
  }
}

TEST(SpokenPart, FindsNoAnswerInReasoningAlone) {
  for (const char* printed : {
           "",
           " \n",
           "<think>I ran out of room while",
           "<think>They ask.</think>",
           "<think>They ask.</think>\n \n",
           "They ask.</think>",
           "Closed.</think><think>But wait",
           "<think>a</think><think>b",
           "<think>a <think>b</think>",
           "<thinking",
           "<think budget=\"3",
           "[THINK]They ask.",
           "<|channel>thought\nThey ask.",
           "Here is my thought process: They ask.",
           "<|im_end|>",
           "</s>",
           "<|im_start|>assistant\n<|im_end|>",
       }) {
    EXPECT_EQ("", spoken(printed)) << printed;
  }
}

TEST(SpokenPart, KeepsTheFinalChannelAlone) {
  for (const char* printed : {
           "<|channel|>analysis<|message|>They ask.<|end|><|start|>assistant<|channel|>final"
           "<|message|>Closed on Sundays.",
           "<|start|>assistant<|channel|>analysis<|message|>They ask.<|end|><|start|>assistant"
           "<|channel|>final<|message|>Closed on Sundays.<|return|>",
           "They ask.<|end|><|start|>assistant<|channel|>final<|message|>Closed on Sundays.",
           "analysis<|message|>They ask.<|end|><|start|>assistant<|channel|>final<|message|>Closed "
           "on Sundays.<|end|>",
           "<|channel|>analysis<|message|>a<|end|><|channel|>analysis<|message|>b<|end|>"
           "<|channel|>final <|constrain|>text<|message|>Closed on Sundays.",
           "<|channel|>final<|message|>Closed <|channel|>final<|message|>on Sundays.<|return|>",
           "<|start|>assistant<|message|>Closed on Sundays.<|end|>",
           "<|channel|>final<|message|><think>Hm.</think>Closed on Sundays.",
           "analysisThey ask.assistantfinalClosed on Sundays.",
           "analysisWe think.assistantanalysisAgain.assistantfinalClosed on Sundays.",
           "finalClosed on Sundays.",
       }) {
    EXPECT_EQ(kAnswer, spoken(printed)) << printed;
  }
  for (const char* printed : {
           "<|channel|>analysis<|message|>They ask.<|end|>",
           "<|channel|>analysis<|message|>They ask.",
           "<|channel|>analysis",
           "<|channel|>commentary<|message|>I look it up.<|end|>",
           "They ask.<|end|><|start|>assistant<|channel|>analysis<|message|>Hm.",
           "<|start|>user<|message|>Open?<|end|>",
           "analysisThey ask and I",
       }) {
    EXPECT_EQ("", spoken(printed)) << printed;
  }
}

TEST(SpokenPart, LeavesSpecialTokensAndInventedTurnsOut) {
  for (const char* printed : {
           "Closed on Sundays.<|im_end|>",
           "Closed on Sundays.<|eot_id|>",
           "Closed on Sundays.<|endoftext|>",
           "Closed on Sundays.</s>",
           "<s> Closed on Sundays.</s>",
           "<s>Closed on Sundays.",
           "Closed on Sundays.<end_of_turn>",
           "Closed on Sundays.<eos>",
           "Closed on Sundays. [/INST]",
           "Closed on Sundays. [INST] And on Monday? [/INST] Open.",
           "[INST] Open on Sunday? [/INST] Closed on Sundays.",
           "Closed on Sundays.<\uFF5Cend\u2581of\u2581sentence\uFF5C>",
           "<\uFF5CAssistant\uFF5C>Closed on Sundays.<\uFF5CUser\uFF5C>Thanks!",
           "<|im_start|>assistant\nClosed on Sundays.<|im_end|>\n<|im_start|>user\nThanks!",
           "<|im_start|>user\nOpen?<|im_end|>\n<|im_start|>assistant\nClosed on Sundays.<|im_end|>",
           "<|start_header_id|>assistant<|end_header_id|>\n\nClosed on Sundays.<|eot_id|>",
           "<start_of_turn>model\nClosed on Sundays.<end_of_turn>\n<start_of_turn>user\nBye",
           "<|im_assistant|>assistant<|im_middle|>Closed on Sundays.<|im_end|>",
           "<|start_of_role|>assistant<|end_of_role|>Closed on Sundays.<|end_of_text|>",
           "<|turn>model\nClosed on Sundays.<turn|>",
           "Closed <|reserved_special_token_7|>on Sundays.",
           "<|begin_of_box|>Closed on Sundays.<|end_of_box|>",
           "<pad><pad>Closed on Sundays.<pad>",
           "Closed on Sundays.<|im_e",
           "Closed on Sundays.<|im_end|",
           "Closed on Sundays.</thi",
           "Closed on Sundays. <\uFF5Cend\u2581of",
       }) {
    EXPECT_EQ(kAnswer, spoken(printed)) << printed;
  }
}

TEST(SpokenPart, SendsNoWrittenToolCall) {
  for (const char* printed : {
           R"({"name": "lookup_hours", "arguments": {"day": "Sunday"}})",
           R"({"name": "lookup_hours", "parameters": {}})",
           R"({"arguments": {"day": "Sunday"}, "name": "lookup_hours"})",
           R"({"name": "lookup_hours", "arguments": "{\"day\": \"Sunday\"}"})",
           R"([{"name": "a", "arguments": {}}, {"name": "b", "arguments": {}}])",
           R"({"name": "a", "arguments": {}}; {"name": "b", "arguments": {}})",
           "{\"name\": \"a\", \"arguments\": {}}\n{\"name\": \"b\", \"arguments\": {}}",
           R"({"type": "function", "function": {"name": "lookup_hours", "arguments": "{}"}})",
           R"({"type": "function", "name": "lookup_hours", "parameters": {"day": "Sunday"}})",
           R"({"tool_calls": [{"id": "1", "function": {"name": "a"}}]})",
           R"({"function_call": {"name": "a", "arguments": "{}"}})",
           R"({"tool": "a", "tool_input": "Sunday"})",
           R"({"action": "a", "action_input": "Sunday"})",
           R"({"recipient_name": "functions.a", "parameters": {}})",
           R"({'name': 'lookup_hours', 'arguments': {'day': 'Sunday'}})",
           R"({"name": "send", "arguments": {"text": "Closed on Sundays. We open)",
           R"({"name": "a", "arguments": {"text": "a } brace"}})",
           "```json\n{\"name\": \"a\", \"arguments\": {}}\n```",
           "```\n[{\"name\": \"a\", \"arguments\": {}}]\n```",
           "```tool_code\nprint(default_api.lookup_hours(day=\"Sunday\"))\n```",
           "<tool_call>\n{\"name\": \"a\", \"arguments\": {}}\n</tool_call>",
           "<tool_call>\n{\"name\": \"a\"",
           "<tool_call><function=a><parameter=day>Sunday</parameter></function></tool_call>",
           "<function=a>{\"day\": \"Sunday\"}</function>",
           "<name>task\n</parameter>\n<parameter=description>\nLook it "
           "up.\n</parameter>\n</function>",
           "lookup_hours\n</tool_call>",
           "<function_calls><invoke name=\"a\"><parameter "
           "name=\"day\">x</parameter></invoke></function_calls>",
           "<minimax:tool_call><invoke name=\"a\"></invoke></minimax:tool_call>",
           "[TOOL_CALLS][{\"name\": \"a\", \"arguments\": {}}]",
           "[TOOL_CALLS]lookup_hours{\"day\": \"Sunday\"}",
           "<|python_tag|>lookup_hours.call(day=\"Sunday\")<|eom_id|>",
           "<|tool_call|>[{\"name\": \"a\", \"arguments\": {}}]",
           "<|tool_call>call:a{day:Sunday}<tool_call|>",
           "<|tool_calls_section_begin|><|tool_call_begin|>functions.a:0<|tool_call_argument_begin|"
           ">"
           "{}<|tool_call_end|><|tool_calls_section_end|>",
           "<\uFF5Ctool\u2581calls\u2581begin\uFF5C><\uFF5Ctool\u2581call\u2581begin\uFF5C>a<"
           "\uFF5Ctool\u2581sep\uFF5C>{}<\uFF5Ctool\u2581call\u2581end\uFF5C><"
           "\uFF5Ctool\u2581calls\u2581end\uFF5C>",
           "<\uFF5CDSML\uFF5Cfunction_calls><\uFF5CDSML\uFF5Cinvoke name=\"a\"></\uFF5CDSML\uFF5C"
           "invoke></\uFF5CDSML\uFF5Cfunction_calls>",
           "<|START_ACTION|>[{\"tool_name\": \"a\"}]<|END_ACTION|>",
           "<|channel|>commentary to=functions.a <|constrain|>json<|message|>{\"day\":1}<|call|>",
           "<|start|>assistant to=functions.a<|channel|>commentary<|message|>{}<|call|>",
           "functools[{\"name\": \"a\", \"arguments\": {}}]",
           "functions.lookup_hours({\"day\": \"Sunday\"})",
           "functions.lookup_hours:0{\"day\": \"Sunday\"}",
           "[lookup_hours(day=\"Sunday\")]",
           "[lookup_hours(), lookup_menu()]",
           "Thought: I must look.\nAction: lookup_hours\nAction Input: Sunday",
       }) {
    const ModelOutput output = spoken_part(printed);
    EXPECT_EQ("", output.text) << printed;
    EXPECT_TRUE(output.calls_tools) << printed;
  }
}

TEST(SpokenPart, KeepsTheTextThatStandsBesideAToolCall) {
  for (const char* printed : {
           "Closed on Sundays. {\"name\": \"a\", \"arguments\": {}}",
           "{\"name\": \"a\", \"arguments\": {}}\n\nClosed on Sundays.",
           "Closed on Sundays.\n```json\n{\"name\": \"a\", \"arguments\": {}}\n```",
           "Closed on Sundays.<tool_call>{\"name\": \"a\"}</tool_call>",
           "<tool_call>{\"name\": \"a\"}</tool_call>Closed on Sundays.",
           "Closed on Sundays.[TOOL_CALLS]a{}",
           "<|channel|>commentary to=functions.a<|message|>{}<|call|><|start|>assistant<|channel|>"
           "final<|message|>Closed on Sundays.",
       }) {
    const ModelOutput output = spoken_part(printed);
    EXPECT_EQ(kAnswer, output.text) << printed;
    EXPECT_TRUE(output.calls_tools) << printed;
  }
}

TEST(SpokenPart, LeavesOrdinaryAnswersAlone) {
  for (const char* printed : {
           "We <3 our customers!",
           "Is 3 < 5 and 7 > 2? Yes.",
           "Use {name} in the form, and {\"name\": \"Dana\", \"phone\": \"555\"} is fine.",
           "Your \"name\" and the \"arguments\" you gave are noted.",
           "{ Sunday: closed }",
           "{\"hours\": {\"Sunday\": \"closed\"}} is our plan.",
           "You sent {\"name\": \"Dana Smith\", \"arguments\": \"none\"}",
           "I think, therefore I am. </3",
           "Think about it: final price is $5. Analysis follows.",
           "See x </3 and y </ z, or a <b",
           "analysis of your order is done.",
           "finally closed on Sundays.",
           "Press [Enter] or [OK], see [our page](https://x.example/a?b=1).",
           "[Closed on Sundays (holidays too)]",
           "a <b>bold</b> word and <i>another</i>",
           "Email <dana@example.com> <|",
           "if (a) { return b; }",
           "Our functions. Are (mostly) weddings.",
           "Action: call us at noon.",
           "{{{{ [[[[ << || >> ]]]] }}}}",
           "The thought of it & the rest: &lt;b&gt; \u25C1 \u25B7",
           "Heart \u2764, dash \u2014, quote \u201Cyes\u201D.",
       }) {
    const ModelOutput output = spoken_part(printed);
    EXPECT_EQ(printed, output.text);
    EXPECT_FALSE(output.calls_tools) << printed;
  }
}

TEST(SpokenPart, DoesNotTakeATextThatIsStruckThroughForTheEnd) {
  EXPECT_EQ("Was $20 $15 now.", spoken("Was <s>$20</s> $15 now.</s> Bye"));
}

TEST(SpokenPart, TakesLinearTimeForAnything) {
  const auto repeated = [](const std::string& part, std::size_t bytes) {
    std::string text;
    while (text.size() < bytes) text += part;
    return text;
  };
  std::vector<std::string> nasty;
  for (const char* part : {"<",
                           "<|",
                           "<|a",
                           "<\uFF5C",
                           "<think>",
                           "</think>",
                           "<think>x</think>",
                           "<think ",
                           "x</think>",
                           "<think><think></think>",
                           "&lt;",
                           "\u25C1",
                           "[",
                           "[/INST]x",
                           "[INST]x",
                           "{",
                           "{\"",
                           "{\"a\":",
                           "{'",
                           "{\"name\":\"a\",\"arguments\":{",
                           "{\"name\":\"a\",\"arguments\":{}}x",
                           " {\"name\":\"a\",\"arguments\":{}}",
                           "[{\"name\":\"a\",\"arguments\":{}},",
                           "```json\n{\"name\":\"a\",\"arguments\":{}}\n```",
                           "```tool",
                           "```tool```",
                           "<|channel|>",
                           "<|message|>",
                           "<|channel|>final<|message|>x<|end|>",
                           "<|start|>",
                           "<|im_end|>",
                           "<|im_start|>user",
                           "<tool_call>",
                           "<tool_call></tool_call>",
                           "[TOOL_CALLS]",
                           "<answer>x",
                           "Thought:\nAction:\nAction Input:\n",
                           "assistantfinal",
                           "\\\"",
                           "\n",
                           "\xFF"}) {
    nasty.push_back(repeated(part, kBytes));
  }
  // A blank beginning must not be examined again for each closing block.
  nasty.push_back(repeated(" ", kBytes / 2) + repeated("<think>", kBytes / 4) +
                  repeated("</think>", kBytes / 4));
  nasty.push_back(repeated("<think>", kBytes / 2) + repeated("x</think>", kBytes / 2));
  nasty.push_back("{\"a\":\"" + repeated("{", kBytes));
  for (const std::string& printed : nasty) {
    const auto start = std::chrono::steady_clock::now();
    const ModelOutput output = spoken_part(printed);
    EXPECT_LE(output.text.size(), printed.size() + 1);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5))
        << printed.substr(0, 40);
  }
}

}  // namespace
}  // namespace autoreply
