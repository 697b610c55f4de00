#include "store/distant_messages.h"

#include <cstddef>
#include <utility>
#include <vector>

namespace autoreply {

Result<Results<JobContext>> contexts_of(std::span<const StartRequest> requests,
                                        const AskForContexts& ask) {
  const MessageTimes times = message_times(requests);
  auto contexts = ask(requests, times);
  if (!contexts || times.are_all()) return contexts;
  std::vector<StartRequest> distant;
  std::vector<std::size_t> places;
  for (std::size_t at = 0; at < requests.size(); ++at) {
    if (!(*contexts)[at] || (*contexts)[at]->original) continue;
    distant.push_back(requests[at]);
    places.push_back(at);
  }
  if (distant.empty()) return contexts;
  auto found = ask(distant, MessageTimes{});
  if (!found) return found;
  for (std::size_t at = 0; at < places.size(); ++at) {
    (*contexts)[places[at]] = std::move((*found)[at]);
  }
  return contexts;
}

}  // namespace autoreply
