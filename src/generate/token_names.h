#pragma once

#include <string>
#include <string_view>

#include "generate/model_marks.h"

namespace autoreply {

/// What a mark is for, by its name.
struct NameMeaning {
  Mark::Kind kind = Mark::Kind::none;
  bool doubtful = false;  ///< as `Mark::doubtful`
};

/// The name in lower case, with underscores in the place of hyphens and of SentencePiece's blank.
[[nodiscard]] std::string plain_name(std::string_view name);

/// What a special token such as `<|name|>` stands for. The names are those of Qwen, Llama, Gemma,
/// DeepSeek, Kimi, Cohere, Granite, Phi, InternLM, Solar, EXAONE and Apertus; a new one of the same
/// make is understood by its parts.
[[nodiscard]] Mark::Kind kind_of_token(std::string_view name);

/// Gemma's half-barred tokens: `<|channel>` opens, `<channel|>` closes.
[[nodiscard]] Mark::Kind kind_of_half_barred(std::string_view name, bool opens);

/// What a tag such as `<name>` or `</name>` stands for; `bare` if it has no attributes.
[[nodiscard]] NameMeaning meaning_of_tag(std::string_view name, bool closes, bool bare);

}  // namespace autoreply
