#include "run/pipeline.h"

#include <algorithm>
#include <exception>
#include <utility>

#include <fmt/format.h>

#include "base/uuid.h"
#include "context/conversation_builder.h"
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

/// How long a job waits if the claim took it for expired and it is not.
constexpr milliseconds kLookedUpWait = std::chrono::minutes(1);

/// How long a job waits that its workspace's fallback is to answer.
constexpr milliseconds kFallbackWait = std::chrono::seconds(1);

/// Whether the workspace's first provider failed in the attempt before. One that ran out of tokens
/// works, and gets more.
bool has_failed_at_first(const PreviousAttempt& previous) {
  return previous.failed_to_generate && !previous.by_fallback && !previous.ran_out_of_tokens;
}

bool is_deferral(const AttemptResult& result) {
  return result.kind == AttemptResult::Kind::defer;
}

bool is_probe_of(const ClaimedJob& job, const Route& route) {
  return std::ranges::any_of(route.peers(),
                             [&](const Peer& peer) { return job.is_probe_of(peer.name); });
}

CallEnd call_end_of(Finding finding) {
  switch (finding) {
    case Finding::unreachable:
    case Finding::down:
      return CallEnd::failed;
    case Finding::not_sent:
    case Finding::no_resources:
    case Finding::wrong_settings:
    case Finding::no_operator_key:
      return CallEnd::none;
    default:
      return CallEnd::answered;
  }
}

}  // namespace

Pipeline::Pipeline(const PipelineRules& rules, const PipelineParts& parts)
    : rules_(rules), parts_(parts), http_(parts.make_sender()), random_(std::random_device{}()) {
}

CallEnd Pipeline::run(const ClaimedJob& job) noexcept {
  Attempt attempt{.job = job, .calls = GuardedCalls(parts_.breakers, rules_.calls, job)};
  AttemptResult result;
  // An exception becomes the outcome of this job and must not affect any other job.
  try {
    result = take_through(attempt);
  } catch (const std::exception& error) {
    result = attempt.transmission_recorded ? AttemptResult::in_doubt(Step::run, error.what())
                                           : AttemptResult::retry(Step::run, error.what());
  }
  attempt.calls.give_back_unused_probes();
  std::uniform_real_distribution<double> noise(-1.0, 1.0);
  parts_.settler.settle({.job = job,
                         .result = std::move(result),
                         .recorded = attempt.transmission_recorded,
                         .answered = std::move(attempt.answered),
                         .segments = attempt.segments,
                         .noise = noise(random_)});
  return attempt.call_end;
}

