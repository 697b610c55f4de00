#include "context/eligibility.h"

#include <array>
#include <cctype>

#include <fmt/format.h>

#include "base/duration.h"
#include "base/number_text.h"
#include "base/text.h"
#include "context/conversation_builder.h"
#include "context/opt_out_status.h"
#include "context/reaction.h"
#include "job/outcome.h"
#include "job/phone_number.h"

namespace autoreply {
namespace {

AttemptResult skip(std::string_view reason) {
  return AttemptResult::skip(Step::context, std::string(reason));
}

AttemptResult reject(std::string reason) {
  return AttemptResult::reject(Step::context, std::move(reason));
}

/// For problems that the workspace can fix.
AttemptResult defer(std::string reason) {
  AttemptResult result =
      AttemptResult::defer(Step::context, std::move(reason), std::nullopt, Scope::workspace);
  result.waits_for = WaitsFor::setting;
  return result;
}

/// What the host's record says about an earlier transmission that got no definite answer.
std::optional<AttemptResult> doubt(const ClaimedJob& job,
                                   const JobContext& context,
                                   const EligibilityRules& rules) {
  if (!job.in_doubt) return std::nullopt;
  if (context.found_at_host) return AttemptResult::delivered(Step::deliver);
  // A process that died after recording the reply could not set the wait.
  if (job.broken_off && context.since_sent && *context.since_sent < rules.in_doubt_wait) {
    return AttemptResult::in_doubt(Step::deliver, "the lease ran out after the reply was recorded");
  }
  return std::nullopt;
}

bool is_expired(const JobContext& context, const EligibilityRules& rules) {
  return rules.max_age.count() > 0 && context.age > rules.max_age;
}

/// Handles a reply in doubt that may not simply be sent again. While the callback accepts nothing,
/// the outage is to blame for the doubt: the job waits and may then be sent once more.
std::optional<AttemptResult> last_doubt(const ClaimedJob& job,
                                        const JobContext& context,
                                        const EligibilityRules& rules) {
  if (!is_expired(context, rules)) {
    if (!context.delivered_since_send) {
      return AttemptResult::defer(
          Step::deliver, std::string(kKeptInDoubtReason), rules.in_doubt_wait);
    }
    if (job.kept_in_doubt && job.sends <= rules.max_sends) return std::nullopt;
  }
  return AttemptResult::reject(
      Step::deliver,
      fmt::format("delivery unknown: sent {} times without a definite answer", job.sends));
}

/// Handles a job without sends or attempts left. Without attempts it was claimed only to end with a
/// reason.
std::optional<AttemptResult> exhaustion(const ClaimedJob& job,
                                        const JobContext& context,
                                        const EligibilityRules& rules) {
  if (job.in_doubt && (job.exhausted || job.sends >= rules.max_sends)) {
    return last_doubt(job, context, rules);
  }
  if (!job.exhausted) return std::nullopt;
  if (job.broken_off) return AttemptResult::reject(Step::claim, "lease expired");
  return AttemptResult::reject(Step::claim, "attempts used up");
}

/// Whether the newest of the opt-out and opt-in keywords is an opt-out.
bool opted_out_by_word(const JobContext& context, const CarrierWords& words) {
  for (const std::string& text : context.short_texts_since) {
    const CarrierWord kind = words.kind_of(text);
    if (kind == CarrierWord::opt_out) return true;
    if (kind == CarrierWord::opt_in || kind == CarrierWord::agreement) return false;
  }
  return false;
}

std::optional<AttemptResult> contact_result(const ClaimedJob& job,
                                            const JobContext& context,
                                            const EligibilityRules& rules) {
  if (!context.contact) return reject("the contact does not exist");
  if (context.contact->workspace_id != job.job.workspace_id) {
    return reject("the contact belongs to another workspace");
  }
  if (says_opted_out(context.contact->conversation_status, rules.opted_out_statuses) ||
      opted_out_by_word(context, rules.carrier_words)) {
    return skip("opted out");
  }
  switch (read_phone_number(context.contact->phone_number, rules.country_code).kind) {
    case PhoneNumber::Kind::missing:
      return reject("the contact has no phone number");
    case PhoneNumber::Kind::malformed:
      return reject("the contact's phone number does not have the form of E.164 (+15551234567)");
    case PhoneNumber::Kind::national:
    case PhoneNumber::Kind::valid:
      break;
  }
  return std::nullopt;
}

bool answered_by_others(const JobContext& context, const EligibilityRules& rules) {
  const auto& after = context.others_answer_after;
  if (!after) return false;
  if (rules.skip_answered) return true;
  return *after > kAcknowledgementMax &&
         context.since_created.value_or(context.age) > kOthersAnswerAge;
}

std::optional<AttemptResult> expiry(const ClaimedJob& job,
                                    const JobContext& context,
                                    const EligibilityRules& rules) {
  if (!is_expired(context, rules)) return std::nullopt;
  const std::string reason = fmt::format(
      "expired: {} {} ago, --max-age is {}",
      context.since_created.value_or(context.age) == context.age ? "created" : "put back",
      format_duration(std::chrono::duration_cast<std::chrono::seconds>(context.age)),
      format_duration(rules.max_age));
  if (job.in_doubt) return AttemptResult::reject(Step::deliver, "delivery unknown: " + reason);
  return reject(reason);
}

/// Whether a text shows nothing, because it holds only blanks, control characters, fillers and
/// placeholders for objects that a phone left out.
bool is_invisible(std::string_view text) {
  constexpr auto kInvisible = std::to_array<std::string_view>(
      {"\uFFFC", "\uFE0E", "\uFE0F", "\u2800", "\u3164", "\u115F", "\u1160", "\u180E", "\u034F"});
  while (!text.empty()) {
    std::size_t length = blank_length(text);
    if (length == 0 && std::iscntrl(static_cast<unsigned char>(text[0])) != 0) length = 1;
    for (const std::string_view one : kInvisible) {
      if (length == 0 && text.starts_with(one)) length = one.size();
    }
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::optional<AttemptResult> message_result(const ClaimedJob& job,
                                            const JobContext& context,
                                            const EligibilityRules& rules) {
  if (!context.original) {
    return AttemptResult::retry(Step::context, "the message does not exist (yet)");
  }
  const Message& original = *context.original;
  if (original.workspace_id != job.job.workspace_id) {
    return reject("the message belongs to another workspace");
  }
  if (original.contact_id != job.job.contact_id) {
    return reject("the message belongs to another contact");
  }
  if (original.direction != "inbound" && original.direction != "outbound") {
    return defer(
        "the message's direction is neither inbound nor outbound: store one of these words, in "
        "lower case");
  }
  if (original.direction != "inbound" || !original.is_text ||
      is_invisible(to_valid_utf8(original.body))) {
    return skip("nothing to answer");
  }
  switch (rules.carrier_words.kind_of(original.body)) {
    case CarrierWord::opt_out:
      return skip("opted out");
    case CarrierWord::opt_in:
    case CarrierWord::help:
      return skip("nothing to answer");
    case CarrierWord::agreement:
    case CarrierWord::none:
      break;
  }
  if (is_reaction(original.body)) return skip("nothing to answer");
  return std::nullopt;
}

/// The result for a setting that can still be fixed; the job waits for it.
std::optional<AttemptResult> setting_result(const JobContext& context,
                                            const EligibilityRules& rules) {
  if (read_phone_number(context.contact->phone_number, rules.country_code).kind ==
      PhoneNumber::Kind::national) {
    return defer(
        "the contact's phone number has no country code: name one with --country-code, or store "
        "the "
        "number as +15551234567");
  }
  return std::nullopt;
}

/// The zone whose clocks the contact lives by.
TimeZone zone_of_contact(const JobContext& context, const EligibilityRules& rules) {
  const std::string& own = context.contact->timezone;
  if (const auto zone = trimmed(own).empty() ? std::nullopt : TimeZone::find(own)) return *zone;
  return workspace_zone(context.config, rules.timezone);
}

/// Defers a job to the end of the quiet hours of the run and of its workspace.
std::optional<AttemptResult> quiet_result(const JobContext& context,
                                          const EligibilityRules& rules) {
  std::vector<QuietHours> all;
  if (rules.quiet_hours) all.push_back(*rules.quiet_hours);
  if (context.config && !trimmed(context.config->quiet_hours).empty()) {
    const auto own = parse_quiet_hours(context.config->quiet_hours);
    if (!own) return defer("the workspace's quiet_hours: " + own.error().message);
    all.push_back(*own);
  }
  if (all.empty()) return std::nullopt;
  if (context.config && !trimmed(context.config->timezone).empty() &&
      !TimeZone::find(context.config->timezone)) {
    return defer("the workspace's timezone is unknown: write one such as America/New_York");
  }
  const TimeZone zone = zone_of_contact(context, rules);
  const TimeZone::Instant now{std::chrono::milliseconds(context.now)};
  TimeZone::Instant end = now;
  // When one of them ends, another may have begun.
  for (std::size_t round = 0; round < all.size(); ++round) {
    for (const QuietHours& hours : all) end = end_of_quiet(hours, zone, end).value_or(end);
  }
  if (end == now) return std::nullopt;
  AttemptResult result = AttemptResult::defer(
      Step::context,
      fmt::format("quiet hours until {} ({})", zone.time_text(end), zone.name()),
      end - now);
  result.waits_for = WaitsFor::quiet_hours;
  return result;
}

/// Gives the job back if its workspace has spent its budget since the claim. Claims then leave the
/// job alone until the next day, or until the budget is raised.
std::optional<AttemptResult> budget_result(const JobContext& context,
                                           const EligibilityRules& rules) {
  const auto budget = workspace_budget(context.config, rules.daily_budget);
  if (!budget) return defer("the workspace's daily_budget: " + budget.error().message);
  if (!budget->limits()) return std::nullopt;
  const std::string day = workspace_day(context.config, rules.timezone, context.now);
  if (!is_used_up(*budget, context.spent, day)) return std::nullopt;
  AttemptResult result = AttemptResult::defer(
      Step::context, "the workspace's daily budget is used up", std::chrono::milliseconds{0});
  result.waits_for = WaitsFor::budget;
  return result;
}

}  // namespace

std::optional<AttemptResult> early_result(const ClaimedJob& job,
                                          const JobContext& context,
                                          const EligibilityRules& rules) {
  if (auto found = doubt(job, context, rules)) return found;
  if (auto found = exhaustion(job, context, rules)) return found;
  if (context.answered_elsewhere) return skip("duplicate");
  if (context.config && !context.config->enabled) return skip("switched off");
  if (auto found = contact_result(job, context, rules)) return found;
  if (context.superseded) return skip(kSupersededReason);
  if (answered_by_others(context, rules)) return skip("answered");
  if (auto found = expiry(job, context, rules)) return found;
  // A recorded reply needs nothing else from the conversation.
  if (!context.recorded) {
    if (auto found = message_result(job, context, rules)) return found;
  }
  if (auto found = setting_result(context, rules)) return found;
  if (auto found = quiet_result(context, rules)) return found;
  return context.recorded ? std::nullopt : budget_result(context, rules);
}

void apply_conditions(const SendConditions& conditions, JobContext& context) {
  context.now = conditions.now;
  context.age = conditions.age;
  context.since_created = conditions.since_created;
  context.contact = conditions.contact;
  if (context.config) context.config->enabled = conditions.config_enabled;
  context.short_texts_since = conditions.short_texts_since;
  if (conditions.others_answer_after) {
    context.others_answer_after = conditions.others_answer_after;
  }
}

std::string recipient_of(const JobContext& context, const EligibilityRules& rules) {
  return read_phone_number(context.contact->phone_number, rules.country_code).number;
}

}  // namespace autoreply
