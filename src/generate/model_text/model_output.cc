#include "generate/model_text/model_output.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

#include "base/text.h"
#include "generate/model_text/announced_thought.h"
#include "generate/model_text/call_wording.h"
#include "generate/model_text/invented_turns.h"
#include "generate/model_text/json_answer.h"
#include "generate/model_text/mark_pairs.h"
#include "generate/model_text/model_marks.h"
#include "generate/model_text/written_calls.h"

namespace autoreply {
namespace {

using Kind = Mark::Kind;

bool is_blank(std::string_view text) {
  return trimmed(text).empty();
}

/// Collects the text outside reasoning, tool calls and other speakers' turns.
class Listener final {
 public:
  void text(std::string_view part) {
    if (in_thought_ || tool_depth_ > 0 || over_) return;
    said_ += part;
    blank_ = blank_ && is_blank(part);
  }

  void mark(Kind kind) {
    if (kind == Kind::thought_opens) return open_thought();
    if (kind == Kind::thought_closes) return close_thought();
    if (in_thought_) return;
    switch (kind) {
      case Kind::tool_opens:
      case Kind::rest_is_tool:
        if (!over_) {
          ++tool_depth_;
          calls_tools_ = true;
        }
        break;
      case Kind::tool_closes:
        close_tool();
        break;
      case Kind::answer_opens:
        forget_all();
        break;
      case Kind::prompt_opens:
        end_turn();
        foreign_ = !over_;
        break;
      case Kind::prompt_closes:
      case Kind::turn_closes:
      case Kind::turn_opens:
      case Kind::answer_closes:
        end_turn();
        break;
      case Kind::none:
      case Kind::other:
      case Kind::thought_opens:
      case Kind::thought_closes:
        break;
    }
  }

  /// Call this after a special token opened the reasoning. The assistant's next turn then ends it,
  /// as in Solar's `<|think|>…<|end|><|begin|>assistant`.
  void thought_lasts_a_turn() { turn_ends_thought_ = in_thought_ && opened_inside_ == 0; }

  /// Notes whose turn has begun.
  void role(std::string_view name) {
    if (in_thought_) {
      if (turn_ends_thought_ && name == "assistant") close_thought();
      return;
    }
    constexpr auto kOthers =
        std::to_array<std::string_view>({"user", "system", "human", "developer", "tool"});
    foreign_ = !over_ && std::any_of(kOthers.begin(), kOthers.end(), [&](std::string_view other) {
      return name.find(other) != std::string_view::npos;
    });
  }

  /// In the middle of a text, `<s>` and `</s>` mean strikethrough. Otherwise they mark its ends.
  void sentence_mark(Kind kind) {
    if (kind != Kind::turn_closes) {
      struck_ = !blank_;
    } else if (struck_) {
      struck_ = false;
    } else {
      mark(kind);
    }
  }

  ModelOutput take() && {
    if (in_thought_ && !thought_after_end_) said_.clear();
    return {std::move(said_), calls_tools_};
  }

 private:
  void open_thought() {
    if (in_thought_) {
      ++opened_inside_;
    } else {
      in_thought_ = true;
      turn_ends_thought_ = false;
      thought_after_end_ = over_;
    }
  }

  /// A call that closes without an opening began in the prompt, as reasoning may.
  void close_tool() {
    if (tool_depth_ > 0) {
      --tool_depth_;
    } else if (!over_) {
      forget_all();
      calls_tools_ = true;
    }
  }

  /// A block that closes without an opening began in the prompt: everything before it is reasoning.
  void close_thought() {
    if (in_thought_) {
      in_thought_ = false;
      kept_ = said_.size();
      kept_blank_ = blank_;
    } else if (opened_inside_ > 0) {
      --opened_inside_;
      said_.resize(kept_);
      forget(kept_blank_);
    } else {
      forget_all();
    }
  }

  void forget_all() {
    said_.clear();
    kept_ = 0;
    kept_blank_ = true;
    forget(true);
  }