AttemptResult Pipeline::take_through(Attempt& attempt) {
  const ClaimedJob& job = attempt.job;
  // If the reply cannot be sent, reading the context and paying for a reply would be a waste.
  if (!job.calls_nobody) {
    if (auto objection = objection_to_sending(attempt)) return *objection;
  }

  const HeldJob held{job.job.id, job.token};
  const auto before_start = BootClock::now();
  auto started = parts_.store.start({held, rules_.lease, job.in_doubt, job.job.created_at});
  if (!started) return database_trouble(Step::context, started.error());
  parts_.leases.note_renewal(held, before_start);
  JobContext& context = *started;

  if (context.recorded) attempt.segments = sms_size(context.recorded->text).segments;
  note_deliveries(job, context);
  if (auto result = early_result(job, context, rules_.eligibility)) return *result;
  if (job.calls_nobody) return looked_up(job);
  if (rules_.coalesce) attempt.answered = inbound_messages(context);

  // A recorded reply is sent unchanged, so the provider is paid only once.
  RecordRequest request{
      .held = held, .job = job.job, .lease = rules_.lease, .sends = job.sends + 1};
  if (context.recorded) {
    request.log_id = context.recorded->log_id;
  } else {
    auto made = make_reply(attempt, context);
    if (!made) return std::move(made.error());
    request.log_id = uuid_v5(kLogNamespace, job.job.id.value);
    request.reply = std::move(*made);
  }
  // During the provider's call, a stop may have come or the callback may have gone down. The reply
  // is already paid for, so it is kept for a later attempt.
  const auto objection = objection_to_sending(attempt);
  if (objection) {
    if (context.recorded) return *objection;
    request.transmits = false;
    request.sends = job.sends;
  }

  // Sending is irreversible: the reply must first be durable, and this run must still hold the job.
  const std::string log_id = request.log_id;
  const auto before_record = BootClock::now();
  auto recorded = parts_.store.record(std::move(request));
  if (!recorded) return database_trouble(Step::record, recorded.error());
  parts_.leases.note_renewal(held, before_record);
  if (objection) return *objection;
  attempt.transmission_recorded = true;
  attempt.segments = sms_size(recorded->text).segments;

  // During the provider's call, the job's conditions may have changed as well.
  apply_conditions(recorded->conditions, context);
  if (auto result = early_result(job, context, rules_.eligibility)) {
    result->took_back_send = true;
    return *result;
  }

  const milliseconds time_needed = parts_.callback.timeout();
  const Delivery delivery{.to = recipient_of(context, rules_.eligibility),
                          .text = std::move(recorded->text),
                          .workspace_id = job.job.workspace_id,
                          .contact_id = job.job.contact_id,
                          .log_id = log_id,
                          .sends = job.sends + 1,
                          .may_begin = [&] { return parts_.leases.time_left(held) > time_needed; }};
  Answer answer = parts_.callback.deliver(delivery, *http_, parts_.stop.break_off());
  return attempt.calls.conclude(
      CalledPeers::of_callback(parts_.callback_peer, job.job.workspace_id),
      context,
      std::move(answer),
      recorded->at);
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

/// The result for a job that was claimed only to be ended or looked up, and is not over yet.
AttemptResult Pipeline::looked_up(const ClaimedJob& job) const {
  if (!job.in_doubt) return AttemptResult::defer(Step::claim, "held back", kLookedUpWait);
  return AttemptResult::defer(
      Step::deliver, "the host's record does not show it", rules_.eligibility.in_doubt_wait);
}

tl::expected<Reply, AttemptResult> Pipeline::make_reply(Attempt& attempt,
                                                        const JobContext& context) {
  auto generated = ask_provider(attempt, context);
  if (!generated) return generated;
  count_usage(
      generated->provider, generated->model, generated->tokens_used, generated->cost_nanodollars);
  generated->text = shaped_for_sms(generated->text, rules_.reply);
  if (generated->text.empty()) {
    return tl::unexpected(
        AttemptResult::retry(Step::generate, "nothing is left of the reply without its markup"));
  }
  return generated;
}

tl::expected<Reply, AttemptResult> Pipeline::ask_provider(Attempt& attempt,
                                                          const JobContext& context) {
  const ClaimedJob& job = attempt.job;
  const Route route = parts_.generator.route_of(job.job.workspace_id, context.config);
  if (!route.fallback_problem.empty()) {
    parts_.notices.say_once(
        "fallback_unusable",
        {{"workspace", job.job.workspace_id}, {"reason", route.fallback_problem}});
  }
  const bool has_fallback = route.fallback != nullptr;
  const bool is_probe = is_probe_of(job, route);
  const bool prefers_fallback =
      has_fallback && !is_probe &&
      (has_failed_at_first(job.previous) || is_probe_of(job, *route.fallback));
  const auto ask_fallback = [&] {
    Asked asked = ask(
        attempt, context, *route.fallback, parts_.generator.fallback_of(context.config.value()));
    if (!asked.reply) asked.reply.error().reason.insert(0, kByFallback);
    return asked;
  };
  if (prefers_fallback) {
    if (Asked asked = ask_fallback(); asked.was_called) return std::move(asked.reply);
  }
  Asked asked = ask(attempt, context, route, context.config);
  // The customer whose job was the probe need not wait for another attempt.
  const bool goes_on =
      !asked.was_called || (is_probe && !asked.reply && is_deferral(asked.reply.error()));
  if (goes_on && has_fallback && !prefers_fallback) {
    if (Asked other = ask_fallback(); other.was_called) return std::move(other.reply);
  }
  // The fallback need not wait until the first provider takes calls again.
  if (!asked.reply && route.fallback) {
    AttemptResult& result = asked.reply.error();
    result.wait = is_deferral(result) ? AttemptResult::Wait(kFallbackWait) : std::nullopt;
  }
  return std::move(asked.reply);
}

Pipeline::Asked Pipeline::ask(Attempt& attempt,
                              const JobContext& context,
                              const Route& route,
                              const std::optional<WorkspaceConfig>& config) {
  CalledPeers called = CalledPeers::of_provider(route);
  const Breakers::Call call(parts_.breakers, called.in_order());
  if (auto objection = attempt.calls.objection(called)) {
    return {.reply = tl::unexpected(std::move(*objection)), .was_called = false};
  }
  auto generated = generate(attempt.job, context, config);
  // The claim may have counted the job to another address, about which this call says nothing.
  if (route.address == attempt.job.provider_address) {
    attempt.call_end =
        call_end_of(generated ? Finding::accepted : generated.error().answer.finding);
  }
  if (generated) {
    attempt.calls.conclude(called, context, {.finding = Finding::accepted}, context.started_at);
    return {.reply = std::move(*generated)};
  }
  const Consumption& consumed = generated.error().consumed;
  count_usage(consumed.provider,
              consumed.model,
              consumed.usage ? consumed.usage->total : std::nullopt,
              consumed.cost_nanodollars);
  Answer answer = std::move(generated.error().answer);
  if (answer.finding == Finding::no_operator_key) {
    // The operator must supply a key only if most workspaces rely on it.
    if (parts_.breakers.is_missed_operator_key(route.key.name)) {
      called.owner = Scope::the_operator;
    } else {
      answer.finding = Finding::wrong_settings;
    }
  }
  return {.reply = tl::unexpected(
              attempt.calls.conclude(called, context, std::move(answer), context.started_at))};
}

void Pipeline::count_usage(const std::string& provider,
                           const std::string& model,
                           std::optional<std::int64_t> tokens,
                           std::optional<std::int64_t> cost_nanodollars) {
  parts_.tally.add_usage(tokens, cost_nanodollars);
  if (tokens && !cost_nanodollars) {
    parts_.notices.say_once("unknown_price", {{"provider", provider}, {"model", model}});
  }
}

tl::expected<Reply, NoReply> Pipeline::generate(const ClaimedJob& job,
                                                const JobContext& context,
                                                const std::optional<WorkspaceConfig>& config) {
  if (!config && !parts_.generator.overrides_provider()) {
    return tl::unexpected(
        NoReply{{.finding = Finding::wrong_settings,
                 .reason = "the workspace has no row in the configuration table: add one"}});
  }
  const Conversation conversation = make_conversation(context, rules_.eligibility.timezone);
  for (const std::string& name : conversation.unknown_placeholders) {
    parts_.notices.say_once("unknown_placeholder",
                            {{"workspace", job.job.workspace_id}, {"name", name}});
  }
  return parts_.generator.generate(
      config.value_or(WorkspaceConfig{}),
      conversation,
      {.attempt = job.attempt,
       .max_attempts = rules_.calls.max_attempts,
       .cut_answers = job.previous.was_cut_or_empty ? job.attempt - 1 : 0},
      *http_,
      parts_.stop.break_off());
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
    case ErrorKind::refused:
    case ErrorKind::internal:
      break;
  }
  return AttemptResult::retry(step, fmt::format("the database refused: {}", error.message));
}

}  // namespace autoreply
