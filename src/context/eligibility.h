#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "context/carrier_words.h"
#include "job/attempt_result.h"
#include "job/conversation.h"
#include "job/job.h"

namespace autoreply {

/// What decides whether a job may be answered at all.
struct EligibilityRules {
  std::chrono::milliseconds max_age{};        ///< 0: no limit
  int max_sends = 0;                          ///< from 1
  std::chrono::milliseconds in_doubt_wait{};  ///< after a send, for the host's own record
  CarrierWords carrier_words{};               ///< what the carrier answers by itself
  /// Statuses of a contact that say "opted out", besides those that are known.
  std::vector<std::string> opted_out_statuses{};
  std::string country_code{};  ///< completes national phone numbers: 1 to 3 digits; empty: none
  /// Any message that others sent after the original ends the job.
  bool skip_answered = false;
};

/// A job that waited longer is not answered if another person has written to the contact.
inline constexpr std::chrono::milliseconds kOthersAnswerAge{600'000};
/// Messages that come sooner after the original are automatic acknowledgements.
inline constexpr std::chrono::milliseconds kAcknowledgementMax{60'000};

/// Returns the result of the attempt if the job must not be answered now, empty if it may be. Pure.
/// The order is that of certainty: what ends the job for good comes before what may still change. A
/// `defer` is about a setting of the workspace or of the run that somebody can mend. It comes last,
/// so such a job expires.
[[nodiscard]] std::optional<AttemptResult> early_result(const ClaimedJob& job,
                                                        const JobContext& context,
                                                        const EligibilityRules& rules);

/// Updates the context with the values read when the reply was recorded.
void apply_conditions(const SendConditions& conditions, JobContext& context);

/// The number that the reply is sent to, in the form of E.164. Requires a job without an early
/// result.
[[nodiscard]] std::string recipient_of(const JobContext& context, const EligibilityRules& rules);

}  // namespace autoreply
