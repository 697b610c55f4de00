#include "generate/model_text/announced_thought.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <span>

#include "base/text.h"
#include "generate/model_text/fences.h"

namespace autoreply {
namespace {

/// A line that names the text below it: "**Reasoning:** …", "*Thinking...*", "### Response".
struct Heading {
  std::size_t end = 0;  ///< after the name, its colon and its markup
  bool dotted = false;
  bool quoted = false;
};

std::optional<Heading> heading_at(std::string_view line, std::span<const std::string_view> names) {
  constexpr std::string_view kEllipsis = "\u2026";
  constexpr std::size_t kMarkBytesAtMost = 12;
  const std::size_t start = line.substr(0, kMarkBytesAtMost).find_first_not_of("*_#> ");
  if (start == std::string_view::npos) return std::nullopt;
  const std::string_view markup = line.substr(0, start);
  for (const std::string_view name : names) {
    if (lower_case(line.substr(start, name.size())) != name) continue;
    std::size_t at = start + name.size();
    const std::size_t after_name = at;
    const auto skip = [&](std::string_view characters) {
      while (at < line.size() && characters.find(line[at]) != std::string_view::npos) ++at;
    };
    skip(".");
    if (line.substr(at).starts_with(kEllipsis)) at += kEllipsis.size();
    const bool dotted = at > after_name;
    skip("*_");
    const bool colon = line.substr(at).starts_with(':');
    skip(":*_ \r");
    const bool alone = at == line.size() || line[at] == '\n';
    const bool marked = !trimmed(markup).empty() || dotted;
    if (!colon && !(alone && marked)) continue;
    return Heading{at, dotted, markup.find('>') != std::string_view::npos};
  }
  return std::nullopt;
}

constexpr auto kThoughtHeadings = std::to_array<std::string_view>({"thought",
                                                                   "thoughts",
                                                                   "thought process",
                                                                   "thinking",
                                                                   "thinking process",
                                                                   "internal thoughts",
                                                                   "internal reasoning",
                                                                   "internal monologue",
                                                                   "reasoning",
                                                                   "reasoning process",
                                                                   "chain of thought",
                                                                   "rationale",
                                                                   "analysis"});
constexpr auto kReplyHeadings = std::to_array<std::string_view>(
    {"answer", "final answer", "response", "final response", "reply", "final reply"});

std::size_t next_line(std::string_view text, std::size_t at) {
  const std::size_t line = text.find('\n', at);
  return line == std::string_view::npos ? text.size() : line + 1;
}

/// Returns the position after quoted and blank lines, starting at `at`.
std::size_t after_quotation(std::string_view text, std::size_t at) {
  while (at < text.size()) {
    const std::size_t next = next_line(text, at);
    const std::string_view line = trimmed(text.substr(at, next - at));
    if (!line.empty() && !line.starts_with('>')) break;
    at = next;
  }
  return at;
}

std::string_view after_heading(std::string_view text) {
  constexpr std::string_view kDone = "...done thinking.";
  const std::string_view start = trimmed(text);
  const auto heading = heading_at(start, kThoughtHeadings);
  if (!heading) return text;
  if (heading->dotted) {
    const std::size_t done = start.find(kDone);
    if (done != std::string_view::npos) return start.substr(done + kDone.size());
  }
  for (std::size_t at = next_line(start, 0); at < start.size(); at = next_line(start, at)) {
    const auto reply = heading_at(start.substr(at), kReplyHeadings);
    if (reply) return start.substr(at + reply->end);
  }
  const bool alone = trimmed(start.substr(heading->end, 1)).empty();
  const std::size_t first = start.find_first_not_of(" \r\n", heading->end);
  const bool quotes = first != std::string_view::npos && start[first] == '>';
  if (alone && (quotes || heading->quoted)) {
    return start.substr(after_quotation(start, next_line(start, 0)));
  }
  return text;
}

/// Granite announces its reasoning and its reply in words.
std::string_view after_thought_process(std::string_view text) {
  const std::string_view start = trimmed(text);
  const auto announces = [&](std::string_view what) {
    return start.starts_with("Here is my " + std::string(what)) ||
           start.starts_with("Here's my " + std::string(what));
  };
  if (!announces("thought process")) return text;
  for (const std::string_view lead : {"Here is my response:", "Here's my response:"}) {
    const std::size_t at = start.find(lead);
    if (at != std::string_view::npos) return start.substr(at + lead.size());
  }
  return "";
}

/// If the tokens around them are lost, the names of roles and of Gemma's channels remain.
std::string_view without_lost_names(std::string_view text) {
  for (const std::string_view name : {"assistant\n", "thought\n", "final\n"}) {
    if (text.starts_with(name)) text = text.substr(name.size());
  }
  return text;
}

bool opens_thought_fence(std::string_view info) {
  constexpr auto kNames =
      std::to_array<std::string_view>({"think", "thinking", "thought", "thoughts", "reasoning"});
  const auto end = std::find_if_not(info.begin(), info.end(), [](unsigned char character) {
    return std::isalpha(character) != 0;
  });
  const auto length = static_cast<std::size_t>(end - info.begin());
  const bool alone = end == info.end() || *end == '\n' || *end == '\r';
  return alone && std::find(kNames.begin(), kNames.end(), lower_case(info.substr(0, length))) !=
                      kNames.end();
}

}  // namespace

std::string_view after_announced_thought(std::string_view text) {
  return after_heading(after_thought_process(without_lost_names(text)));
}

void remove_thought_fences(std::string& text) {
  static_cast<void>(remove_fences(text, opens_thought_fence));
}

}  // namespace autoreply
