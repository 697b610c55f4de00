#pragma once

#include <cstddef>
#include <functional>
#include <iterator>
#include <span>
#include <utility>
#include <vector>

#include "base/result.h"

namespace autoreply {

/// Does `work` on a batch; where that fails for a reason that `lies_with_batch`, halves it until
/// the culprits stand alone. Returns one result a request, in order. `work` takes a span of
/// requests, returns a `Result` of as many values, and has changed nothing where it returns an
/// error. Costs 2n calls at most.
template <class Request, class Value>
[[nodiscard]] std::vector<Result<Value>> halve_until_done(
    std::span<const Request> requests,
    const std::function<Result<std::vector<Value>>(std::span<const Request>)>& work,
    const std::function<bool(const Error&)>& lies_with_batch) {
  std::vector<Result<Value>> results;
  if (requests.empty()) return results;
  Result<std::vector<Value>> values = work(requests);
  if (values) {
    results.reserve(values->size());
    // A vector of bool has no references to what it holds.
    for (auto&& value : *values) results.emplace_back(static_cast<Value>(std::move(value)));
    return results;
  }
  if (requests.size() == 1 || !lies_with_batch(values.error())) {
    for (std::size_t at = 0; at < requests.size(); ++at) results.push_back(fail(values.error()));
    return results;
  }
  const std::size_t half = requests.size() / 2;
  results = halve_until_done<Request, Value>(requests.first(half), work, lies_with_batch);
  std::vector<Result<Value>> rest =
      halve_until_done<Request, Value>(requests.subspan(half), work, lies_with_batch);
  std::move(rest.begin(), rest.end(), std::back_inserter(results));
  return results;
}

}  // namespace autoreply
