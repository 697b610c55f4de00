#include "program/hosts.h"

#include <stdexcept>
#include <thread>

#include "base/uuid.h"
#include "support/host_data.h"
#include "support/json.h"

namespace autoreply::test {
namespace {

constexpr std::chrono::milliseconds kRetryPause{50};
constexpr std::chrono::seconds kHostPatience{3};

std::string text_of(const ReceivedRequest& request) {
  return parse_json(request.body)["message"].get<std::string>();
}

}  // namespace

Answer Host::serve(const ReceivedRequest& request) {
  if (!send(request)) return {.status = 503, .body = R"({"success":false})"};
  return {.status = 200, .body = R"({"success":true})"};
}

RecordingHost::~RecordingHost() {
  // The server's threads used the session under this lock. Nothing else makes this come after them.
  const std::lock_guard lock(mutex_);
  session_.reset();
}

bool RecordingHost::send(const ReceivedRequest& request) {
  const auto deadline = std::chrono::steady_clock::now() + kHostPatience;
  const std::lock_guard lock(mutex_);
  const std::string id = random_uuid();
  for (bool again = false; !write_down(id, request, again); again = true) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(kRetryPause);
  }
  return true;
}

bool RecordingHost::write_down(const std::string& id, const ReceivedRequest& request, bool again) {
  try {
    // The row may already be written if only the answer was lost.
    if (again &&
        !session_->value("select id from livechat_messages where id = " + sql_literal(id)).empty())
      return true;
    const auto payload = parse_json(request.body);
    HostData(*session_).message({.id = id,
                                 .workspace_id = payload["workspaceId"].get<std::string>(),
                                 .contact_id = payload["contactId"].get<std::string>(),
                                 .direction = "outbound",
                                 .body = payload["message"].get<std::string>(),
                                 .seconds_ago = 0,
                                 .status = "sent",
                                 .msg_type = "sms"});
    return true;
  } catch (const std::runtime_error&) {
    try {
      session_ = session_->another_session();
    } catch (const std::runtime_error&) {
      // The database is still away.
    }
    return false;
  }
}

std::map<std::string, int> RecordingHost::sent() {
  const std::lock_guard lock(mutex_);
  std::map<std::string, int> sent;
  for (const auto& row :
       session_->rows("select body from livechat_messages where direction = 'outbound'")) {
    ++sent[row.at(0)];
  }
  return sent;
}

bool ForgetfulHost::send(const ReceivedRequest& request) {
  const std::lock_guard lock(mutex_);
  ++sent_[text_of(request)];
  return true;
}

std::map<std::string, int> ForgetfulHost::sent() {
  const std::lock_guard lock(mutex_);
  return sent_;
}

}  // namespace autoreply::test
