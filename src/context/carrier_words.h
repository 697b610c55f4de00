#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"

namespace autoreply {

/// What a message means to the carrier if it is nothing but one of its words.
enum class CarrierWord {
  none,
  opt_out,    ///< STOP: no more messages, please
  opt_in,     ///< START: takes an opt-out back; the carrier confirms it
  agreement,  ///< YES: takes an opt-out back, and is answered like any message
  help,       ///< HELP: the carrier answers it
};

/// The words that the carrier answers by itself, so that we do not. Letters and digits alone are
/// compared, in any case.
class CarrierWords final {
 public:
  /// Twilio's words (facts of November 2026) with the spellings of "STOP ALL" and "OPT OUT".
  CarrierWords();

  /// Reads a list that replaces all of those. An entry is WORD or MEANING:WORD, the meaning being
  /// `stop`, `start`, `yes` or `help`. A word without its meaning keeps the one that it has in the
  /// standard list; any other is an opt-out, since silence is the safe reading. A word that is not
  /// in the list is answered like any message. Returns `misconfigured` for another meaning, or a
  /// word without letters.
  [[nodiscard]] static Result<CarrierWords> parse(const std::vector<std::string>& list);

  /// A word that is repeated, or that stands above a phone's "Sent from my ...", is that word.
  [[nodiscard]] CarrierWord kind_of(std::string_view message) const;

 private:
  /// Of a message of several words that all mean the same.
  [[nodiscard]] CarrierWord kind_of_repeated(std::string_view message) const;

  std::unordered_map<std::string, CarrierWord> kinds_;  ///< by folded letters
};

}  // namespace autoreply
