#include "context/opt_out_status.h"

#include <algorithm>
#include <array>

#include "base/normal_form.h"

namespace autoreply {
namespace {

/// Statuses that hosts write, in folded letters.
constexpr std::array<std::string_view, 26> kStatuses{
    "optedout",     "optout",       "optoutsms",  "smsoptout", "smsoptedout",  "optedoutsms",
    "unsubscribed", "unsubscribe",  "stopped",    "stop",      "blocked",      "blocklisted",
    "blacklisted",  "donotcontact", "donottext",  "donotsms",  "donotmessage", "donotsend",
    "dnc",          "dnd",          "suppressed", "nosms",     "nocontact",    "consentrevoked",
    "revoked",      "notsubscribed"};

constexpr std::size_t kStatusBytesMax = 200;

}  // namespace

bool says_opted_out(std::string_view status, const std::vector<std::string>& more) {
  if (status.size() > kStatusBytesMax) return false;
  const std::string letters = folded_letters(status);
  if (letters.empty()) return false;
  return std::find(kStatuses.begin(), kStatuses.end(), letters) != kStatuses.end() ||
         std::any_of(more.begin(), more.end(), [&](const std::string& one) {
           return folded_letters(one) == letters;
         });
}

}  // namespace autoreply
