#include "store/job_calls.h"

#include <utility>

#include "store/batch_answers.h"
#include "store/batch_json.h"

namespace autoreply {

std::vector<SqlCall> start_calls(const Statements& sql,
                                 std::span<const StartRequest> requests,
                                 const ConversationTerms& terms,
                                 const MessageTimes& times) {
  std::vector<SqlCall> calls;
  calls.push_back({sql.start,
                   {{"batch", start_batch(requests)},
                    {"message_types", terms.message_types},
                    {"context_messages", terms.context_messages},
                    {"messages_since", times.since},
                    {"messages_until", times.until}}});
  if (const std::vector<HeldJob> doubtful = jobs_in_doubt(requests); !doubtful.empty()) {
    calls.push_back({sql.find_deliveries, {{"batch", held_batch(doubtful)}}});
  }
  return calls;
}

Results<JobContext> parse_started(std::span<const std::string> answers,
                                  std::span<const StartRequest> requests) {
  Results<JobContext> contexts = parse_contexts(answers.front(), requests);
  if (answers.size() > 1) note_deliveries(answers.back(), requests, contexts);
  return contexts;
}

std::vector<SqlCall> write_calls(const Statements& sql,
                                 std::span<const RecordRequest> records,
                                 std::span<const Settlement> settlements,
                                 const ConversationTerms& terms) {
  std::vector<SqlCall> calls;
  if (!records.empty()) {
    MessageTimes times = message_times(records);
    calls.push_back({sql.record,
                     {{"batch", record_batch(records)},
                      {"message_types", terms.message_types},
                      {"messages_since", std::move(times.since)},
                      {"messages_until", std::move(times.until)}}});
  }
  if (std::string batch = supersede_batch(settlements); !batch.empty()) {
    calls.push_back({sql.supersede, {{"batch", std::move(batch)}}});
  }
  if (!settlements.empty()) {
    calls.push_back({sql.settle, {{"batch", settle_batch(settlements)}}});
  }
  return calls;
}

}  // namespace autoreply
