#include "context/eligibility.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/duration.h"
#include "base/text.h"
#include "job/phone_number.h"

namespace autoreply {
namespace {

using Kind = Verdict::Kind;

constexpr std::string_view kStep = "context";

// What hosts write into a contact's status when the customer wants no more messages.
constexpr std::array<std::string_view, 9> kOptedOutStatuses{"opted_out",
                                                            "opted-out",
                                                            "optedout",
                                                            "opt_out",
                                                            "unsubscribed",
                                                            "stopped",
                                                            "blocked",
                                                            "do_not_contact",
                                                            "dnc"};

Verdict skip(std::string reason) {
  return verdict(Kind::skip, std::string(kStep), std::move(reason));
}

Verdict reject(std::string reason) {
  return verdict(Kind::reject, std::string(kStep), std::move(reason));
}

/// What the host's record says of an earlier transmission that got no definite answer.
std::optional<Verdict> doubt(const ClaimedJob& job,
                             const JobContext& context,
                             const EligibilityRules& rules) {
  if (!job.in_doubt) return std::nullopt;
  if (context.found_at_host) return verdict(Kind::delivered, "deliver", "");
  // A process that died after the record left no wait behind.
  if (job.broken_off && context.since_sent && *context.since_sent < rules.in_doubt_wait) {
    return verdict(Kind::in_doubt, "deliver", "the lease ran out after the reply was recorded");
  }
  return std::nullopt;
}

/// A job without attempts was claimed only so that it ends with a reason.
std::optional<Verdict> exhaustion(const ClaimedJob& job, const EligibilityRules& rules) {
  if (job.in_doubt && (job.exhausted || job.sends >= rules.max_sends)) {
    return verdict(
        Kind::reject,
        "deliver",
        fmt::format("delivery unknown: sent {} times without a definite answer", job.sends));
  }
  if (!job.exhausted) return std::nullopt;
  if (job.broken_off) return verdict(Kind::reject, "claim", "lease expired");
  return verdict(Kind::reject, "claim", "attempts used up");
}

std::optional<Verdict> contact_obstacle(const ClaimedJob& job, const JobContext& context) {
  if (!context.contact) return reject("the contact does not exist");
  if (context.contact->workspace_id != job.job.workspace_id) {
    return reject("the contact belongs to another workspace");
  }
  const std::string status = lower_case(trimmed(context.contact->conversation_status));
  if (std::find(kOptedOutStatuses.begin(), kOptedOutStatuses.end(), status) !=
          kOptedOutStatuses.end() ||
      context.opted_out_since) {
    return skip("opted out");
  }
  if (context.contact->phone_number.empty()) return reject("the contact has no phone number");
  if (!is_phone_number(context.contact->phone_number)) {
    return reject("the contact's phone number does not have the form of E.164 (+15551234567)");
  }
  return std::nullopt;
}

std::optional<Verdict> message_obstacle(const ClaimedJob& job, const JobContext& context) {
  if (!context.original) {
    return verdict(Kind::retry, std::string(kStep), "the message does not exist (yet)");
  }
  const Message& original = *context.original;
  if (original.workspace_id != job.job.workspace_id) {
    return reject("the message belongs to another workspace");
  }
  if (original.contact_id != job.job.contact_id) {
    return reject("the message belongs to another contact");
  }
  if (original.direction != "inbound" || !original.is_text ||
      one_line(to_valid_utf8(original.body)).empty()) {
    return skip("nothing to answer");
  }
  return std::nullopt;
}

}  // namespace

std::optional<Verdict> find_obstacle(const ClaimedJob& job,
                                     const JobContext& context,
                                     const EligibilityRules& rules) {
  if (auto found = doubt(job, context, rules)) return found;
  if (auto found = exhaustion(job, rules)) return found;
  if (context.answered_elsewhere) return skip("duplicate");
  if (!context.config && !rules.provider_overridden) {
    return reject("the workspace has no row in the configuration table");
  }
  if (context.config && !context.config->enabled) return skip("switched off");
  if (auto found = contact_obstacle(job, context)) return found;
  if (context.superseded) return skip("superseded");
  if (rules.max_age.count() > 0 && context.age > rules.max_age) {
    return reject(
        fmt::format("expired: created {} ago, --max-age is {}",
                    format_duration(std::chrono::duration_cast<std::chrono::seconds>(context.age)),
                    format_duration(rules.max_age)));
  }
  // A reply that was recorded needs nothing else of the conversation.
  if (context.recorded) return std::nullopt;
  return message_obstacle(job, context);
}

}  // namespace autoreply
