#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"

namespace autoreply {

/// What a message means to the carrier if it consists of one of the carrier's words.
enum class CarrierWord {
  none,
  opt_out,    ///< STOP: the contact wants no more messages
  opt_in,     ///< START: revokes an opt-out; the carrier confirms it
  agreement,  ///< YES: revokes an opt-out and is answered like any message
  help,       ///< HELP: the carrier answers it
};

/// The words that the carrier answers itself, so we do not. Compares only letters and digits and
/// ignores case.
class CarrierWords final {
 public:
  /// Twilio's words (as of November 2026), including the spellings of "STOP ALL" and "OPT OUT".
  CarrierWords();

  /// Parses a list that replaces the standard one. An entry is WORD or MEANING:WORD, where MEANING
  /// is `stop`, `start`, `yes` or `help`. A word without a meaning keeps its meaning in the
  /// standard list. Any other word is an opt-out, because silence is the safe reading. Words that
  /// are not in the list are answered like any message. Returns `misconfigured` for an unknown
  /// meaning or a word without letters.
  [[nodiscard]] static Result<CarrierWords> parse(const std::vector<std::string>& list);

  /// A repeated word, or a word above a phone's "Sent from my ...", counts as that word.
  [[nodiscard]] CarrierWord kind_of(std::string_view message) const;

 private:
  /// Returns the meaning of a message of several words that all mean the same.
  [[nodiscard]] CarrierWord kind_of_repeated(std::string_view message) const;

  std::unordered_map<std::string, CarrierWord> kinds_;  ///< by folded letters
};

}  // namespace autoreply
