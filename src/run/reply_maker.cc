#include "run/reply_maker.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "context/conversation_builder.h"

namespace autoreply {
namespace {

using std::chrono::milliseconds;

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

bool is_retry(const AttemptResult& result) {
  return result.kind == AttemptResult::Kind::retry;
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

Task<ReplyMaker::Made> ReplyMaker::make(const ClaimedJob& job,
                                        const JobContext& context,
                                        GuardedCalls& calls,
                                        HttpSender& http) const {
  Work work{.job = job, .context = context, .calls = calls, .http = http};
  auto reply = co_await ask(work);
  if (!reply) co_return Made{std::move(reply), work.call_end, work.spent};
  count_usage(work, reply->provider, reply->model, reply->tokens_used, reply->cost_nanodollars);
  reply->text = shaped_for_sms(reply->text, rules_.reply);
  if (reply->text.empty()) {
    reply = tl::unexpected(
        AttemptResult::retry(Step::generate, "nothing is left of the reply without its markup"));
  }
  co_return Made{std::move(reply), work.call_end, work.spent};
}

Task<tl::expected<Reply, AttemptResult>> ReplyMaker::ask(Work& work) const {
  const ClaimedJob& job = work.job;
  const std::optional<WorkspaceConfig>& config = work.context.config;
  const Route route = parts_.generator.route_of(job.job.workspace_id, config);
  if (!route.fallback_problem.empty()) {
    parts_.notices.say_once(
        "fallback_unusable",
        {{"workspace", job.job.workspace_id}, {"reason", route.fallback_problem}});
  }
  if (!route.fallback) {
    Asked asked = co_await ask(work, route, config);
    co_return std::move(asked.reply);
  }
  const bool is_probe = is_probe_of(job, route);
  const bool prefers_fallback =
      !is_probe && (has_failed_at_first(job.previous) || is_probe_of(job, *route.fallback));
  if (prefers_fallback) {
    Asked asked = co_await ask_fallback(work, *route.fallback);
    if (asked.was_called) co_return std::move(asked.reply);
  }
  Asked asked = co_await ask(work, route, config);
  if (asked.reply) co_return std::move(asked.reply);
  AttemptResult& result = asked.reply.error();
  // A customer whose job was the probe, or has no other attempt, does not wait for one.
  const bool is_last = job.attempt >= rules_.max_attempts;
  const bool goes_on =
      !asked.was_called || ((is_deferral(result) || is_retry(result)) && (is_probe || is_last));
  if (goes_on && !prefers_fallback) {
    Asked other = co_await ask_fallback(work, *route.fallback);
    if (other.was_called) co_return std::move(other.reply);
  }
  // The fallback need not wait until the first provider takes calls again.
  result.wait = is_deferral(result) ? AttemptResult::Wait(kFallbackWait) : std::nullopt;
  co_return std::move(asked.reply);
}

Task<ReplyMaker::Asked> ReplyMaker::ask_fallback(Work& work, const Route& fallback) const {
  const auto config = parts_.generator.fallback_of(work.context.config.value());
  Asked asked = co_await ask(work, fallback, config);
  if (!asked.reply) asked.reply.error().reason.insert(0, kByFallback);
  co_return asked;
}

Task<ReplyMaker::Asked> ReplyMaker::ask(Work& work,
                                        const Route& route,
                                        const std::optional<WorkspaceConfig>& config) const {
  CalledPeers called = CalledPeers::of_provider(route);
  const Breakers::Call call(parts_.breakers, called.in_order());
  if (auto objection = work.calls.objection(called)) {
    co_return Asked{.reply = tl::unexpected(std::move(*objection)), .was_called = false};
  }
  const auto began = std::chrono::steady_clock::now();
  auto generated = co_await generate(work, config);
  parts_.tally.add_latency(route.provider,
                           std::chrono::duration_cast<std::chrono::milliseconds>(
                               std::chrono::steady_clock::now() - began));
  // A call to another address says nothing about the one that the claim counted the job to.
  if (route.address == work.job.provider_address) {
    work.call_end = call_end_of(generated ? Finding::accepted : generated.error().answer.finding);
  }
  const DatabaseTime began_at = work.context.started_at;
  if (generated) {
    Answer accepted{.finding = Finding::accepted};
    co_await work.calls.conclude(called, work.context, std::move(accepted), began_at);
    co_return Asked{.reply = std::move(*generated)};
  }
  const Consumption& consumed = generated.error().consumed;
  count_usage(work,
              consumed.provider,
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
  AttemptResult result =
      co_await work.calls.conclude(called, work.context, std::move(answer), began_at);
  co_return Asked{.reply = tl::unexpected(std::move(result))};
}

Task<tl::expected<Reply, NoReply>> ReplyMaker::generate(
    const Work& work, const std::optional<WorkspaceConfig>& config) const {
  if (!config && !parts_.generator.overrides_provider()) {
    co_return tl::unexpected(
        NoReply{{.finding = Finding::wrong_settings,
                 .reason = "the workspace has no row in the configuration table: add one"}});
  }
  const Conversation conversation = make_conversation(work.context, rules_.timezone);
  for (const std::string& name : conversation.unknown_placeholders) {
    parts_.notices.say_once("unknown_placeholder",
                            {{"workspace", work.job.job.workspace_id}, {"name", name}});
  }
  const int cut_answers = work.job.previous.was_cut_or_empty ? work.job.attempt - 1 : 0;
  const AttemptFacts facts{
      .attempt = work.job.attempt, .max_attempts = rules_.max_attempts, .cut_answers = cut_answers};
  const WorkspaceConfig settings = config.value_or(WorkspaceConfig());
  const std::stop_token break_off = parts_.stop.break_off();
  co_return co_await parts_.generator.generate(settings, conversation, facts, work.http, break_off);
}

void ReplyMaker::count_usage(Work& work,
                             const std::string& provider,
                             const std::string& model,
                             std::optional<std::int64_t> tokens,
                             std::optional<std::int64_t> cost_nanodollars) const {
  parts_.tally.add_usage(tokens, cost_nanodollars);
  work.spent.add(tokens, cost_nanodollars);
  if (tokens && !cost_nanodollars) {
    parts_.notices.say_once("unknown_price", {{"provider", provider}, {"model", model}});
  }
}

}  // namespace autoreply
