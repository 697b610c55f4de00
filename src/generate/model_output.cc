#include "generate/model_output.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

#include "base/text.h"
#include "generate/model_marks.h"
#include "generate/written_calls.h"

namespace autoreply {
namespace {

using Kind = Mark::Kind;

bool is_blank(std::string_view text) {
  return trimmed(text).empty();
}

/// Collects what stands outside of reasoning, tool calls and other speakers' turns.
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

  /// Says whose turn has begun.
  void role(std::string_view name) {
    constexpr auto kOthers =
        std::to_array<std::string_view>({"user", "system", "human", "developer", "tool"});
    foreign_ = !over_ && std::any_of(kOthers.begin(), kOthers.end(), [&](std::string_view other) {
      return name.find(other) != std::string_view::npos;
    });
  }

  /// In the middle of a text, `<s>` and `</s>` strike it through; else they are its ends.
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
      thought_after_end_ = over_;
    }
  }

  /// A call that closes without having been opened began in the prompt, as thought may do.
  void close_tool() {
    if (tool_depth_ > 0) {
      --tool_depth_;
    } else if (!over_) {
      forget_all();
      calls_tools_ = true;
    }
  }

  /// A block that closes without having been opened began in the prompt: all before it is thought.
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

  /// What follows the model's own turn is made up; what an echoed turn of the user held is none.
  void end_turn() {
    if (tool_depth_ > 0 || over_) return;
    if (foreign_) {
      forget_all();
    } else if (!blank_) {
      over_ = true;
    }
  }

  std::string said_;
  std::size_t kept_ = 0;   ///< of `said_`, what stood before the last block of reasoning
  int opened_inside_ = 0;  ///< blocks opened within another one and not closed yet
  int tool_depth_ = 0;
  bool blank_ = true;       ///< nothing but white space was said
  bool kept_blank_ = true;  ///< `blank_` of the kept part
  bool struck_ = false;     ///< within `<s>` and `</s>`
  bool in_thought_ = false;
  bool thought_after_end_ = false;
  bool over_ = false;     ///< the model's own turn is
  bool foreign_ = false;  ///< in the turn of the user, repeated from the prompt
  bool calls_tools_ = false;
};

/// The role that follows the opening of a turn, as in `<|im_start|>assistant`; empty if none does.
std::string_view role_at(std::string_view text) {
  constexpr auto kRoles = std::to_array<std::string_view>(
      {"assistant", "model", "user", "system", "developer", "chatbot", "tool"});
  const auto* const role = std::find_if(
      kRoles.begin(), kRoles.end(), [&](std::string_view name) { return text.starts_with(name); });
  return role == kRoles.end() ? "" : *role;
}

ModelOutput without_marks(std::string_view printed) {
  constexpr std::string_view kFinalWord = "final";
  bool final_open = false;  // Gemma's other channel is
  Listener listener;
  while (!printed.empty()) {
    const std::size_t at = std::min(next_mark_start(printed, 0), printed.size());
    listener.text(printed.substr(0, at));
    printed.remove_prefix(at);
    if (printed.empty()) break;
    const Mark mark = mark_at(printed);
    if (mark.length == 0) {
      listener.text(printed.substr(0, 1));
      printed.remove_prefix(1);
      continue;
    }
    if (mark.name == "s") {
      listener.sentence_mark(mark.kind);
    } else if (mark.name == "channel" && mark.kind == Kind::thought_opens &&
               printed.substr(mark.length).starts_with(kFinalWord)) {
      final_open = true;
      listener.mark(Kind::answer_opens);
      printed.remove_prefix(kFinalWord.size());
    } else if (mark.name == "channel" && mark.kind == Kind::thought_closes && final_open) {
      final_open = false;
      listener.mark(Kind::answer_closes);
    } else {
      listener.mark(mark.kind);
    }
    printed.remove_prefix(mark.length);
    if (mark.kind == Kind::turn_opens) {
      const std::string_view role = role_at(printed);
      listener.role(role.empty() ? std::string_view(mark.name) : role);
      printed.remove_prefix(role.size());
    }
  }
  return std::move(listener).take();
}

/// The token limit, or a stop word of the server, may cut a mark in two.
void remove_cut_mark(std::string& text) {
  constexpr std::size_t kMarkBytesMax = 40;
  const std::size_t from = text.size() - std::min(text.size(), kMarkBytesMax);
  const std::size_t at = text.find_last_of('<');
  if (at == std::string::npos || at < from) return;
  const std::string_view mark = std::string_view(text).substr(at + 1);
  // Hearts, broken ones and arrows are no marks: "</3", "<|".
  const bool barred = mark.starts_with('|') || mark.starts_with("\uFF5C");
  const bool closes =
      mark.size() > 1 && mark[0] == '/' && std::isalpha(static_cast<unsigned char>(mark[1])) != 0;
  const bool is_name = std::all_of(mark.begin(), mark.end(), [](unsigned char byte) {
    return std::isalnum(byte) != 0 || byte >= 0x80U || byte == '/' || byte == '|' || byte == '_';
  });
  if ((closes || (barred && mark.size() > 1)) && is_name) text.resize(at);
}

/// Gemma's channels have names, which stay behind if the tokens round them are lost.
std::string_view without_channel_name(std::string_view text) {
  for (const std::string_view name : {"thought\n", "final\n"}) {
    if (text.starts_with(name)) return text.substr(name.size());
  }
  return text;
}

/// Granite announces both parts in words.
std::string_view after_announced_thought(std::string_view text) {
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

}  // namespace

ModelOutput spoken_part(std::string_view printed) {
  ModelOutput channels;
  const bool channelled = has_channels(printed);
  if (channelled) channels = final_channel(printed);
  ModelOutput output = without_marks(channelled ? std::string_view(channels.text) : printed);
  output.calls_tools = output.calls_tools || channels.calls_tools;
  const std::string_view rest = without_channel_name(after_announced_thought(output.text));
  if (rest.size() != output.text.size()) output.text = std::string(rest);
  if (remove_written_calls(output.text)) output.calls_tools = true;
  remove_cut_mark(output.text);
  output.text = std::string(trimmed(output.text));
  return output;
}

}  // namespace autoreply
