#pragma once

#include <chrono>
#include <string>

#include "context/eligibility.h"

namespace autoreply::test {

/// A job that may be answered, until a test changes it.
struct EligibilityCase {
  ClaimedJob job{
      .job = {.id = {"job"}, .workspace_id = "ws", .contact_id = "contact", .message_id = "m"}};
  JobContext context{
      .original = Message{.id = "m",
                          .workspace_id = "ws",
                          .contact_id = "contact",
                          .direction = "inbound",
                          .body = "hello"},
      .history = {},
      .contact =
          Contact{.workspace_id = "ws", .phone_number = "+15550001111", .conversation_status = ""},
      .config = WorkspaceConfig{},
      .recorded = std::nullopt};
  EligibilityRules rules{
      .max_age = std::chrono::hours(24), .max_sends = 2, .in_doubt_wait = std::chrono::minutes(2)};

  /// The early result in words; "none" if the job may be answered.
  [[nodiscard]] std::string found() const {
    using Kind = AttemptResult::Kind;
    const auto result = early_result(job, context, rules);
    if (!result) return "none";
    switch (result->kind) {
      case Kind::skip:
        return "skip: " + result->reason;
      case Kind::reject:
        return "reject: " + result->reason;
      case Kind::retry:
        return "retry: " + result->reason;
      case Kind::defer:
        return "defer: " + result->reason;
      case Kind::in_doubt:
        return "in doubt: " + result->reason;
      case Kind::delivered:
        return "delivered";
      default:
        return "something else";
    }
  }
};

}  // namespace autoreply::test
