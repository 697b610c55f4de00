#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "support/endpoint.h"
#include "support/test_database.h"

namespace autoreply::test {

/// A host that sends everything it is asked to send, as often as it is asked, and ignores the
/// Idempotency-Key. Thread-safe.
class Host {
 public:
  virtual ~Host() = default;

  /// Sends the SMS. Returns false if it could not be sent.
  virtual bool send(const ReceivedRequest& request) = 0;
  /// How often the host sent each text.
  virtual std::map<std::string, int> sent() = 0;

  /// Sends the SMS and answers whether it was sent.
  Answer serve(const ReceivedRequest& request);
};

/// A host that keeps a record: it writes each message to `livechat_messages` before it answers, and
/// nothing else counts as sent. Waits for a database that is briefly away.
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

/// A host that keeps no record of its messages.
class ForgetfulHost final : public Host {
 public:
  bool send(const ReceivedRequest& request) override;
  std::map<std::string, int> sent() override;

 private:
  std::mutex mutex_;
  std::map<std::string, int> sent_;
};

}  // namespace autoreply::test
