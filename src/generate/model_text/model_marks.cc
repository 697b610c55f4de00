#include "generate/model_text/model_marks.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "base/text.h"
#include "generate/model_text/token_names.h"

namespace autoreply {
namespace {

using Kind = Mark::Kind;

constexpr std::size_t kTokenBytesMax = 80;
constexpr std::size_t kTagBytesMax = 200;
constexpr std::string_view kWideBar = "\uFF5C";
constexpr std::string_view kLeftTriangle = "\u25C1";
constexpr std::string_view kRightTriangle = "\u25B7";

/// Accepts a token between bars: `<|name|>`, `<｜name｜>`.
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

bool is_name_byte(char character) {
  return std::isalnum(static_cast<unsigned char>(character)) != 0 || character == '_' ||
         character == '-' || character == ':';
}

std::size_t name_length(std::string_view text) {
  const auto end = std::find_if_not(text.begin(), text.end(), is_name_byte);
  return static_cast<std::size_t>(end - text.begin());
}

/// Open WebUI folds reasoning and tool results away. An attribute or the visible line says so:
/// `<details type="reasoning">`, `<details><summary>Thought for 3 s`.
Mark details(std::string_view text, bool closes, std::size_t length) {
  constexpr std::string_view kSummary = "<summary>";
  if (closes) return {Kind::thought_closes, length, "details", true};
  const std::string opening = lower_case(text.substr(0, length));
  for (const std::string_view type : {"reasoning", "thinking", "tool_calls", "code_interpreter"}) {
    if (opening.find(type) != std::string::npos) return {Kind::thought_opens, length, "details"};
  }
  const std::string next = lower_case(trimmed(text.substr(length, kTagBytesMax)));
  if (!next.starts_with(kSummary)) return {};
  const std::string summary = next.substr(0, next.find("</summary>"));
  for (const std::string_view word : {"think", "thought", "reasoning"}) {
    if (summary.find(word) != std::string::npos) return {Kind::thought_opens, length, "details"};
  }
  return {};
}

/// Accepts `< think >` and `</ think >`. These count only in pairs.
Mark spaced_tag(std::string_view text, std::size_t start, bool closes) {
  const std::size_t length = name_length(text.substr(start, kTokenBytesMax));
  std::size_t end = start + length;
  if (text.substr(end).starts_with(' ')) ++end;
  if (length == 0 || !text.substr(end).starts_with('>')) return {};
  const std::string name = plain_name(text.substr(start, length));
  const Kind kind = meaning_of_tag(name, closes, true).kind;
  if (kind != Kind::thought_opens && kind != Kind::thought_closes) return {};
  return {kind, end + 1, name, true};
}

/// Accepts a tag such as `</think>`, `<thinking budget="3">` or `<function=lookup>`. A tag that the
/// end of the text cuts off counts as well.
Mark tag(std::string_view text) {
  const bool closes = text.substr(1).starts_with('/') || text.substr(1).starts_with(" /");
  const std::size_t start = closes ? text.find('/') + 1 : 1;
  if (text.substr(start).starts_with(' ')) return spaced_tag(text, start + 1, closes);
  const std::size_t length = name_length(text.substr(start, kTokenBytesMax));
  if (length == 0) return {};
  std::string name = plain_name(text.substr(start, length));
  // Drop the vendor's prefix, as in `<seed:think>`.
  if (const std::size_t colon = name.rfind(':'); colon != std::string::npos) {
    name.erase(0, colon + 1);
  }
  const std::string_view rest = text.substr(start + length, kTagBytesMax);
  if (rest.starts_with("|>")) {
    return {kind_of_half_barred(name, false), start + length + 2, name};
  }
  const std::size_t end = rest.find_first_of("<>");
  const bool whole = end != std::string_view::npos && rest[end] == '>';
  if (name == "details" && whole) return details(text, closes, start + length + end + 1);
  // Attributes have values; `<reason for leaving>` is a placeholder.
  const bool bare = rest.substr(0, end).find('=') == std::string_view::npos;
  const NameMeaning meaning = meaning_of_tag(name, closes, bare);
  if (meaning.kind == Kind::none) return {};
  const bool attributes = rest.starts_with('=') || rest.starts_with(' ') ||
                          rest.starts_with('\n') || rest.starts_with('/') ||
                          rest.starts_with('>') || rest.empty();
  if (!attributes || (end != std::string_view::npos && !whole)) return {};
  if (!whole) {
    const bool cut = text.size() == start + length + rest.size() && !closes;
    return cut ? Mark{meaning.kind, text.size(), name, meaning.doubtful} : Mark{};
  }
  const bool empty = end > 0 && rest[end - 1] == '/';
  return {empty ? Kind::other : meaning.kind, start + length + end + 1, name, meaning.doubtful};
}

/// Accepts DeepSeek's `<｜DSML｜function_calls>` and `</｜DSML｜function_calls>`.
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

/// Accepts EXAONE's `[|assistant|]`.
Mark barred_bracket(std::string_view text) {
  const std::size_t length = name_length(text.substr(2, kTokenBytesMax));
  if (!text.substr(2 + length).starts_with("|]")) return {};
  const std::string name = plain_name(text.substr(2, length));
  const Kind kind = kind_of_token(name);
  return kind == Kind::other ? Mark{} : Mark{kind, length + 4, name};
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
                                                {"[/think]", Kind::thought_closes},
                                                {"[TOOL_RESULTS]", Kind::rest_is_tool},
                                                {"[AVAILABLE_TOOLS]", Kind::rest_is_tool},
                                                {"[EOS]", Kind::turn_closes},
                                                {"[end of text]", Kind::turn_closes},
                                                {"[SEP]", Kind::other},
                                                {"[CLS]", Kind::other},
                                                {"[PAD]", Kind::other},
                                                {"[UNK]", Kind::other},
                                                {"[BOS]", Kind::other},
                                                {"[MASK]", Kind::other},
                                                {"[gMASK]", Kind::other}});
  constexpr std::size_t kWordBytes = 24;
  constexpr auto kCalls =
      std::to_array<std::string_view>({"[tool_calls]", "[tool_call]", "[tool_request]"});
  constexpr auto kAloud = std::to_array<std::string_view>(
      {"[think]", "[thinking]", "[thought]", "[thoughts]", "[reasoning]", "[analysis]"});
  if (text.starts_with("[|")) return barred_bracket(text);
  const std::size_t end = text.substr(0, kWordBytes).find(']');
  if (end == std::string_view::npos) return {};
  const std::string_view token = text.substr(0, end + 1);
  std::string name = lower_case(token);
  const auto* const known = std::find_if(
      kKnown.begin(), kKnown.end(), [&](const Known& entry) { return token == entry.token; });
  const bool closes = name.starts_with("[/");
  if (closes) name.erase(1, 1);
  if (known != kKnown.end()) return {known->kind, token.size(), name};
  if (std::find(kCalls.begin(), kCalls.end(), name) != kCalls.end() && !closes) {
    return {Kind::rest_is_tool, token.size(), name};
  }
  if (std::find(kAloud.begin(), kAloud.end(), name) == kAloud.end()) return {};
  return {closes ? Kind::thought_closes : Kind::thought_opens, token.size(), name, true};
}

