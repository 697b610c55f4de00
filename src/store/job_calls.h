#pragma once

#include <span>
#include <string>
#include <vector>

#include "statements.h"
#include "store/distant_messages.h"
#include "store/job_store.h"
#include "store/sql_transaction.h"

namespace autoreply {

// The statements of which the frequent calls of `JobStore` consist, and what follows from their
// answers.

/// What is read of a conversation.
struct ConversationTerms {
  std::string message_types;     ///< JSON, as in start.sql
  std::string context_messages;  ///< their number
};

[[nodiscard]] std::vector<SqlCall> start_calls(const Statements& sql,
                                               std::span<const StartRequest> requests,
                                               const ConversationTerms& terms,
                                               const MessageTimes& times);
/// Reads the answers to `start_calls`.
[[nodiscard]] Results<JobContext> parse_started(std::span<const std::string> answers,
                                                std::span<const StartRequest> requests);

/// Older jobs are ended before the settlements, under whose tokens that happens.
[[nodiscard]] std::vector<SqlCall> write_calls(const Statements& sql,
                                               std::span<const RecordRequest> records,
                                               std::span<const Settlement> settlements,
                                               const ConversationTerms& terms);

}  // namespace autoreply
