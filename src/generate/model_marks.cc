#include "generate/model_marks.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <span>

#include "base/text.h"

namespace autoreply {
namespace {

using Kind = Mark::Kind;

constexpr std::size_t kTokenBytesMax = 80;
constexpr std::size_t kTagBytesMax = 200;
constexpr std::string_view kWideBar = "\uFF5C";
constexpr std::string_view kLeftTriangle = "\u25C1";
constexpr std::string_view kRightTriangle = "\u25B7";

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

/// The name in lower case, with underscores in the place of hyphens and of SentencePiece's blank.
std::string plain_name(std::string_view name) {
  constexpr std::string_view kBlank = "\u2581";
  std::string plain = lower_case(trimmed(name));
  std::replace(plain.begin(), plain.end(), '-', '_');
  for (std::size_t at = plain.find(kBlank); at != std::string::npos; at = plain.find(kBlank)) {
    plain.replace(at, kBlank.size(), "_");
  }
  return plain;
}

/// What a special token stands for. The names are those of Qwen, Llama, Gemma, DeepSeek, Kimi,
/// Cohere, Granite, Phi, InternLM and Apertus; a new one of the same make is understood by its
/// parts.
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
                                              "return",
                                              "call"}))) {
    return Kind::turn_closes;
  }
  if (is_any(name,
             std::to_array<std::string_view>({"im_start",
                                              "start",
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

/// A token between bars: `<|name|>`, `<｜name｜>`.
Mark barred_token(std::string_view text, std::string_view bar) {
  const std::size_t start = 1 + bar.size();
  const std::string_view rest = text.substr(start, kTokenBytesMax);
  const std::size_t length = std::min(rest.find_first_of("<>\n "), rest.size());
  const std::string_view inside = rest.substr(0, length);  // the name and the second bar
  if (!rest.substr(length).starts_with('>') || !inside.ends_with(bar) ||
      inside.size() == bar.size()) {
    return {};
  }
  const std::string name = plain_name(inside.substr(0, inside.size() - bar.size()));
  return {kind_of_token(name), start + length + 1, name};
}

/// Gemma's half-barred tokens: `<|channel>` opens, `<channel|>` closes.
Kind kind_of_half_barred(const std::string& name, bool opens) {
  if (name == "channel" || is_any(name, kThoughts)) {
    return opens ? Kind::thought_opens : Kind::thought_closes;
  }
  if (name.starts_with("tool")) return opens ? Kind::tool_opens : Kind::tool_closes;
  if (name == "turn") return opens ? Kind::turn_opens : Kind::turn_closes;
  return Kind::other;
}

bool is_name_byte(char character) {
  return std::isalnum(static_cast<unsigned char>(character)) != 0 || character == '_' ||
         character == '-' || character == ':';
}

std::size_t name_length(std::string_view text) {
  const auto end = std::find_if_not(text.begin(), text.end(), is_name_byte);
  return static_cast<std::size_t>(end - text.begin());
}

Kind kind_of_tag(const std::string& name, bool closes) {
  if (is_any(name, kThoughts)) return closes ? Kind::thought_closes : Kind::thought_opens;
  if (is_any(name, kTools)) return closes ? Kind::tool_closes : Kind::tool_opens;
  if (is_any(name, kAnswers)) return closes ? Kind::answer_closes : Kind::answer_opens;
  if (name == "start_of_turn") return Kind::turn_opens;
  if (name == "end_of_turn" || name == "eos" || name == "end_of_text" || (name == "s" && closes)) {
    return Kind::turn_closes;
  }
  if (is_any(name, std::to_array<std::string_view>({"s", "bos", "pad", "unk"}))) return Kind::other;
  return Kind::none;
}

/// A tag such as `</think>`, `<thinking budget="3">` or `<function=lookup>`. One that the end of
/// the text cuts counts, too.
Mark tag(std::string_view text) {
  const bool closes = text.substr(1).starts_with('/');
  const std::size_t start = closes ? 2 : 1;
  const std::size_t length = name_length(text.substr(start, kTokenBytesMax));
  if (length == 0) return {};
  std::string name = plain_name(text.substr(start, length));
  // The vendor's prefix, as in `<seed:think>`.
  if (const std::size_t colon = name.rfind(':'); colon != std::string::npos) {
    name.erase(0, colon + 1);
  }
  const std::string_view rest = text.substr(start + length, kTagBytesMax);
  if (rest.starts_with("|>")) {
    return {kind_of_half_barred(name, false), start + length + 2, name};
  }
  const Kind kind = kind_of_tag(name, closes);
  if (kind == Kind::none) return {};
  const bool attributes = rest.starts_with('=') || rest.starts_with(' ') ||
                          rest.starts_with('\n') || rest.starts_with('/') ||
                          rest.starts_with('>') || rest.empty();
  const std::size_t end = rest.find_first_of("<>");
  if (!attributes || (end != std::string_view::npos && rest[end] == '<')) return {};
  if (end == std::string_view::npos) {
    const bool cut = text.size() == start + length + rest.size() && !closes;
    return cut ? Mark{kind, text.size(), name} : Mark{};
  }
  const bool empty = end > 0 && rest[end - 1] == '/';
  return {empty ? Kind::other : kind, start + length + end + 1, name};
}

/// DeepSeek's `<｜DSML｜function_calls>` and `</｜DSML｜function_calls>`.
std::optional<Mark> dsml(std::string_view text) {
  constexpr std::string_view kName = "DSML";
  const bool closes = text.substr(1).starts_with('/');
  const std::string_view rest = text.substr(closes ? 2 : 1, kTagBytesMax);
  if (!rest.starts_with(kWideBar) || !rest.substr(kWideBar.size()).starts_with(kName)) {
    return std::nullopt;
  }
  const std::size_t end = rest.find('>');
  if (end == std::string_view::npos) return std::nullopt;
  return Mark{closes ? Kind::tool_closes : Kind::tool_opens, (closes ? 2 : 1) + end + 1, "dsml"};
}

Mark angled(std::string_view text) {
  for (const std::string_view system : {"<<SYS>>", "<</SYS>>"}) {
    if (text.starts_with(system)) return {Kind::other, system.size(), "sys"};
  }
  if (auto mark = dsml(text)) return *mark;
  if (text.substr(1).starts_with(kWideBar)) return barred_token(text, kWideBar);
  if (!text.substr(1).starts_with('|')) return tag(text);
  const std::size_t length = name_length(text.substr(2, kTokenBytesMax));
  if (length > 0 && text.substr(2 + length).starts_with('>')) {
    const std::string name = plain_name(text.substr(2, length));
    return {kind_of_half_barred(name, true), length + 3, name};
  }
  return barred_token(text, "|");
}

Mark bracketed(std::string_view text) {
  struct Known {
    std::string_view token;
    Kind kind;
  };
  constexpr auto kKnown = std::to_array<Known>({{"[INST]", Kind::prompt_opens},
                                                {"[/INST]", Kind::prompt_closes},
                                                {"[THINK]", Kind::thought_opens},
                                                {"[/THINK]", Kind::thought_closes},
                                                {"[TOOL_CALLS]", Kind::rest_is_tool},
                                                {"[TOOL_CALL]", Kind::rest_is_tool},
                                                {"[TOOL_RESULTS]", Kind::rest_is_tool},
                                                {"[AVAILABLE_TOOLS]", Kind::rest_is_tool},
                                                {"[TOOL_REQUEST]", Kind::rest_is_tool}});
  const auto* const known = std::find_if(kKnown.begin(), kKnown.end(), [&](const Known& entry) {
    return text.starts_with(entry.token);
  });
  if (known == kKnown.end()) return {};
  return {known->kind, known->token.size(), lower_case(known->token)};
}

/// A tag in other brackets, as in `◁think▷` and `&lt;think&gt;`.
Mark disguised(std::string_view text, std::string_view left, std::string_view right) {
  const std::string_view rest = text.substr(left.size(), kTokenBytesMax);
  const std::size_t end = rest.find(right);
  if (end == std::string_view::npos) return {};
  std::string plain(1, '<');
  plain.append(rest.substr(0, end)).append(1, '>');
  Mark mark = tag(plain);
  if (mark.length != plain.size()) return {};
  mark.length = left.size() + end + right.size();
  return mark;
}

}  // namespace

Mark mark_at(std::string_view text) {
  constexpr std::string_view kEscapedLeft = "&lt;";
  if (text.starts_with('<')) return angled(text);
  if (text.starts_with('[')) return bracketed(text);
  if (text.starts_with(kEscapedLeft)) return disguised(text, kEscapedLeft, "&gt;");
  if (text.starts_with(kLeftTriangle)) return disguised(text, kLeftTriangle, kRightTriangle);
  return {};
}

std::size_t next_mark_start(std::string_view text, std::size_t from) {
  return text.find_first_of("<[&\xE2", from);
}

}  // namespace autoreply
