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
using std::chrono::milliseconds;

/// Namespace of the log ids: the same job always gets the same one, so its log row exists once and
/// the host can tell a repeated callback.
constexpr std::string_view kLogNamespace = "5f4c8f0a-7f2b-5e0c-9d57-5a1f0e6b3c21";

/// Those before the message that the reply answers.
std::vector<std::string> inbound_messages(const JobContext& context) {
  std::vector<std::string> ids;
  for (const Message& message : context.history) {
    if (message.direction == "inbound") ids.push_back(message.id);
  }
  return ids;
}

/// A job that was taken for expired and is not is left alone for so long.
constexpr milliseconds kLookedUpWait = std::chrono::minutes(1);

Verdict deferred(std::string step, Breakers::Objection objection) {
  Verdict made = verdict(Kind::defer, std::move(step), std::move(objection.reason));
  made.scope = objection.scope;
  made.wait = objection.wait;
  return made;
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

DatabaseTime created_at(const JobContext& context) {
  return context.started_at - context.age.count();
}

bool is_refused(const Breaker& breaker) {
  return breaker.is_open() && breaker.cause == Breaker::Cause::refused;
}

}  // namespace

Pipeline::Pipeline(const PipelineRules& rules, const PipelineParts& parts)
    : rules_(rules), parts_(parts), random_(std::random_device{}()) {
}

CallEnd Pipeline::run(const ClaimedJob& job) noexcept {
  Progress progress;
  Verdict found;
  // The boundary of a job: whatever is thrown inside becomes its outcome and touches no other job.
  try {
    found = attempt(job, progress);
  } catch (const std::exception& error) {
    found = verdict(progress.recorded ? Kind::in_doubt : Kind::retry, "run", error.what());
  }
  for (const std::string& breaker : job.probes) {
    if (std::ranges::find(progress.reported, breaker) == progress.reported.end()) {
      parts_.breakers.give_back_probe(breaker, job.job.id);
    }
  }
  std::uniform_real_distribution<double> noise(-1.0, 1.0);
  parts_.settler.settle({.job = job,
                         .verdict = std::move(found),
                         .recorded = progress.recorded,
                         .answered = std::move(progress.answered),
                         .noise = noise(random_)});
  return progress.call_end;
}

