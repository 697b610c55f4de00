#include "deliver/host_words.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

#include "base/plain_words.h"
#include "base/text.h"

namespace autoreply {
namespace {

/// These count whatever the subject is.
constexpr auto kOptOutPhrases = std::to_array<std::string_view>({"opted out",
                                                                 "optedout",
                                                                 "opt out list",
                                                                 "optout list",
                                                                 "blacklist rule",
                                                                 "due to stop message",
                                                                 "replied stop",
                                                                 "replied with stop",
                                                                 "responded stop",
                                                                 "responded with stop",
                                                                 "texted stop",
                                                                 "sent stop",
                                                                 "sent a stop",
                                                                 "dnd is active",
                                                                 "dnd active",
                                                                 "dnd is enabled",
                                                                 "dnd enabled",
                                                                 "dnd is on",
                                                                 "dnd list",
                                                                 "do not disturb list",
                                                                 "do not contact list",
                                                                 "do not call list",
                                                                 "dnc list",
                                                                 "unsubscribed recipient"});
/// This counts only if the subject is a recipient.
constexpr std::string_view kUnsubscribed = "unsubscribed";
constexpr auto kRecipientWords = std::to_array<std::string_view>({"recipient",
                                                                  "contact",
                                                                  "user",
                                                                  "number",
                                                                  "customer",
                                                                  "subscriber",
                                                                  "destination",
                                                                  "receiver",
                                                                  "lead",
                                                                  "person",
                                                                  "handset",
                                                                  "phone"});
constexpr auto kOwnerWords = std::to_array<std::string_view>(
    {"workspace", "account", "organization", "organisation", "tenant", "sender", "campaign"});
constexpr auto kNegations = std::to_array<std::string_view>(
    {"not", "never", "isnt", "hasnt", "havent", "hadnt", "wasnt", "arent"});
/// These may stand between a negation and the phrase that it denies.
constexpr auto kFillers = std::to_array<std::string_view>(
    {"been", "be", "yet", "on", "in", "the", "a", "any", "currently", "has", "have", "our"});

constexpr auto kUnreachablePhrases =
    std::to_array<std::string_view>({"invalid phone",
                                     "invalid mobile",
                                     "invalid msisdn",
                                     "invalid recipient",
                                     "invalid destination",
                                     "invalid number",
                                     "invalid to number",
                                     "invalid to phone",
                                     "invalid to address",
                                     "invalid to parameter",
                                     "not a valid phone",
                                     "not a valid mobile",
                                     "not a valid number",
                                     "not a valid recipient",
                                     "not a mobile number",
                                     "not a mobile phone",
                                     "number is invalid",
                                     "number is not valid",
                                     "number not valid",
                                     "number is unreachable",
                                     "number unreachable",
                                     "recipient is unreachable",
                                     "recipient unreachable",
                                     "handset is unreachable",
                                     "handset unreachable",
                                     "destination unreachable",
                                     "unreachable destination",
                                     "unreachable number",
                                     "unreachable recipient",
                                     "unknown destination",
                                     "unknown subscriber",
                                     "number is not reachable",
                                     "number is not in service",
                                     "number does not exist",
                                     "cannot receive sms",
                                     "can not receive sms",
                                     "cant receive sms",
                                     "unable to receive sms",
                                     "cannot receive text",
                                     "cannot receive message",
                                     "incapable of receiving sms",
                                     "not capable of receiving sms",
                                     "landline",
                                     "land line"});
/// These are about the sending number, which is the operator's.
constexpr auto kSenderPhrases =
    std::to_array<std::string_view>({"from number", "from phone", "from address", "sender"});

bool begins_word(std::string_view words, std::size_t at) {
  return at > 0 && words[at - 1] == ' ';
}

/// Whether a phrase occurs. It must begin with a word but may end inside one: "invalid phone"
/// matches "invalid phonenumber".
template <std::size_t count>
bool speaks_of(std::string_view words, const std::array<std::string_view, count>& phrases) {
  return std::any_of(phrases.begin(), phrases.end(), [&](std::string_view phrase) {
    for (std::size_t at = words.find(phrase); at != std::string_view::npos;
         at = words.find(phrase, at + 1)) {
      if (begins_word(words, at)) return true;
    }
    return false;
  });
}

template <std::size_t count>
bool is_one_of(std::string_view word, const std::array<std::string_view, count>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// Whether the phrase at `at` is denied: "not opted out", "has not yet opted out".
bool is_denied(std::string_view words, std::size_t at) {
  constexpr int kLookBack = 4;
  std::string_view before = words.substr(0, at);
  for (int looked = 0; looked < kLookBack; ++looked) {
    before = trimmed(before);
    if (before.empty()) return false;
    const std::size_t blank = before.rfind(' ');
    const std::string_view word = before.substr(blank == std::string_view::npos ? 0 : blank + 1);
    if (is_one_of(word, kNegations)) return true;
    if (!is_one_of(word, kFillers)) return false;
    before.remove_suffix(word.size());
  }
  return false;
}

bool is_said(std::string_view words, std::string_view phrase) {
  for (std::size_t at = words.find(phrase); at != std::string_view::npos;
       at = words.find(phrase, at + 1)) {
    const std::size_t end = at + phrase.size();
    const bool whole = begins_word(words, at) && end < words.size() && words[end] == ' ';
    if (whole && !is_denied(words, at)) return true;
  }
  return false;
}

}  // namespace

bool tells_opt_out(std::string_view text) {
  const std::string words = plain_words(text);
  const bool of_recipient = speaks_of(words, kRecipientWords);
  if (of_recipient && is_said(words, kUnsubscribed)) return true;
  if (!of_recipient && speaks_of(words, kOwnerWords)) return false;
  return std::any_of(kOptOutPhrases.begin(), kOptOutPhrases.end(), [&](std::string_view phrase) {
    return is_said(words, phrase);
  });
}

bool tells_invalid_recipient(std::string_view text) {
  // In quotes, "to" and "from" are field names of the request.
  const std::string lower = lower_case(text);
  const std::string words = plain_words(text);
  if (speaks_of(words, kSenderPhrases) || words.starts_with(" from ") ||
      lower.find("'from'") != std::string::npos || lower.find("\"from\"") != std::string::npos) {
    return false;
  }
  // "Invalid number of segments" is not about the recipient.
  if (words.find(" invalid number of ") != std::string::npos) return false;
  return speaks_of(words, kUnreachablePhrases) || lower.find("invalid 'to'") != std::string::npos;
}

}  // namespace autoreply
