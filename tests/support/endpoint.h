#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace autoreply::test {

/// A request as the stand-in received it.
struct ReceivedRequest {
  std::string path;
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;
  /// Positions in the order of all events at the stand-in, across both endpoints. `answered_at` is
  /// 0 until the request is answered.
  std::uint64_t arrived_at = 0;
  std::uint64_t answered_at = 0;

  /// Returns the header's value; empty if it is missing. `name` must be in lower case.
  [[nodiscard]] std::string header(const std::string& name) const;
};

/// The stand-in's answer to a request.
struct Answer {
  int status = 200;
  std::string body{};
  std::vector<std::pair<std::string, std::string>> headers{};
  std::chrono::milliseconds delay{0};  ///< before the answer; stopping the stand-in ends it
  bool hang_up = false;                ///< close the connection without answering a single byte
};

using AnswerTo = std::function<Answer(const ReceivedRequest&)>;

/// One path of the stand-in: its answers and the requests that it received. Thread-safe.
///
/// The first of these that has an answer provides it: the answers scripted for a text in the
/// request's body, the queue of scripted answers, the standing answer. While the endpoint is held,
/// requests are recorded on arrival and wait for `release`.
class Endpoint final {
 public:
  Endpoint(std::string path, AnswerTo standing, std::function<std::uint64_t()> next_event);
  Endpoint(const Endpoint&) = delete;
  Endpoint& operator=(const Endpoint&) = delete;

  /// Gives this answer to one of the next requests, after everything scripted before.
  void script(Answer answer);
  void script(AnswerTo answer);
  /// Same for a request whose body contains `text` (a phone number, a contact's id).
  void script_for(std::string text, Answer answer);
  void script_for(std::string text, AnswerTo answer);
  /// From now on, gives this answer if nothing is scripted.
  void answer_always(Answer answer);
  void answer_always(AnswerTo answer);

  /// Makes all requests wait until `release`, including later ones.
  void hold();
  void release();

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::size_t count() const;
  [[nodiscard]] std::vector<ReceivedRequest> requests() const;
  /// Returns the largest number of requests that were in progress at the same time.
  [[nodiscard]] std::size_t most_in_flight() const;
  /// Returns whether `count` requests in total arrived within `patience`.
  [[nodiscard]] bool wait_for_requests(std::size_t count,
                                       std::chrono::milliseconds patience = kPatience) const;

  /// Upper bound for anything that must happen; never expected to be reached.
  static constexpr std::chrono::milliseconds kPatience{60'000};

  /// Records the request, waits as scripted and returns the answer. For the server.
  [[nodiscard]] Answer serve(ReceivedRequest request);
  /// Ends all waiting for good. For the server.
  void stop();

 private:
  [[nodiscard]] AnswerTo take_answer(const std::string& body);

  const std::string path_;
  const std::function<std::uint64_t()> next_event_;

  mutable std::mutex mutex_;  ///< guards everything below
  mutable std::condition_variable changed_;
  std::deque<AnswerTo> scripted_;
  std::vector<std::pair<std::string, AnswerTo>> scripted_for_;
  AnswerTo standing_;
  std::vector<ReceivedRequest> requests_;
  std::size_t in_flight_ = 0;
  std::size_t most_in_flight_ = 0;
  bool held_ = false;
  bool stopping_ = false;
};

}  // namespace autoreply::test
