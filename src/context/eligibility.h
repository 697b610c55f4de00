#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/time_zone.h"
#include "context/carrier_words.h"
#include "context/quiet_hours.h"
#include "job/attempt_result.h"
#include "job/conversation.h"
#include "job/job.h"

namespace autoreply {

/// What decides whether a job may be answered at all.
struct EligibilityRules {
  std::chrono::milliseconds max_age{};        ///< 0: no limit
  int max_sends = 0;                          ///< at least 1
  std::chrono::milliseconds in_doubt_wait{};  ///< after a send, until the host's record shows it
  CarrierWords carrier_words{};               ///< words that the carrier answers itself
  /// Statuses of a contact that mean "opted out", besides the built-in ones.
  std::vector<std::string> opted_out_statuses{};
  std::string country_code{};  ///< completes national phone numbers: 1 to 3 digits; empty: none
  /// Any message to the contact that others sent after the original ends the job.
  bool skip_answered = false;
  std::optional<QuietHours> quiet_hours{};  ///< besides those of a workspace
  TimeZone timezone{};                      ///< of contacts and workspaces that name none
  DailyBudget daily_budget{};               ///< of each workspace
};

/// A job older than this is not answered if someone else has written to the contact.
inline constexpr std::chrono::milliseconds kOthersAnswerAge{600'000};
/// Messages that follow the original sooner than this count as automatic acknowledgements.
inline constexpr std::chrono::milliseconds kAcknowledgementMax{60'000};

/// Returns the result of the attempt if the job must not be answered now, empty if it may be. Pure.
///
/// The order is by certainty: reasons that end the job for good come before those that may still
/// change. A `defer` of scope `workspace` is about a setting of the workspace or the run that can
/// be fixed. It comes after the check of the age, so such a job expires.
[[nodiscard]] std::optional<AttemptResult> early_result(const ClaimedJob& job,
                                                        const JobContext& context,
                                                        const EligibilityRules& rules);

/// Updates the context with the values read when the reply was recorded.
void apply_conditions(const SendConditions& conditions, JobContext& context);

/// The number that the reply is sent to, in E.164 form. Requires a job without an early result.
[[nodiscard]] std::string recipient_of(const JobContext& context, const EligibilityRules& rules);

}  // namespace autoreply