/// Accepts references to what a model has read: `【4:0†source】`, and OpenAI's, which are enclosed
/// in private-use characters.
Mark citation(std::string_view text) {
  constexpr std::string_view kLeft = "\u3010";
  constexpr std::string_view kRight = "\u3011";
  constexpr std::string_view kDagger = "\u2020";
  constexpr std::string_view kOpens = "\uE200";
  constexpr std::string_view kCloses = "\uE201";
  if (text.starts_with(kLeft)) {
    const std::string_view inside = text.substr(0, text.substr(0, kTokenBytesMax).find(kRight));
    const bool cites = inside.size() < kTokenBytesMax && inside.size() < text.size() &&
                       inside.find(kDagger) != std::string_view::npos;
    return cites ? Mark{Kind::other, inside.size() + kRight.size(), "citation"} : Mark{};
  }
  if (text.starts_with(kOpens)) {
    const std::string_view near = text.substr(0, kTagBytesMax);
    const std::size_t end = near.find(kCloses);
    if (end != std::string_view::npos) return {Kind::other, end + kCloses.size(), "citation"};
    return {Kind::other, std::min(near.find_first_of(" \n"), near.size()), "citation"};
  }
  for (const std::string_view lone : {"\uE201", "\uE202", "\uE203", "\uE204"}) {
    if (text.starts_with(lone)) return {Kind::other, lone.size(), "citation"};
  }
  return {};
}

/// Accepts Qwen-Agent's `✿FUNCTION✿: name`.
Mark flowered(std::string_view text) {
  struct Known {
    std::string_view token;
    Kind kind;
  };
  constexpr auto kKnown = std::to_array<Known>({{"\u273FFUNCTION\u273F", Kind::rest_is_tool},
                                                {"\u273FARGS\u273F", Kind::rest_is_tool},
                                                {"\u273FRESULT\u273F", Kind::rest_is_tool},
                                                {"\u273FRETURN\u273F", Kind::answer_opens}});
  for (const Known& known : kKnown) {
    if (!text.starts_with(known.token)) continue;
    const bool colon = text.substr(known.token.size()).starts_with(':');
    return {known.kind, known.token.size() + (colon ? 1 : 0), "flower"};
  }
  return {};
}

/// Accepts a tag in other brackets, as in `◁think▷` and `&lt;think&gt;`.
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
  constexpr std::string_view kMarkdownLeft = "\\<";
  if (text.starts_with('<')) return angled(text);
  if (text.starts_with('[')) return bracketed(text);
  if (text.starts_with(kEscapedLeft)) return disguised(text, kEscapedLeft, "&gt;");
  if (text.starts_with(kLeftTriangle)) return disguised(text, kLeftTriangle, kRightTriangle);
  if (text.starts_with(kMarkdownLeft)) {
    const Mark mark = disguised(text, kMarkdownLeft, "\\>");
    return mark.length > 0 ? mark : disguised(text, kMarkdownLeft, ">");
  }
  if (text.starts_with("\u273F")) return flowered(text);
  return citation(text);
}

std::size_t next_mark_start(std::string_view text, std::size_t from) {
  return text.find_first_of("<[&\\\xE2\xE3\xEE", from);
}

}  // namespace autoreply
