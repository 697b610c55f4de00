#include "job/host_record.h"

#include <algorithm>
#include <string_view>

#include "base/normal_form.h"

namespace autoreply {
namespace {

constexpr DatabaseTime kClockSlack = 10'000;
/// Shorter texts occur in other messages by chance.
constexpr std::size_t kContainedLettersMin = 20;

struct Row {
  DatabaseTime at = 0;
  std::string text;  ///< comparable
  bool free = true;  ///< not yet matched to a reply, and names none
};

struct Wanted {
  DatabaseTime from = 0;
  std::string text;  ///< comparable
  bool may_be_contained = false;
  bool found = false;
};

/// Whether metadata names any reply: `"aiLogId"` with a value.
bool names_a_reply(std::string_view metadata) {
  constexpr std::string_view kName = "aiLogId";
  const std::size_t at = metadata.find(kName);
  if (at == std::string_view::npos) return false;
  const std::string_view rest = metadata.substr(at + kName.size());
  const std::string_view value =
      rest.substr(std::min(rest.find_first_not_of("\"\\: \t\n"), rest.size()));
  return !value.empty() && !value.starts_with("null") && value[0] != ',' && value[0] != '}';
}

bool names(const SentMessage& message, const SentReply& reply) {
  return !reply.log_id.empty() && message.metadata.find(reply.log_id) != std::string::npos;
}

Wanted wanted(const SentReply& reply, std::span<const SentMessage> messages) {
  return {.from = reply.since - kClockSlack,
          .text = comparable(reply.text),
          .may_be_contained = letter_count(reply.text) >= kContainedLettersMin,
          .found = std::any_of(messages.begin(), messages.end(), [&](const SentMessage& message) {
            return names(message, reply);
          })};
}

/// Matches the reply with the oldest free message that fits.
void take(std::vector<Row>& rows, Wanted& reply, bool contained) {
  if (reply.found || reply.text.empty() || (contained && !reply.may_be_contained)) return;
  const auto row = std::find_if(rows.begin(), rows.end(), [&](const Row& one) {
    if (!one.free || one.at < reply.from) return false;
    return contained ? one.text.find(reply.text) != std::string::npos : one.text == reply.text;
  });
  if (row == rows.end()) return;
  row->free = false;
  reply.found = true;
}

}  // namespace

bool is_delivered(const SentReply& reply,
                  std::span<const SentReply> others,
                  std::span<const SentMessage> messages) {
  std::vector<Row> rows;
  rows.reserve(messages.size());
  for (const SentMessage& message : messages) {
    rows.push_back({message.at, comparable(message.body), !names_a_reply(message.metadata)});
  }
  std::stable_sort(rows.begin(), rows.end(), [](const Row& left, const Row& right) {
    return left.at < right.at;
  });
  std::vector<Wanted> replies;
  replies.reserve(others.size() + 1);
  for (const SentReply& other : others) replies.push_back(wanted(other, messages));
  // Replies with the fewest messages to choose from go first, the one in question goes last.
  std::stable_sort(replies.begin(), replies.end(), [](const Wanted& left, const Wanted& right) {
    return left.from > right.from;
  });
  replies.push_back(wanted(reply, messages));
  for (const bool contained : {false, true}) {
    for (Wanted& one : replies) take(rows, one, contained);
  }
  return replies.back().found;
}

std::optional<DatabaseTime> newest_of_others(std::span<const SentMessage> messages,
                                             std::span<const SentReply> replies) {
  std::vector<Wanted> ours;
  for (const SentReply& reply : replies) {
    std::string text = comparable(reply.text);
    if (!text.empty()) ours.push_back({reply.since - kClockSlack, std::move(text)});
  }
  for (const SentMessage& message : messages) {
    if (names_a_reply(message.metadata)) continue;
    const std::string text = comparable(message.body);
    const bool is_ours = std::any_of(ours.begin(), ours.end(), [&](const Wanted& reply) {
      return message.at >= reply.from && text.find(reply.text) != std::string::npos;
    });
    if (!is_ours) return message.at;
  }
  return std::nullopt;
}

}  // namespace autoreply
