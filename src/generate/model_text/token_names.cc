#include "generate/model_text/token_names.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <span>

#include "base/text.h"

namespace autoreply {
namespace {

using Kind = Mark::Kind;

bool is_any(std::string_view word, std::span<const std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool holds_any(std::string_view text, std::span<const std::string_view> parts) {
  return std::any_of(parts.begin(), parts.end(), [&](std::string_view part) {
    return text.find(part) != std::string_view::npos;
  });
}

constexpr auto kThoughts = std::to_array<std::string_view>({"think",
                                                            "thinking",
                                                            "thinks",
                                                            "thought",
                                                            "thoughts",
                                                            "thought_process",
                                                            "reason",
                                                            "reasoning",
                                                            "reflection",
                                                            "analysis",
                                                            "scratchpad",
                                                            "monologue",
                                                            "inner_monologue",
                                                            "internal_monologue",
                                                            "antthinking",
                                                            "chain_of_thought",
                                                            "cot"});
constexpr auto kTools = std::to_array<std::string_view>({"tool_call",
                                                         "tool_calls",
                                                         "toolcall",
                                                         "toolcalls",
                                                         "function_call",
                                                         "function_calls",
                                                         "functioncall",
                                                         "function",
                                                         "invoke",
                                                         "tool_use",
                                                         "tool_code",
                                                         "tool_request"});
constexpr auto kAnswers =
    std::to_array<std::string_view>({"answer", "final_answer", "final", "response"});

/// Words that people put into angle brackets for a customer to replace.
constexpr auto kPlaceholders = std::to_array<std::string_view>({"thought",
                                                                "thoughts",
                                                                "reason",
                                                                "reflection",
                                                                "analysis",
                                                                "function",
                                                                "invoke",
                                                                "answer",
                                                                "final",
                                                                "response"});

/// Model makers vary these names: `<longcat_think>`, `<reasoning_steps>`.
bool sounds_like_thought(std::string_view name) {
  return holds_any(name,
                   std::to_array<std::string_view>({"think",
                                                    "thought",
                                                    "reason",
                                                    "rationale",
                                                    "planning",
                                                    "reflection",
                                                    "monologue",
                                                    "scratchpad"}));
}

bool sounds_like_tool(std::string_view name) {
  return name.ends_with("arg_key") || name.ends_with("arg_value") ||
         holds_any(name,
                   std::to_array<std::string_view>({"tool_call",
                                                    "toolcall",
                                                    "function_call",
                                                    "functioncall",
                                                    "tool_use",
                                                    "use_tool",
                                                    "mcp_tool",
                                                    "_invoke",
                                                    "invoke_"}));
}

/// Accepts tokens that are named by a number: `<unused12>`, `<extra_id_1>`, `<0x0A>`.
bool is_numbered(std::string_view name) {
  constexpr std::string_view kByte = "0x";
  constexpr std::string_view kDigits = "0123456789";
  if (name.starts_with(kByte)) {
    return name.size() == kByte.size() + 2 &&
           name.find_first_not_of("0123456789abcdef", kByte.size()) == std::string_view::npos;
  }
  for (const std::string_view stem : {"unused", "reserved_", "extra_id_", "special_", "reserved"}) {
    if (name.starts_with(stem) && name.size() > stem.size() &&
        name.find_first_not_of(kDigits, stem.size()) == std::string_view::npos) {
      return true;
    }
  }
  return false;
}

/// Returns the meaning of a special token that looks like a tag.
NameMeaning meaning_of_token_tag(std::string_view name, bool closes) {
  if (name == "start_of_turn") return {Kind::turn_opens};
  if (is_any(name,
             std::to_array<std::string_view>(
                 {"end_of_turn", "eos", "eot", "eod", "end_of_text", "end_of_utterance"})) ||
      (name == "s" && closes)) {
    return {Kind::turn_closes};
  }
  if (name == "end" && !closes) return {Kind::turn_closes, true};
  // MedGemma marks its reasoning with two tokens that Gemma left unused.
  if (name == "unused94") return {Kind::thought_opens};
  if (name == "unused95") return {Kind::thought_closes};
  if (is_numbered(name) ||
      is_any(name, std::to_array<std::string_view>({"s", "bos", "pad", "unk", "sop", "eop"}))) {
    return {Kind::other};
  }
  return {};
}

}  // namespace

std::string plain_name(std::string_view name) {
  constexpr std::string_view kBlank = "\u2581";
  std::string plain = lower_case(trimmed(name));
  std::replace(plain.begin(), plain.end(), '-', '_');
  for (std::size_t at = plain.find(kBlank); at != std::string::npos; at = plain.find(kBlank)) {
    plain.replace(at, kBlank.size(), "_");
  }
  return plain;
}

Kind kind_of_token(std::string_view name) {
  const bool ends = name.starts_with("end") || name.starts_with('/') || name.ends_with("end") ||
                    name.ends_with("suffix");
  if (holds_any(name, std::to_array<std::string_view>({"think", "thought", "reason", "inner_"}))) {
    return ends ? Kind::thought_closes : Kind::thought_opens;
  }
  if (holds_any(name,
                std::to_array<std::string_view>(
                    {"tool", "python_tag", "function", "action", "plugin"}))) {
    return ends ? Kind::tool_closes : Kind::tool_opens;
  }
  if (is_any(name,
             std::to_array<std::string_view>({"im_end",
                                              "eot_id",
                                              "eom_id",
                                              "eot",
                                              "eom",
                                              "eos",
                                              "end",
                                              "endoftext",
                                              "end_of_text",
                                              "end_of_turn",
                                              "end_of_sentence",
                                              "end_of_turn_token",
                                              "endofturn",
                                              "return",
                                              "call"}))) {
    return Kind::turn_closes;
  }
  if (is_any(name,
             std::to_array<std::string_view>({"im_start",
                                              "start",
                                              "begin",
                                              "turn",
                                              "start_header_id",
                                              "header_start",
                                              "start_of_turn",
                                              "start_of_role",
                                              "start_of_turn_token",
                                              "user",
                                              "assistant",
                                              "system",
                                              "im_user",
                                              "im_assistant",
                                              "im_system",
                                              "human",
                                              "user_token",
                                              "chatbot_token",
                                              "system_token"}))) {
    return Kind::turn_opens;
  }
  return Kind::other;
}

Kind kind_of_half_barred(std::string_view name, bool opens) {
  if (name == "channel" || is_any(name, kThoughts)) {
    return opens ? Kind::thought_opens : Kind::thought_closes;
  }
  if (name.starts_with("tool")) return opens ? Kind::tool_opens : Kind::tool_closes;
  if (name == "turn") return opens ? Kind::turn_opens : Kind::turn_closes;
  return Kind::other;
}

NameMeaning meaning_of_tag(std::string_view name, bool closes, bool bare) {
  const bool placeholder = bare && !closes && is_any(name, kPlaceholders);
  if (is_any(name, kThoughts)) {
    return {closes ? Kind::thought_closes : Kind::thought_opens, placeholder};
  }
  if (is_any(name, kTools)) return {closes ? Kind::tool_closes : Kind::tool_opens, placeholder};
  if (is_any(name, kAnswers)) {
    return {closes ? Kind::answer_closes : Kind::answer_opens, placeholder};
  }
  if (name == "tool" || name == "args") {
    return {closes ? Kind::tool_closes : Kind::tool_opens, true};
  }
  if (sounds_like_tool(name)) {
    const bool ends = closes || name.starts_with("end_");
    return {ends ? Kind::tool_closes : Kind::tool_opens};
  }
  if (sounds_like_thought(name)) return {closes ? Kind::thought_closes : Kind::thought_opens, true};
  return meaning_of_token_tag(name, closes);
}

}  // namespace autoreply
