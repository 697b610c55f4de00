#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "support/endpoint.h"
#include "support/test_database.h"

namespace autoreply::test {

/// A host that sends whatever it is asked to send, as often as it is asked, and looks at no
/// Idempotency-Key. Thread-safe.
class Host {
 public:
  virtual ~Host() = default;

  /// Sends the SMS; false where it could not be sent.
  virtual bool send(const ReceivedRequest& request) = 0;
  /// How often it sent each text.
  virtual std::map<std::string, int> sent() = 0;

  /// Sends and says so.
  Answer serve(const ReceivedRequest& request);
};

/// One that keeps a record: what it sends is in `livechat_messages` before it answers, and nothing
/// else counts as sent. Waits out a database that is away for a moment.
class RecordingHost final : public Host {
 public:
  explicit RecordingHost(const TestDatabase& database) : session_(database.another_session()) {}
  ~RecordingHost() override;

  bool send(const ReceivedRequest& request) override;
  std::map<std::string, int> sent() override;

 private:
  bool write_down(const std::string& id, const ReceivedRequest& request, bool again);

  std::mutex mutex_;
  std::unique_ptr<TestDatabase> session_;
};

/// One whose messages nobody can look up.
class ForgetfulHost final : public Host {
 public:
  bool send(const ReceivedRequest& request) override;
  std::map<std::string, int> sent() override;

 private:
  std::mutex mutex_;
  std::map<std::string, int> sent_;
};

}  // namespace autoreply::test
