#pragma once

#include <string>
#include <string_view>

#include "generate/model_text/model_marks.h"

namespace autoreply {

/// The meaning of a mark's name.
struct NameMeaning {
  Mark::Kind kind = Mark::Kind::none;
  bool doubtful = false;  ///< see `Mark::doubtful`
};

/// Returns the name in lower case, with underscores in place of hyphens and SentencePiece's blanks.
[[nodiscard]] std::string plain_name(std::string_view name);

/// Returns the meaning of a special token such as `<|name|>`. Knows the names of Qwen, Llama,
/// Gemma, DeepSeek, Kimi, Cohere, Granite, Phi, InternLM, Solar, EXAONE and Apertus, and recognizes
/// similar new ones by their parts.
[[nodiscard]] Mark::Kind kind_of_token(std::string_view name);

/// Returns the meaning of Gemma's half-barred tokens: `<|channel>` opens, `<channel|>` closes.
[[nodiscard]] Mark::Kind kind_of_half_barred(std::string_view name, bool opens);

/// Returns the meaning of a tag such as `<name>` or `</name>`; `bare` if it has no attributes.
[[nodiscard]] NameMeaning meaning_of_tag(std::string_view name, bool closes, bool bare);

}  // namespace autoreply
