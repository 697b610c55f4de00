#include "generate/errors/error_words.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <vector>

#include "base/plain_words.h"

namespace autoreply {
namespace {

using Words = std::span<const std::string_view>;

// Each entry begins with the blank before its first word. An entry may match the beginning of a
// longer word.

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

/// The first matching rule decides: a parameter is usually unsupported "for this model".
const std::array kRules{
    WordRule{Sign::credit, kMoney, kMoneyGone},
    WordRule{Sign::credit, kQuota, kQuotaBought},
    WordRule{Sign::key, kKeys, kKeyWrong},
    WordRule{Sign::parameter, kParameters, kParameterWrong},
    WordRule{Sign::model, kModel, kModelWrong},
    WordRule{Sign::model, kAbilities, kAlways},
};

/// A rate limit is not a budget, and a temporary problem needs no person.
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

/// Splits a text into sentences of plain words.
std::vector<std::string> sentences_of(std::string_view text) {
  std::vector<std::string> sentences;
  std::size_t start = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool last = at + 1 == text.size() || text[at + 1] == ' ' || text[at + 1] == '\n';
    const bool ends = text[at] == '\n' || at + 1 == text.size() ||
                      (last && std::string_view(".!?;").find(text[at]) != std::string_view::npos);
    if (!ends) continue;
    sentences.push_back(plain_words(text.substr(start, at + 1 - start)));
    start = at + 1;
  }
  return sentences;
}

}  // namespace

std::optional<Sign> sign_in_words(std::string_view text) {
  const std::vector<std::string> sentences = sentences_of(text);
  for (const WordRule& rule : kRules) {
    for (const std::string& sentence : sentences) {
      if (has_any_word(sentence, rule.things) && has_any_word(sentence, rule.troubles) &&
          !has_any_word(sentence, kPassing)) {
        return rule.sign;
      }
    }
  }
  return std::nullopt;
}

}  // namespace autoreply
