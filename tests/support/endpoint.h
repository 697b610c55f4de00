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

/// A request as it arrived at the stand-in.
struct ReceivedRequest {
  std::string path;
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;
  /// Places in the order of everything that happened at the stand-in, both endpoints together;
  /// `answered_at` is 0 while the request has no answer.
  std::uint64_t arrived_at = 0;
  std::uint64_t answered_at = 0;

  /// The header's value, empty where there is none. `name` is in lower case.
  [[nodiscard]] std::string header(const std::string& name) const;
};

/// What the stand-in says to a request.
struct Answer {
  int status = 200;
  std::string body{};
  std::vector<std::pair<std::string, std::string>> headers{};
  std::chrono::milliseconds delay{0};  ///< before the answer; a stop of the stand-in ends it
  bool hang_up = false;                ///< close the connection without a byte of an answer
};

using AnswerTo = std::function<Answer(const ReceivedRequest&)>;

/// One path of the stand-in: what it is to say, and what it was asked. Thread-safe.
///
/// An answer comes from the first of these that has one: the answers scripted for a text in the
/// request's body, the queue of scripted answers, the standing answer. While the endpoint is held,
/// requests are recorded on arrival and wait for `release`.
class Endpoint final {
 public:
  Endpoint(std::string path, AnswerTo standing, std::function<std::uint64_t()> next_event);
  Endpoint(const Endpoint&) = delete;
  Endpoint& operator=(const Endpoint&) = delete;

  /// Says this to one of the next requests, after all that was scripted before.
  void script(Answer answer);
  void script(AnswerTo answer);
  /// Likewise, to a request whose body contains `text` (a phone number, a contact's id).
  void script_for(std::string text, Answer answer);
  void script_for(std::string text, AnswerTo answer);
  /// Says this whenever nothing is scripted, from now on.
  void answer_always(Answer answer);
  void answer_always(AnswerTo answer);

  /// Keeps every request waiting, those that come later too, until `release`.
  void hold();
  void release();

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::size_t count() const;
  [[nodiscard]] std::vector<ReceivedRequest> requests() const;
  /// The largest number of requests that were under way at the same time.
  [[nodiscard]] std::size_t most_in_flight() const;
  /// Whether `count` requests arrived in all before `patience` was over.
  [[nodiscard]] bool wait_for_requests(std::size_t count,
                                       std::chrono::milliseconds patience = kPatience) const;

  /// Bound of every wait for something that must happen; not expected to pass.
  static constexpr std::chrono::milliseconds kPatience{60'000};

  /// Records the request, waits as the script says, and returns what to answer. For the server.
  [[nodiscard]] Answer serve(ReceivedRequest request);
  /// Ends all waiting, for good. For the server.
  void stop();

 private:
  [[nodiscard]] AnswerTo take_answer(const std::string& body);

  const std::string path_;
  const std::function<std::uint64_t()> next_event_;

  mutable std::mutex mutex_;  ///< guards all below
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
