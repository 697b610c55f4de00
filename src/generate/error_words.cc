#include "generate/error_words.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <span>
#include <string>

#include "base/text.h"

namespace autoreply {
namespace {

using Words = std::span<const std::string_view>;

// Each begins with the blank before its first word; one may be the beginning of a longer word.

constexpr auto kMoney = std::to_array<std::string_view>(
    {" balance", " credit", " funds", " spend", " budget", " prepayment", " prepaid"});
constexpr auto kMoneyGone = std::to_array<std::string_view>({" insufficient",
                                                             " exceeded",
                                                             " depleted",
                                                             " exhausted",
                                                             " negative",
                                                             " top up",
                                                             " recharge",
                                                             " add funds",
                                                             " run out",
                                                             " ran out",
                                                             " too low",
                                                             " reached",
                                                             " used up",
                                                             " not enough"});
constexpr auto kQuota = std::to_array<std::string_view>({" quota"});
constexpr auto kQuotaBought =
    std::to_array<std::string_view>({" recharge", " top up", " add funds", " purchase"});

constexpr auto kKeys = std::to_array<std::string_view>({" api key",
                                                        " apikey",
                                                        " x auth key",
                                                        " secret key",
                                                        " credential",
                                                        " access token",
                                                        " api token",
                                                        " auth token",
                                                        " bearer token",
                                                        " token has expired",
                                                        " token expired",
                                                        " token is expired"});
constexpr auto kKeyWrong = std::to_array<std::string_view>({" invalid",
                                                            " incorrect",
                                                            " wrong",
                                                            " revoked",
                                                            " expired",
                                                            " malformed",
                                                            " inactive",
                                                            " disabled",
                                                            " deactivated",
                                                            " suspended",
                                                            " missing",
                                                            " blocked",
                                                            " not valid",
                                                            " not found",
                                                            " not authorized",
                                                            " only authorized",
                                                            " unauthorized",
                                                            " not recognized"});

constexpr auto kParameters = std::to_array<std::string_view>({" temperature",
                                                              " reasoning",
                                                              " thinking",
                                                              " think ",
                                                              " effort",
                                                              " max tokens",
                                                              " max completion tokens",
                                                              " max output tokens",
                                                              " top p",
                                                              " parameter",
                                                              " request argument",
                                                              " api version",
                                                              " developer instruction",
                                                              " system instruction",
                                                              " system prompt",
                                                              " system role",
                                                              " system message"});
constexpr auto kParameterWrong = std::to_array<std::string_view>({" not support",
                                                                  " dont support",
                                                                  " doesnt support",
                                                                  " isnt support",
                                                                  " unsupported",
                                                                  " unrecognized",
                                                                  " unknown",
                                                                  " not enabled",
                                                                  " not permitted",
                                                                  " not allowed",
                                                                  " mandatory",
                                                                  " cannot be disabled",
                                                                  " must be",
                                                                  " only works in",
                                                                  " out of range",
                                                                  " invalid"});

constexpr auto kModel = std::to_array<std::string_view>({" model", " deployment"});
constexpr auto kModelWrong = std::to_array<std::string_view>({" not supported",
                                                              " isnt supported",
                                                              " arent supported",
                                                              " unsupported",
                                                              " not available",
                                                              " unavailable",
                                                              " unable to access",
                                                              " not exist",
                                                              " doesnt exist",
                                                              " not found",
                                                              " no access",
                                                              " not have access",
                                                              " identifier is invalid",
                                                              " invalid identifier",
                                                              " name format",
                                                              " must be verified",
                                                              " no healthy",
                                                              " decommissioned",
                                                              " deprecated",
                                                              " retired",
                                                              " not provided",
                                                              " you passed",
                                                              " unknown"});
constexpr auto kAbilities = std::to_array<std::string_view>(
    {" does not support chat", " does not support completion", " doesnt support chat"});
constexpr auto kAlways = std::to_array<std::string_view>({" support"});

struct WordRule {
  Sign sign;
  Words things;
  Words troubles;
};

/// The first that fits counts: a parameter that is not supported is mostly one "for this model".
const std::array kRules{
    WordRule{Sign::credit, kMoney, kMoneyGone},
    WordRule{Sign::credit, kQuota, kQuotaBought},
    WordRule{Sign::key, kKeys, kKeyWrong},
    WordRule{Sign::parameter, kParameters, kParameterWrong},
    WordRule{Sign::model, kModel, kModelWrong},
    WordRule{Sign::model, kAbilities, kAlways},
};

/// A rate is no budget, and a trouble that passes needs no person.
constexpr auto kPassing = std::to_array<std::string_view>({" per minute",
                                                           " per second",
                                                           " per hour",
                                                           " rpm",
                                                           " tpm",
                                                           " rate limit",
                                                           " temporarily",
                                                           " currently",
                                                           " try again",
                                                           " overloaded",
                                                           " loading",
                                                           " at capacity"});

bool has_any_word(std::string_view sentence, Words words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    return sentence.find(word) != std::string_view::npos;
  });
}

/// In lower case, with one blank before each word and at the end, and sentences ended by line
/// breaks.
std::string spaced(std::string_view text) {
  std::string words = " ";
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const bool last = at + 1 == text.size() || text[at + 1] == ' ' || text[at + 1] == '\n';
    const bool ends =
        byte == '\n' || (last && std::string_view(".!?;").find(text[at]) != std::string_view::npos);
    if (std::isalnum(byte) != 0 || byte >= 0x80) {
      words += static_cast<char>(std::tolower(byte));
    } else if (ends) {
      words += " \n ";
    } else if (byte != '\'' && words.back() != ' ') {
      words += ' ';
    }
  }
  return words + ' ';
}

}  // namespace

std::optional<Sign> sign_in_words(std::string_view text) {
  const std::string words = spaced(text);
  for (const WordRule& rule : kRules) {
    std::string_view rest = words;
    while (!rest.empty()) {
      const std::string_view sentence = rest.substr(0, rest.find('\n'));
      rest.remove_prefix(std::min(sentence.size() + 1, rest.size()));
      if (has_any_word(sentence, rule.things) && has_any_word(sentence, rule.troubles) &&
          !has_any_word(sentence, kPassing)) {
        return rule.sign;
      }
    }
  }
  return std::nullopt;
}

}  // namespace autoreply
