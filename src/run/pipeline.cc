#include "run/pipeline.h"

#include <algorithm>
#include <exception>
#include <utility>

#include <fmt/format.h>

#include "base/uuid.h"
#include "deliver/segments.h"

namespace autoreply {
namespace {

using std::chrono::milliseconds;

/// Namespace of the log ids. A job always gets the same log id, so it has one log row and the host
/// can recognize a repeated callback.
constexpr std::string_view kLogNamespace = "5f4c8f0a-7f2b-5e0c-9d57-5a1f0e6b3c21";

/// Ids of the customer's messages before the one that the reply answers.
std::vector<std::string> inbound_messages(const JobContext& context) {
  std::vector<std::string> ids;
  for (const Message& message : context.history) {
    if (message.direction == "inbound") ids.push_back(message.id);
  }
  return ids;
}

/// The id of the log that a job's reply gets. The host has seen that of a discarded reply.
std::string log_id_of(const ClaimedJob& job) {
  return uuid_v5(kLogNamespace, job.former_log_id.value_or(job.job.id.value));
}

/// How long a job waits if the claim took it for expired and it is not.
constexpr milliseconds kLookedUpWait = std::chrono::minutes(1);

}  // namespace

Pipeline::Pipeline(const PipelineRules& rules,
                   const PipelineParts& parts,
                   std::unique_ptr<HttpSender> http)
    : rules_(rules),
      parts_(parts),
      http_(std::move(http)),
      replies_({.reply = rules.reply,
                .max_attempts = rules.calls.max_attempts,
                .timezone = rules.eligibility.timezone},
               {.generator = parts.generator,
                .breakers = parts.breakers,
                .tally = parts.tally,
                .notices = parts.notices,
                .stop = parts.stop}),
      random_(std::random_device{}()) {
}

Task<CallEnd> Pipeline::run(const ClaimedJob& job) {
  const auto began = std::chrono::steady_clock::now();
  Attempt attempt{.job = job,
                  .calls = GuardedCalls(parts_.breakers, rules_.calls, job),
                  .http = BodyLog(*http_, job.job.id, parts_.body_log)};
  AttemptResult result;
  // An exception becomes the outcome of this job and must not affect any other job.
  try {
    result = co_await take_through(attempt);
  } catch (const std::exception& error) {
    result = attempt.transmission_recorded ? AttemptResult::in_doubt(Step::run, error.what())
                                           : AttemptResult::retry(Step::run, error.what());
  }
  co_await attempt.calls.give_back_unused_probes();
  std::uniform_real_distribution<double> noise(-1.0, 1.0);
  parts_.settler.settle({.job = job,
                         .result = std::move(result),
                         .recorded = attempt.transmission_recorded,
                         .answered = std::move(attempt.answered),
                         .segments = attempt.segments,
                         .spent = std::move(attempt.spent),
                         .noise = noise(random_),
                         .provider = std::move(attempt.provider),
                         .model = std::move(attempt.model),
                         .duration = std::chrono::duration_cast<milliseconds>(
                             std::chrono::steady_clock::now() - began)});
  co_return attempt.call_end;
}

Task<AttemptResult> Pipeline::take_through(Attempt& attempt) {
  const ClaimedJob& job = attempt.job;
  // If the reply cannot be sent, reading the context and paying for a reply would be a waste.
  if (!job.calls_nobody) {
    if (auto objection = objection_to_sending(attempt)) co_return *objection;
  }

  const HeldJob held{job.job.id, job.token};
  const auto before_start = BootClock::now();
  StartRequest start{held, rules_.lease, job.in_doubt, job.job.created_at};
  auto started = co_await parts_.store.start(std::move(start));
  if (!started) co_return database_trouble(Step::context, started.error());
  parts_.leases.note_renewal(held, before_start);
  JobContext& context = *started;

  if (context.config) {
    attempt.provider = context.config->provider;
    attempt.model = context.config->model;
  }
  if (context.recorded) attempt.segments = sms_size(context.recorded->text).segments;
  note_deliveries(job, context);
  if (auto result = early_result(job, context, rules_.eligibility)) co_return *result;
  if (job.calls_nobody) co_return looked_up(job);
  if (rules_.coalesce) attempt.answered = inbound_messages(context);

  // A recorded reply is sent unchanged, so the provider is paid only once.
  RecordRequest request{
      .held = held, .job = job.job, .lease = rules_.lease, .sends = job.sends + 1};
  if (context.recorded) {
    request.log_id = context.recorded->log_id;
  } else {
    auto made = co_await replies_.make(job, context, attempt.calls, attempt.http);
    attempt.call_end = made.call_end;
    attempt.spent = spending_of(context, job, made.spent);
    if (!made.reply) co_return std::move(made.reply.error());
    attempt.provider = made.reply->provider;
    attempt.model = made.reply->model;
    request.log_id = log_id_of(job);
    request.reply = std::move(*made.reply);
  }
  // During the provider's call, a stop may have come or the callback may have gone down. The reply
  // is already paid for, so it is kept for a later attempt.
  const auto objection = objection_to_sending(attempt);
  if (objection) {
    if (context.recorded) co_return *objection;
    request.transmits = false;
    request.sends = job.sends;
  }

  // Sending is irreversible: the reply must first be durable, and this run must still hold the job.
  const std::string log_id = request.log_id;
  const auto before_record = BootClock::now();
  auto recorded = co_await parts_.store.record(std::move(request));
  if (!recorded) co_return database_trouble(Step::record, recorded.error());
  parts_.leases.note_renewal(held, before_record);
  if (objection) co_return *objection;
  attempt.transmission_recorded = true;
  attempt.segments = sms_size(recorded->text).segments;

  // From here on, it is a reply that no longer depends on the conversation. During the provider's
  // call, the job's conditions may have changed as well.
  if (!context.recorded) context.recorded = RecordedReply{log_id, recorded->text};
  apply_conditions(recorded->conditions, context);
  if (auto result = early_result(job, context, rules_.eligibility)) {
    result->took_back_send = true;
    co_return *result;
  }

  const milliseconds time_needed = parts_.callback.timeout();
  const Delivery delivery{.to = recipient_of(context, rules_.eligibility),
                          .text = std::move(recorded->text),
                          .workspace_id = job.job.workspace_id,
                          .contact_id = job.job.contact_id,
                          .log_id = log_id,
                          .sends = job.sends + 1,
                          .may_begin = [&] { return parts_.leases.time_left(held) > time_needed; }};
  const std::stop_token break_off = parts_.stop.break_off();
  Answer answer = co_await parts_.callback.deliver(delivery, attempt.http, break_off);
  const auto called = CalledPeers::of_callback(parts_.callback_peer, job.job.workspace_id);
  co_return co_await attempt.calls.conclude(called, context, std::move(answer), recorded->at);
}

std::optional<AttemptResult> Pipeline::objection_to_sending(const Attempt& attempt) const {
  const auto called = CalledPeers::of_callback(parts_.callback_peer, attempt.job.job.workspace_id);
  if (auto objection = attempt.calls.objection(called)) return objection;
  if (!parts_.stop.leaves_time_for(parts_.callback.timeout()) || parts_.tally.nothing_settles()) {
    return AttemptResult::not_started(Step::deliver);
  }
  return std::nullopt;
}

void Pipeline::note_deliveries(const ClaimedJob& job, JobContext& context) const {
  if (!context.since_sent) return;
  const auto accepted = parts_.breakers.last_accepted(parts_.callback_peer.name);
  context.delivered_since_send = accepted && accepted->job != job.job.id.value &&
                                 accepted->at > context.started_at - context.since_sent->count();
}

std::optional<NewSpending> Pipeline::spending_of(const JobContext& context,
                                                 const ClaimedJob& job,
                                                 const Spending& spent) const {
  const EligibilityRules& rules = rules_.eligibility;
  const auto budget = workspace_budget(context.config, rules.daily_budget);
  if (!budget || !budget->limits() || spent == Spending{}) return std::nullopt;
  std::string day = workspace_day(context.config, rules.timezone, context.started_at);
  return NewSpending{.workspace_id = job.job.workspace_id, .of_day = {std::move(day), spent}};
}

/// The result for a job that was claimed only to be ended or looked up, and is not over yet.
AttemptResult Pipeline::looked_up(const ClaimedJob& job) const {
  if (!job.in_doubt) return AttemptResult::defer(Step::claim, "held back", kLookedUpWait);
  return AttemptResult::defer(
      Step::deliver, "the host's record does not show it", rules_.eligibility.in_doubt_wait);
}

AttemptResult Pipeline::database_trouble(Step step, const Error& error) {
  switch (error.kind) {
    case ErrorKind::token_lost:
      return AttemptResult::lost(step, error.message);
    case ErrorKind::unavailable:
      parts_.tally.note_database_lost();
      return AttemptResult::lost(step, error.message);
    case ErrorKind::misconfigured:
      // This error ends the run. The job itself is not at fault.
      return AttemptResult::not_started(step, error.message);
    case ErrorKind::busy:
      // Another's lock says nothing about the job, which has not even begun.
      if (step == Step::context) return AttemptResult::not_started(step, error.message);
      break;
    case ErrorKind::refused:
    case ErrorKind::internal:
      break;
  }
  return AttemptResult::retry(step, fmt::format("the database refused: {}", error.message));
}

}  // namespace autoreply
