#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "net/http_sender.h"
#include "run/run.h"
#include "support/fake_store.h"

namespace autoreply::test {

/// Provider and host in one, without a network: answers what is sent, and remembers it.
class FakePeers final {
 public:
  struct Call {
    bool to_provider = false;
    std::string url;
    std::string body;
  };
  using Answer = std::function<HttpResult(const HttpRequest&)>;

  /// The peers outlive what it makes.
  [[nodiscard]] SenderMaker maker();
  /// Of the provider, or of the callback.
  [[nodiscard]] int calls_of(bool to_provider) const;

  /// An answer with a status and a body.
  [[nodiscard]] static Answer with(int status, std::string body);
  /// A reply of a provider that speaks OpenAI's chat completions.
  [[nodiscard]] static Answer with_reply(const std::string& text);
  /// No answer.
  [[nodiscard]] static Answer failing(HttpFailure::Kind kind, bool request_sent);

  Answer provider = with_reply("We open at 7.");
  Answer callback = with(200, R"({"success":true})");
  std::vector<Call> calls;

 private:
  friend class FakeSender;
  mutable std::mutex mutex_;  // guards `calls` during a run
};

/// The flow of a run without a process, a database and a network. Members are there to be set
/// before `run`.
class Heart final {
 public:
  Heart();

  /// Adds a due job, and returns its id.
  std::string add_job(const std::string& workspace_id = "ws");

  /// One run.
  Summary run();

  /// What the last settlement left in the job's column `outcome`; empty if there was none.
  [[nodiscard]] std::string note_of(const std::string& job_id) const;

  FakeDatabase database;
  FakePeers peers;
  RunRules rules;
  StopSignal* stop = nullptr;  ///< while `run` runs

  static const Peer kCallback;
};

}  // namespace autoreply::test