  void forget(bool blank) {
    blank_ = blank;
    over_ = false;
    foreign_ = false;
    tool_depth_ = 0;
  }

  /// Text after the model's own turn is invented, and an echoed turn of the user is not the reply.
  void end_turn() {
    if (tool_depth_ > 0 || over_) return;
    if (foreign_) {
      forget_all();
    } else if (!blank_) {
      over_ = true;
    }
  }

  std::string said_;
  std::size_t kept_ = 0;   ///< length of `said_` before the last block of reasoning
  int opened_inside_ = 0;  ///< blocks that opened within another one and have not closed yet
  int tool_depth_ = 0;
  bool blank_ = true;       ///< only white space was said
  bool kept_blank_ = true;  ///< `blank_` for the kept part
  bool struck_ = false;     ///< between `<s>` and `</s>`
  bool in_thought_ = false;
  bool thought_after_end_ = false;
  bool turn_ends_thought_ = false;
  bool over_ = false;     ///< the model's own turn has ended
  bool foreign_ = false;  ///< in another speaker's turn, repeated from the prompt
  bool calls_tools_ = false;
};

/// Returns the role after the opening of a turn, as in `<|im_start|>assistant`; empty if there is
/// none.
std::string_view role_at(std::string_view text) {
  constexpr auto kRoles = std::to_array<std::string_view>(
      {"assistant", "model", "user", "system", "developer", "chatbot", "tool"});
  const auto* const role = std::find_if(
      kRoles.begin(), kRoles.end(), [&](std::string_view name) { return text.starts_with(name); });
  return role == kRoles.end() ? "" : *role;
}

/// Passes the text and the marks to the listener, one by one.
class MarkReader final {
 public:
  explicit MarkReader(std::string_view printed)
      : rest_(printed), whole_(printed), pairs_(printed) {}

  ModelOutput read() && {
    while (!rest_.empty()) {
      text(std::min(next_mark_start(rest_, 0), rest_.size()));
      if (rest_.empty()) break;
      const Mark mark = mark_at(rest_);
      if (mark.length == 0 || !pairs_.counts(mark, whole_.size() - rest_.size(), begins_)) {
        text(1);
      } else {
        take(mark);
      }
    }
    return std::move(listener_).take();
  }

 private:
  void text(std::size_t length) {
    const std::string_view part = rest_.substr(0, length);
    begins_ = begins_ && is_blank(part);
    listener_.text(part);
    rest_.remove_prefix(length);
  }

  void take(const Mark& mark) {
    constexpr std::string_view kFinalWord = "final";
    const bool is_token = rest_.starts_with("<|");
    rest_.remove_prefix(mark.length);
    if (mark.name == "s") {
      listener_.sentence_mark(mark.kind);
    } else if (mark.name == "0x0a") {
      listener_.text("\n");
    } else if (mark.name == "channel" && mark.kind == Kind::thought_opens &&
               rest_.starts_with(kFinalWord)) {
      final_open_ = true;
      listener_.mark(Kind::answer_opens);
      rest_.remove_prefix(kFinalWord.size());
    } else if (mark.name == "channel" && mark.kind == Kind::thought_closes && final_open_) {
      final_open_ = false;
      listener_.mark(Kind::answer_closes);
    } else {
      listener_.mark(mark.kind);
    }
    if (is_token && mark.kind == Kind::thought_opens) listener_.thought_lasts_a_turn();
    if (mark.kind == Kind::turn_opens) {
      const std::string_view role = role_at(rest_);
      listener_.role(role.empty() ? std::string_view(mark.name) : role);
      rest_.remove_prefix(role.size());
    }
  }