Verdict Pipeline::attempt(const ClaimedJob& job, Progress& progress) {
  // Nothing is read or paid for that cannot be sent.
  if (!job.calls_nobody) {
    if (auto objection = objection_to_sending(job)) return *objection;
  }

  const HeldJob held{job.job.id, job.token};
  const auto before_start = BootClock::now();
  auto started = parts_.store.start({held, rules_.lease, job.in_doubt});
  if (!started) return trouble("context", started.error());
  parts_.leases.note_renewal(held.id, before_start);
  JobContext& context = *started;

  note_deliveries(job, context);
  if (auto obstacle = find_obstacle(job, context, rules_.eligibility)) return *obstacle;
  if (job.calls_nobody) return looked_up(job);
  if (rules_.coalesce) progress.answered = inbound_messages(context);

  // A reply that is recorded is sent as it stands: the provider is paid once.
  RecordRequest request{
      .held = held, .job = job.job, .lease = rules_.lease, .sends = job.sends + 1};
  if (context.recorded) {
    request.log_id = context.recorded->log_id;
  } else {
    auto made = make_reply(job, context, progress);
    if (!made) return std::move(made.error());
    request.log_id = uuid_v5(kLogNamespace, job.job.id.value);
    request.reply = std::move(*made);
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
  parts_.leases.note_renewal(held.id, before_record);
  if (objection) return *objection;
  progress.recorded = true;

  // Much else may have changed.
  apply_conditions(durable->conditions, context);
  if (auto obstacle = find_obstacle(job, context, rules_.eligibility)) {
    obstacle->took_back_send = true;
    return *obstacle;
  }

  const Delivery delivery{
      .to = recipient_of(context, rules_.eligibility),
      .text = std::move(durable->text),
      .workspace_id = job.job.workspace_id,
      .contact_id = job.job.contact_id,
      .log_id = log_id,
      .sends = job.sends + 1,
      .may_begin = [&] { return parts_.leases.time_left(held.id) > rules_.callback_timeout; }};
  Answer answer = parts_.callback.deliver(delivery, http_, parts_.stop.break_off());
  return conclude(job,
                  context,
                  {.kind = PeerKind::callback,
                   .wide = parts_.callback_peer,
                   .narrow = of_workspace(parts_.callback_peer, job.job.workspace_id),
                   .owner = Scope::the_operator},
                  std::move(answer),
                  durable->at,
                  progress);
}

std::optional<Verdict> Pipeline::objection_to_sending(const ClaimedJob& job) const {
  const Peer& callback = parts_.callback_peer;
  if (auto objection = parts_.breakers.objection(
          {callback, of_workspace(callback, job.job.workspace_id)}, job)) {
    return deferred("deliver", std::move(*objection));
  }
  if (!parts_.stop.leaves_time_for(rules_.callback_timeout) || parts_.tally.nothing_settles()) {
    return verdict(Kind::not_started, "deliver", "");
  }
  return std::nullopt;
}

void Pipeline::note_deliveries(const ClaimedJob& job, JobContext& context) const {
  if (!context.since_sent) return;
  const auto accepted = parts_.breakers.last_accepted(parts_.callback_peer.name);
  context.delivered_since_send = accepted && accepted->job != job.job.id.value &&
                                 accepted->at > context.started_at - context.since_sent->count();
}

/// A job that was claimed only to see whether it is over, and is not.
Verdict Pipeline::looked_up(const ClaimedJob& job) const {
  if (!job.in_doubt) return verdict(Kind::defer, "claim", "held back", kLookedUpWait);
  return verdict(Kind::defer,
                 "deliver",
                 "the host's record does not show it",
                 rules_.eligibility.in_doubt_wait);
}

tl::expected<Reply, Verdict> Pipeline::make_reply(const ClaimedJob& job,
                                                  const JobContext& context,
                                                  Progress& progress) {
  auto generated = ask_provider(job, context, progress);
  if (!generated) return generated;
  parts_.tally.add_usage(generated->tokens_used, generated->cost_nanodollars);
  generated->text = shaped_for_sms(generated->text, rules_.reply_chars_max);
  if (generated->text.empty()) {
    return tl::unexpected(
        verdict(Kind::retry, "generate", "nothing is left of the reply without its markup"));
  }
  return generated;
}

tl::expected<Reply, NoReply> Pipeline::generate(const ClaimedJob& job, const JobContext& context) {
  if (!context.config && !parts_.generator.overrides_provider()) {
    return tl::unexpected(
        NoReply{{.finding = Finding::wrong_settings,
                 .reason = "the workspace has no row in the configuration table: add one"}});
  }
  return parts_.generator.generate(context.config.value_or(WorkspaceConfig{}),
                                   make_conversation(context),
                                   job.attempt,
                                   rules_.eligibility.max_attempts,
                                   http_,
                                   parts_.stop.break_off());
}

tl::expected<Reply, Verdict> Pipeline::ask_provider(const ClaimedJob& job,
                                                    const JobContext& context,
                                                    Progress& progress) {
  const Route route = parts_.generator.route_of(job.job.workspace_id, context.config);
  const std::vector<Peer> peers = route.peers();
  const Breakers::Call call(parts_.breakers, peers);
  if (auto objection = parts_.breakers.objection(peers, job)) {
    return tl::unexpected(deferred("generate", std::move(*objection)));
  }
  auto generated = generate(job, context);
  CalledPeers called{.kind = PeerKind::provider,
                     .wide = route.key,
                     .narrow = route.model,
                     .settings = route.settings,
                     .owner = route.key_scope};
  progress.call_end = call_end_of(generated ? Finding::accepted : generated.error().answer.finding);
  if (generated) {
    conclude(job, context, called, {.finding = Finding::accepted}, context.started_at, progress);
    return std::move(*generated);
  }
  const Consumption& consumed = generated.error().consumed;
  parts_.tally.add_usage(consumed.usage ? consumed.usage->total : std::nullopt,
                         consumed.cost_nanodollars);
  Answer answer = std::move(generated.error().answer);
  if (answer.finding == Finding::no_operator_key) {
    // A provider that few workspaces have chosen is no business of the operator's.
    if (parts_.breakers.is_missed_operator_key(route.key.name)) {
      called.owner = Scope::the_operator;
    } else {
      answer.finding = Finding::wrong_settings;
    }
  }
  return tl::unexpected(
      conclude(job, context, called, std::move(answer), context.started_at, progress));
}

Verdict Pipeline::conclude(const ClaimedJob& job,
                           const JobContext& context,
                           const CalledPeers& called,
                           Answer answer,
                           DatabaseTime began_at,
                           Progress& progress) {
  if (answer.wait) answer.wait = std::min(*answer.wait, rules_.wait_max);
  const Tidings tidings = tidings_of(called.kind, answer.finding);
  const auto tell = [&](const Peer& peer, CallReport::Result result) {
    return report(job, called, peer, result, answer, began_at, progress);
  };
  const Reported wide = tell(called.wide, tidings.wide);
  // If the answer was counted into the part that concerns the workspace, that is all it says of it.
  const Peer& part = called.kind == PeerKind::provider ? called.settings : called.narrow;
  if (wide.narrow) progress.reported.push_back(part.name);
  if (!wide.narrow || called.narrow.name != part.name) tell(called.narrow, tidings.narrow);
  if (!wide.narrow || called.settings.name != part.name) tell(called.settings, tidings.settings);

  const Breaker& breaker = wide.breaker;
  Circumstances now{.last_attempt = job.attempt >= rules_.eligibility.max_attempts,
                    .is_open = breaker.is_open() || wide.narrow};
  if (wide.scope == Scope::workspace) {
    now.scope = Scope::workspace;
  } else if (tidings.wide == CallReport::Result::refused || wide.scope == Scope::the_operator) {
    now.scope = called.owner;
  } else if (tidings.wide == CallReport::Result::rejected) {
    const bool is_known = is_refused(breaker) && (tidings.evident || answer.words == breaker.words);
    now.scope = is_known ? breaker.scope : wide.scope;
  }
  const DatabaseTime previous = job.previous_claim.value_or(created_at(context));
  now.neighbour_accepted =
      breaker.accepted_at.value_or(0) > previous && breaker.accepted_job != job.job.id.value;
  const DatabaseTime down_since =
      std::max(breaker.failing_since.value_or(context.started_at), created_at(context));
  now.outage_counts = rules_.outage_wait.count() == 0 ||
                      context.started_at - down_since >= rules_.outage_wait.count();
  return judge(called.kind, answer, now);
}

Reported Pipeline::report(const ClaimedJob& job,
                          const CalledPeers& called,
                          const Peer& peer,
                          CallReport::Result result,
                          const Answer& answer,
                          DatabaseTime began_at,
                          Progress& progress) {
  using Result = CallReport::Result;
  const bool is_provider = called.kind == PeerKind::provider;
  const bool is_wide = peer == called.wide;
  // If an outage uses attempts like any failure, nothing is held back for it.
  if (result == Result::down && rules_.outage_wait.count() == 0) result = Result::nothing;
  if (peer.name.empty() || result == Result::nothing) return {};
  const Tidings tidings = tidings_of(called.kind, answer.finding);
  BreakerReport made{.peer = peer,
                     .report = {.job = job.job.id,
                                .result = result,
                                .began_at = began_at,
                                .probe = job.is_probe_of(peer.name),
                                .workspace_id = job.job.workspace_id,
                                .contact_id = job.job.contact_id,
                                .accepted = is_wide && tidings.accepted,
                                .scope = is_wide ? called.owner : Scope::workspace,
                                .reason = answer.reason,
                                .words = answer.words,
                                .evident = tidings.evident,
                                .attempt = job.attempt,
                                .attempts_before = job.attempts_before},
                     .rules = is_provider ? kProviderRules : kCallbackRules};
  if (result == Result::throttled) made.report.wait = throttle_wait(called.kind, answer);
  if (result == Result::down && is_provider)
    made.report.wait = answer.wait.value_or(milliseconds{0});
  if (peer == called.settings) made.rules = kSettingsRules;
  if (is_wide) {
    made.narrow = is_provider ? called.settings : called.narrow;
    made.narrows_failures = !is_provider;
    made.narrow_probe = job.is_probe_of(made.narrow.name);
  }
  progress.reported.push_back(peer.name);
  return parts_.breakers.report(made);
}

Verdict Pipeline::trouble(std::string step, const Error& error) {
  if (error.kind == ErrorKind::token_lost) {
    return verdict(Kind::lost, std::move(step), error.message);
  }
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
