#pragma once

#include <cstddef>
#include <functional>
#include <iterator>
#include <span>
#include <utility>
#include <vector>

#include "base/result.h"

namespace autoreply {

/// Runs `work` on a batch. If it fails with an error that `lies_with_batch` blames on the batch,
/// halves the batch until each culprit is alone. Returns one result per request, in order. `work`
/// takes a span of requests and returns one result per request, or an error if it has changed
/// nothing. Calls `work` at most 2n times.
template <class Request, class Value>
[[nodiscard]] Results<Value> halve_until_done(
    std::span<const Request> requests,
    const std::function<Result<Results<Value>>(std::span<const Request>)>& work,
    const std::function<bool(const Error&)>& lies_with_batch) {
  Results<Value> results;
  if (requests.empty()) return results;
  Result<Results<Value>> done = work(requests);
  if (done) return std::move(*done);
  if (requests.size() == 1 || !lies_with_batch(done.error())) {
    for (std::size_t at = 0; at < requests.size(); ++at) results.push_back(fail(done.error()));
    return results;
  }
  const std::size_t half = requests.size() / 2;
  results = halve_until_done<Request, Value>(requests.first(half), work, lies_with_batch);
  Results<Value> rest =
      halve_until_done<Request, Value>(requests.subspan(half), work, lies_with_batch);
  std::move(rest.begin(), rest.end(), std::back_inserter(results));
  return results;
}

}  // namespace autoreply