  std::string_view rest_;
  std::string_view whole_;
  MarkPairs pairs_;
  Listener listener_;
  bool begins_ = true;       ///< only marks and blanks so far
  bool final_open_ = false;  ///< Gemma's channel `final` is open
};

ModelOutput without_marks(std::string_view printed) {
  return MarkReader(printed).read();
}

/// Some servers print the tokenizer's blanks instead of spaces.
void restore_blanks(std::string& text) {
  struct Known {
    std::string_view printed;
    std::string_view meant;
  };
  constexpr auto kBlanks =
      std::to_array<Known>({{"\u2581", " "}, {"\u0120", " "}, {"\u010A", "\n"}});
  constexpr std::size_t kSeveral = 2;
  constexpr std::size_t kShare = 4;  // at least this many tokenizer's blanks per real blank
  const auto blanks = static_cast<std::size_t>(std::count(text.begin(), text.end(), ' '));
  std::size_t found = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::string_view rest = std::string_view(text).substr(at);
    if (rest.starts_with(kBlanks[0].printed) || rest.starts_with(kBlanks[1].printed)) ++found;
  }
  if (found < kSeveral || blanks * kShare > found) return;
  std::string plain;
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view rest = std::string_view(text).substr(at);
    const auto* const known = std::find_if(kBlanks.begin(), kBlanks.end(), [&](const Known& blank) {
      return rest.starts_with(blank.printed);
    });
    plain += known == kBlanks.end() ? rest.substr(0, 1) : known->meant;
    at += known == kBlanks.end() ? 1 : known->printed.size();
  }
  text = std::move(plain);
}

/// Removes half a mark at the end, where the token limit or a stop word of the server cut it.
void remove_cut_mark(std::string& text) {
  constexpr std::size_t kMarkBytesMax = 40;
  const std::size_t from = text.size() - std::min(text.size(), kMarkBytesMax);
  const std::size_t at = text.find_last_of('<');
  if (at == std::string::npos || at < from) return;
  const std::string_view mark = std::string_view(text).substr(at + 1);
  // Hearts, broken hearts and arrows are not marks: "</3", "<|".
  const bool barred = mark.starts_with('|') || mark.starts_with("\uFF5C");
  const bool closes =
      mark.size() > 1 && mark[0] == '/' && std::isalpha(static_cast<unsigned char>(mark[1])) != 0;
  const bool is_name = std::all_of(mark.begin(), mark.end(), [](unsigned char byte) {
    return std::isalnum(byte) != 0 || byte >= 0x80U || byte == '/' || byte == '|' || byte == '_';
  });
  if ((closes || (barred && mark.size() > 1)) && is_name) text.resize(at);
}

/// Removes everything that tags and tokens mark.
ModelOutput without_format(std::string_view printed) {
  ModelOutput channels;
  const bool channelled = has_channels(printed);
  if (channelled) channels = final_channel(printed);
  ModelOutput output = without_marks(channelled ? std::string_view(channels.text) : printed);
  output.calls_tools = output.calls_tools || channels.calls_tools;
  restore_blanks(output.text);
  return output;
}

/// Removes everything that only words mark.
void remove_asides(ModelOutput& output) {
  remove_thought_fences(output.text);
  const std::string_view reply = without_invented_turns(after_announced_thought(output.text));
  if (reply.size() != output.text.size()) output.text = std::string(reply);
  if (remove_written_calls(output.text)) output.calls_tools = true;
  if (output.calls_tools && is_call_wording(output.text)) output.text.clear();
  remove_cut_mark(output.text);
  output.text = std::string(trimmed(output.text));
}

ModelOutput of_json(const JsonAnswer& answer) {
  ModelOutput output = without_format(answer.reply);
  remove_asides(output);
  output.calls_tools = output.calls_tools || answer.calls_tools;
  return output;
}

}  // namespace

// Looks for an answer in JSON twice: before the marks are removed, because the JSON may quote some,
// and after, because marks may surround it.
ModelOutput spoken_part(std::string_view printed) {
  if (const auto answer = bare_json_answer(printed)) return of_json(*answer);
  ModelOutput output = without_format(printed);
  if (const auto answer = json_answer(output.text)) {
    ModelOutput reply = of_json(*answer);
    reply.calls_tools = reply.calls_tools || output.calls_tools;
    return reply;
  }
  remove_asides(output);
  return output;
}

}  // namespace autoreply
