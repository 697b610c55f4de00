#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace autoreply {

/// A tag or special token that a model printed for the server and that the server failed to remove.
struct Mark {
  enum class Kind {
    none,
    thought_opens,
    thought_closes,
    tool_opens,  ///< the text that follows is for a tool
    tool_closes,
    turn_opens,  ///< a role may follow
    turn_closes,
    prompt_opens,  ///< Llama 2 and Mistral: the user's turn
    prompt_closes,
    answer_opens,  ///< a frame around the actual answer
    answer_closes,
    rest_is_tool,  ///< Mistral: everything that follows is for a tool
    other,         ///< has no meaning here
  };

  Kind kind = Kind::none;
  std::size_t length = 0;  ///< in bytes; 0 if there is no mark
  std::string name{};      ///< in lower case, without angle brackets and bars
  bool doubtful = false;   ///< may be meant for the customer: counts only if `MarkPairs` says so
};

/// Returns the mark at the start of `text`. Recognizes `<think>` and similar tags in any case and
/// with attributes, `<|name|>`, `<name|>`, `<|name>`, `<｜name｜>`, `[INST]`, `◁think▷` and some
/// more, as spelt in the chat templates of open models (state of November 2026). Looks at no more
/// than 400 bytes. Pure.
[[nodiscard]] Mark mark_at(std::string_view text);

/// Returns the position of the next character that can start a mark, or `npos`.
[[nodiscard]] std::size_t next_mark_start(std::string_view text, std::size_t from);

}  // namespace autoreply
