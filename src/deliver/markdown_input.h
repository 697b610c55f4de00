#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace autoreply {

/// A text that is prepared for cmark.
struct MarkdownInput {
  std::string text;
  std::vector<int> blanks;  ///< by line number, from 1: the number of empty lines up to it
};

/// Prepares a text so that cmark finds only the Markdown that people mean. Stand-ins replace the
/// other characters that look like marks. Linear. Pure.
[[nodiscard]] MarkdownInput prepare_markdown(std::string_view text);

/// Puts the original characters back in place of the stand-ins.
[[nodiscard]] std::string without_stand_ins(std::string_view text);

}  // namespace autoreply
