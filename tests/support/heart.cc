#include "support/heart.h"

#include <algorithm>
#include <memory>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/log.h"
#include "deliver/callback.h"
#include "generate/generator.h"

namespace autoreply::test {
namespace {

constexpr const char* kCallbackUrl = "https://host.test/send-sms";

}  // namespace

class FakeSender final : public HttpSender {
 public:
  explicit FakeSender(FakePeers& peers) : peers_(peers) {}

  Task<HttpResult> post(const HttpRequest& request, const std::stop_token& stop) override {
    if (stop.stop_requested()) {
      co_return tl::unexpected(
          HttpFailure{.kind = HttpFailure::Kind::stopped, .message = "stopped"});
    }
    if (request.may_begin && !request.may_begin()) {
      co_return tl::unexpected(
          HttpFailure{.kind = HttpFailure::Kind::withheld, .message = "withheld"});
    }
    const bool to_provider = request.url != kCallbackUrl;
    {
      const std::scoped_lock lock(peers_.mutex_);
      peers_.calls.push_back({to_provider, request.url, std::string(request.body)});
    }
    const FakePeers::Answer& answer = to_provider ? peers_.provider : peers_.callback;
    co_return answer(request);
  }

 private:
  FakePeers& peers_;
};

SenderMaker FakePeers::maker() {
  return [this](Loop&) { return std::make_unique<FakeSender>(*this); };
}

int FakePeers::calls_of(bool to_provider) const {
  const std::scoped_lock lock(mutex_);
  return static_cast<int>(std::ranges::count(calls, to_provider, &Call::to_provider));
}

FakePeers::Answer FakePeers::with(int status, std::string body) {
  return [status, body = std::move(body)](const HttpRequest&) -> HttpResult {
    HttpResponse response;
    response.status = status;
    response.headers.add("content-type", "application/json");
    response.body = body;
    return response;
  };
}

FakePeers::Answer FakePeers::with_reply(const std::string& text) {
  const nlohmann::json completion{
      {"model", "gpt-4o-mini"},
      {"choices",
       {{{"finish_reason", "stop"}, {"message", {{"role", "assistant"}, {"content", text}}}}}},
      {"usage", {{"prompt_tokens", 10}, {"completion_tokens", 5}, {"total_tokens", 15}}}};
  return with(200, completion.dump());
}

FakePeers::Answer FakePeers::failing(HttpFailure::Kind kind, bool request_sent) {
  return [kind, request_sent](const HttpRequest&) -> HttpResult {
    return tl::unexpected(
        HttpFailure{.kind = kind, .request_sent = request_sent, .message = "no answer"});
  };
}

const Peer Heart::kCallback{"callback:heart", "the callback"};

Heart::Heart() {
  using std::chrono::hours;
  using std::chrono::minutes;
  rules.pace = {.limit = 100, .concurrency = 1};
  rules.claim.lease = minutes(2);
  rules.claim.probe_lease = minutes(2);
  rules.claim.max_attempts = 3;
  rules.claim.callback = kCallback;
  rules.pipeline.lease = minutes(2);
  rules.pipeline.reply.units_max = 1'600;
  rules.pipeline.calls = {.max_attempts = 3, .wait_max = hours(1), .outage_wait = hours(24)};
  rules.pipeline.eligibility.max_age = hours(24);
  rules.pipeline.eligibility.max_sends = 2;
  rules.pipeline.eligibility.in_doubt_wait = minutes(2);
  rules.retry = {.max_attempts = 3, .backoff = {}, .in_doubt_wait = minutes(2)};
}

std::string Heart::add_job(const std::string& workspace_id) {
  return database.queue.add(workspace_id).id;
}

Summary Heart::run() {
  const Generator generator(
      {.timeout = std::chrono::seconds(60),
       .provider_override = {},
       .keys = {},
       .environment = [](const std::string&) { return std::optional<std::string>(); }});
  const Callback callback({.url = kCallbackUrl, .token = {}, .timeout = std::chrono::seconds(15)});
  const Log log(LogLevel::error, LogFormat::text, "heart");
  StopSignal stop_signal(std::chrono::seconds(25), std::chrono::milliseconds{0});
  stop_signal.begin_work();
  stop = &stop_signal;
  rules.claim.route_of = [&](const RouteRequest& request) {
    return generator.known_route_of(request.workspace_id, request.config);
  };
  rules.claim.read_route = [&](const RouteRequest& request) {
    return generator.route_of(request.workspace_id, request.config);
  };
  auto store = database.opener()();
  const RunParts parts{.store = **store,
                       .open_store = database.opener(),
                       .make_sender = peers.maker(),
                       .generator = generator,
                       .callback = callback,
                       .callback_peer = kCallback,
                       .stop = stop_signal,
                       .log = log};
  Summary summary = run_jobs(rules, parts);
  stop = nullptr;
  return summary;
}

std::string Heart::note_of(const std::string& job_id) const {
  const auto found = database.settlements.find(job_id);
  return found == database.settlements.end() ? "" : found->second.note.value_or("");
}

}  // namespace autoreply::test
