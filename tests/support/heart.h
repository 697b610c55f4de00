#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "net/http_sender.h"
#include "run/run.h"
#include "support/fake_store.h"

namespace autoreply::test {

/// Provider and host in one, without a network. Answers requests and remembers them.
class FakePeers final {
 public:
  struct Call {
    bool to_provider = false;
    std::string url;
    std::string body;
  };
  using Answer = std::function<HttpResult(const HttpRequest&)>;

  /// Returns a maker of senders. The peers must outlive the senders.
  [[nodiscard]] SenderMaker maker();
  /// The number of calls to the provider, or to the callback if `to_provider` is false.
  [[nodiscard]] int calls_of(bool to_provider) const;

  /// An answer with an HTTP status and a JSON body.
  [[nodiscard]] static Answer with(int status, std::string body);
  /// A provider's reply in the format of OpenAI's chat completions.
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

/// Runs jobs without a process, a database or a network. Tests set the members before `run`.
class Heart final {
 public:
  Heart();

  /// Adds a due job and returns its id.
  std::string add_job(const std::string& workspace_id = "ws");

  /// Does one run.
  Summary run();

  /// The text that the last settlement wrote into the job's column `outcome`. Empty: it wrote none.
  [[nodiscard]] std::string note_of(const std::string& job_id) const;

  FakeDatabase database;
  FakePeers peers;
  RunRules rules;
  StopSignal* stop = nullptr;  ///< set during `run`

  static const Peer kCallback;
};

}  // namespace autoreply::test
