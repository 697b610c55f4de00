#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace autoreply {

/// A tag or special token that a model prints for the server, which forgot to take it out.
struct Mark {
  enum class Kind {
    none,
    thought_opens,
    thought_closes,
    tool_opens,  ///< what follows is for a tool
    tool_closes,
    turn_opens,  ///< a role may follow
    turn_closes,
    prompt_opens,  ///< Llama 2 and Mistral: the user's turn
    prompt_closes,
    answer_opens,  ///< a frame round the answer proper
    answer_closes,
    rest_is_tool,  ///< Mistral: everything that follows is for a tool
    other,         ///< means nothing that counts here
  };

  Kind kind = Kind::none;
  std::size_t length = 0;  ///< in bytes; 0 if there is no mark
  std::string name{};      ///< in lower case, without angle brackets and bars
  bool doubtful = false;   ///< may be meant for the customer: counts only where `MarkPairs` says so
};

/// The mark that `text` begins with. Known are `<think>` and its like in any case and with
/// attributes, `<|name|>`, `<name|>`, `<|name>`, `<｜name｜>`, `[INST]`, `◁think▷` and some more,
/// in the spellings of the chat templates of open models (state of November 2026). Looks at no more
/// than 400 bytes. Pure.
[[nodiscard]] Mark mark_at(std::string_view text);

/// Where the next character stands that a mark can begin with, or `npos`.
[[nodiscard]] std::size_t next_mark_start(std::string_view text, std::size_t from);

}  // namespace autoreply
