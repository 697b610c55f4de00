#include "program/old_service.h"

#include <algorithm>
#include <array>
#include <exception>

#include "support/endpoint.h"
#include "support/postgres_connection.h"

namespace autoreply::test {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kServicePoll{5};

// The host and its service write like this. They know none of the new columns.
constexpr std::array kStatements{
    "insert into ai_response_queue (workspace_id, contact_id, message_id) "
    "select workspace_id, contact_id, id from livechat_messages "
    " where body = 'Question 0 of Customer 400'",
    "update ai_response_queue set status = 'processing', attempts = attempts + 1 "
    " where contact_id = (select id from contacts where name = 'Customer 400') and status = "
    "'pending'",
    "update ai_response_queue set error = 'still trying' "
    " where contact_id = (select id from contacts where name = 'Customer 399') and status = "
    "'processing'",
};

}  // namespace

OldService::OldService(const std::string& url)
    : thread_([this, url](const std::stop_token& end) { work(url, end); }) {
}

void OldService::work(const std::string& url, const std::stop_token& end) {
  try {
    PostgresConnection connection(url);
    while (!end.stop_requested()) {
      for (const char* statement : kStatements) {
        const auto begin = std::chrono::steady_clock::now();
        connection.run(statement);
        const auto took =
            std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - begin);
        longest_ = std::max(longest_.load(), took);
      }
      ++rounds_;
    }
  } catch (const std::exception& error) {
    trouble_ = error.what();
  }
}

bool OldService::wait_for_rounds(int rounds) const {
  const int wanted = rounds_ + rounds;
  const auto deadline = std::chrono::steady_clock::now() + Endpoint::kPatience;
  while (rounds_ < wanted) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(kServicePoll);
  }
  return true;
}

std::string OldService::stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
  return trouble_;
}

}  // namespace autoreply::test
