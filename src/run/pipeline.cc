#include "run/pipeline.h"

#include <algorithm>
#include <exception>
#include <utility>

#include <fmt/format.h>

#include "base/uuid.h"
#include "context/conversation_builder.h"
#include "deliver/shape.h"

namespace autoreply {
namespace {

using Kind = Verdict::Kind;

/// Namespace of the log ids: the same job always gets the same one, so its log row exists once and
/// the host can tell a repeated callback.
constexpr std::string_view kLogNamespace = "5f4c8f0a-7f2b-5e0c-9d57-5a1f0e6b3c21";

void note_conditions(const SendConditions& now, JobContext& context) {
  if (context.contact) context.contact->conversation_status = now.conversation_status;
  if (context.config) context.config->enabled = now.config_enabled;
  context.opted_out_since = context.opted_out_since || now.opted_out_since;
}

/// Those before the message that the reply answers.
std::vector<std::string> inbound_messages(const JobContext& context) {
  std::vector<std::string> ids;
  for (const Message& message : context.history) {
    if (message.direction == "inbound") ids.push_back(message.id);
  }
  return ids;
}

/// An outage uses up nobody's attempts.
void defer_for(const Breakers::Objection& objection, Verdict& verdict) {
  verdict.kind = Kind::defer;
  verdict.wait = std::max(objection.wait, verdict.wait.value_or(std::chrono::milliseconds{0}));
}

}  // namespace

Pipeline::Pipeline(const PipelineRules& rules, const PipelineParts& parts)
    : rules_(rules), parts_(parts), random_(std::random_device{}()) {
}

void Pipeline::run(const ClaimedJob& job) noexcept {
  Progress progress;
  Verdict found;
  // The boundary of a job: whatever is thrown inside becomes its outcome and touches no other job.
  try {
    found = attempt(job, progress);
  } catch (const std::exception& error) {
    found = verdict(progress.recorded ? Kind::in_doubt : Kind::retry, "run", error.what());
  }
  if (job.probes_callback && !progress.called) {
    parts_.breakers.give_back_probe(parts_.callback_peer.name, job.job.id);
  }
  if (job.probes_provider && !progress.asked) {
    parts_.breakers.give_back_probe(job.provider.breaker, job.job.id);
  }
  std::uniform_real_distribution<double> noise(-1.0, 1.0);
  parts_.settler.settle({.job = job,
                         .verdict = std::move(found),
                         .recorded = progress.recorded,
                         .answered = std::move(progress.answered),
                         .noise = noise(random_)});
}

Verdict Pipeline::attempt(const ClaimedJob& job, Progress& progress) {
  // Nothing is read or paid for that cannot be sent.
  if (auto objection = objection_to_sending(job)) return *objection;

  const HeldJob held{job.job.id, job.token};
  const auto before_start = BootClock::now();
  auto started = parts_.store.start({held, rules_.lease, job.in_doubt});
  if (!started) return trouble("context", started.error());
  if (!*started) return verdict(Kind::lost, "context", "");
  parts_.leases.note_renewal(held.id, before_start);
  JobContext& context = **started;

  if (auto obstacle = find_obstacle(job, context, rules_.eligibility)) return *obstacle;
  if (rules_.coalesce) progress.answered = inbound_messages(context);

  // A reply that is recorded is sent as it stands: the provider is paid once.
  RecordRequest request{
      .held = held, .job = job.job, .lease = rules_.lease, .sends = job.sends + 1};
  if (context.recorded) {
    request.log_id = context.recorded->log_id;
  } else {
    auto made = make_reply(job, context, progress);
    if (auto* obstacle = std::get_if<Verdict>(&made)) return std::move(*obstacle);
    request.log_id = uuid_v5(kLogNamespace, job.job.id.value);
    request.reply = std::get<Reply>(std::move(made));
  }
  // While the provider thought, a stop may have come or the callback gone down. Then the reply,
  // which is paid for, is kept for a later attempt.
  const auto objection = objection_to_sending(job);
  if (objection) {
    if (context.recorded) return *objection;
    request.transmits = false;
    request.sends = job.sends;
  }

  // The fence before the irreversible step: only what is durable under a token that holds is sent.
  const std::string log_id = request.log_id;
  const auto before_record = BootClock::now();
  auto durable = parts_.store.record(std::move(request));
  if (!durable) return trouble("record", durable.error());
  if (!*durable) return verdict(Kind::lost, "record", "");
  parts_.leases.note_renewal(held.id, before_record);
  if (objection) return *objection;
  progress.recorded = true;

  // Much else may have changed, too.
  note_conditions((*durable)->conditions, context);
  if (auto obstacle = find_obstacle(job, context, rules_.eligibility)) return *obstacle;

  progress.called = true;
  return deliver(
      job,
      {.to = context.contact->phone_number,
       .text = std::move((*durable)->text),
       .workspace_id = job.job.workspace_id,
       .contact_id = job.job.contact_id,
       .log_id = log_id,
       .sends = job.sends + 1,
       .may_begin = [&] { return parts_.leases.time_left(held.id) > rules_.callback_timeout; }},
      (*durable)->at);
}

std::optional<Verdict> Pipeline::objection_to_sending(const ClaimedJob& job) const {
  if (!job.probes_callback) {
    if (const auto objection = parts_.breakers.objection(parts_.callback_peer.name)) {
      return verdict(Kind::defer, "deliver", "the callback " + objection->reason, objection->wait);
    }
  }
  if (!parts_.stop.leaves_time_for(rules_.callback_timeout) || parts_.tally.nothing_settles()) {
    return verdict(Kind::not_started, "deliver", "");
  }
  return std::nullopt;
}

Verdict Pipeline::deliver(const ClaimedJob& job,
                          const Delivery& delivery,
                          DatabaseTime recorded_at) {
  Verdict found = parts_.callback.deliver(delivery, http_, parts_.stop.break_off());
  parts_.breakers.report(parts_.callback_peer,
                         {.job = job.job.id,
                          .result = call_result(found),
                          .began_at = recorded_at,
                          .probe = job.probes_callback});
  if (const auto objection = parts_.breakers.objection(parts_.callback_peer.name)) {
    if (found.kind == Kind::retry) defer_for(*objection, found);
    found.uses_attempt = false;
  }
  return found;
}

std::variant<Reply, Verdict> Pipeline::make_reply(const ClaimedJob& job,
                                                  const JobContext& context,
                                                  Progress& progress) {
  auto generated = ask_provider(job, context, progress);
  if (!generated) return std::move(generated.error());
  parts_.tally.add_usage(generated->tokens_used.value_or(0),
                         generated->cost_nanodollars.value_or(0));
  generated->text = shaped_for_sms(generated->text, rules_.reply_chars_max);
  if (generated->text.empty()) {
    return verdict(Kind::retry, "generate", "nothing is left of the reply without its markup");
  }
  return std::move(*generated);
}

tl::expected<Reply, Verdict> Pipeline::ask_provider(const ClaimedJob& job,
                                                    const JobContext& context,
                                                    Progress& progress) {
  const WorkspaceConfig config = context.config.value_or(WorkspaceConfig{});
  const ProviderBreakerName breaker = parts_.generator.breaker_of(config);
  const Peer provider{breaker.name, breaker.label, kProviderRules};
  const bool probes = job.probes_provider && job.provider.breaker == provider.name;
  const Breakers::Call call(parts_.breakers, provider.name);
  if (!probes) {
    if (const auto objection = parts_.breakers.objection(provider.name)) {
      return tl::unexpected(verdict(
          Kind::defer, "generate", provider.label + " " + objection->reason, objection->wait));
    }
  }
  auto generated = parts_.generator.generate(config,
                                             make_conversation(context),
                                             job.attempt,
                                             rules_.eligibility.max_attempts,
                                             http_,
                                             parts_.stop.break_off());
  CallReport report{.job = job.job.id,
                    .result = generated ? CallReport::Result::up : generated.error().said,
                    .began_at = context.started_at,
                    .probe = probes};
  if (provider.name.empty() || report.result == CallReport::Result::nothing) return generated;
  if (!generated) report.wait = generated.error().wait.value_or(std::chrono::milliseconds{0});
  parts_.breakers.report(provider, report);
  progress.asked = probes;
  if (!generated && report.result != CallReport::Result::up) {
    const auto objection = parts_.breakers.objection(provider.name);
    if (objection && (objection->is_open || generated.error().kind == Kind::defer)) {
      defer_for(*objection, generated.error());
    }
  }
  return generated;
}

Verdict Pipeline::trouble(std::string step, const Error& error) {
  if (error.kind == ErrorKind::unavailable) {
    parts_.tally.note_database_lost();
    return verdict(Kind::lost, std::move(step), error.message);
  }
  // The run ends with it; the job is as good as it was.
  if (error.kind == ErrorKind::misconfigured) {
    return verdict(Kind::not_started, std::move(step), error.message);
  }
  return verdict(
      Kind::retry, std::move(step), fmt::format("the database refused: {}", error.message));
}

}  // namespace autoreply
