#include "store/claim_procedure.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace autoreply {
namespace {

constexpr int kClaimJobsMax = 1'000;

// How many of the longest due rows a claim looks at. The first window holds a few rows of each
// contact; where busy contacts fill it, the claim looks again at a wider one, until it has its jobs
// or has seen all that is due. So the cost follows the batch, and no row is ever hidden behind a
// busy contact.
constexpr long long kWindowRowsMin = 256;
constexpr long long kWindowRowsPerJob = 4;
constexpr long long kWindowGrowth = 8;

std::vector<ClaimedJob> take_widening(ClaimPortion portion, const TakePortion& take) {
  const int wanted = portion.jobs;
  std::vector<ClaimedJob> jobs;
  for (portion.window_rows = std::max(kWindowRowsMin, kWindowRowsPerJob * wanted);;
       portion.window_rows *= kWindowGrowth) {
    portion.jobs = wanted - static_cast<int>(jobs.size());
    ClaimedBatch batch = take(portion);
    std::move(batch.jobs.begin(), batch.jobs.end(), std::back_inserter(jobs));
    const bool all_seen = batch.rows_considered < portion.window_rows;
    if (all_seen || static_cast<int>(jobs.size()) >= wanted) return jobs;
  }
}

/// One job to try with. One that fails for reasons of its own must not be the only one ever tried,
/// so any may be it; but rather none that the customer may have the reply of already.
std::vector<ClaimedJob> take_probe(const ClaimRequest& request, const TakePortion& take) {
  ClaimPortion portion{.jobs = 1, .filter = not_in_doubt_json(request.filter), .at_random = true};
  std::vector<ClaimedJob> jobs = take_widening(portion, take);
  if (jobs.empty()) {
    portion.filter = filter_json(request.filter);
    jobs = take_widening(portion, take);
  }
  for (ClaimedJob& job : jobs) job.probes_callback = true;
  return jobs;
}

}  // namespace

Claim claim_as_admitted(const ClaimRequest& request,
                        const BreakerStatements& breakers,
                        const TakePortion& take) {
  using Kind = Admission::Kind;
  Claim claim;
  Breaker breaker;
  DatabaseTime now = 0;
  if (!request.breaker.empty()) {
    BreakerReading reading = parse_breaker(breakers.read(request.breaker));
    now = reading.now;
    breaker = std::move(reading.breaker);
  }
  switch (admission(breaker, now).kind) {
    case Kind::all:
    case Kind::few:
      claim.jobs = take_widening({.jobs = std::clamp(request.limit, 1, kClaimJobsMax),
                                  .filter = filter_json(request.filter)},
                                 take);
      break;
    case Kind::one_probe:
      claim.jobs = take_probe(request, take);
      if (!claim.jobs.empty()) {
        breaker = with_probe(std::move(breaker), now, request.lease);
        breakers.write(request.breaker, breaker_json(breaker));
      }
      break;
    case Kind::none:
      break;
  }
  claim.breakers.push_back({request.breaker, std::move(breaker)});
  return claim;
}

std::vector<Breaker> count_reports(std::span<const BreakerReport> reports,
                                   const BreakerStatements& breakers) {
  std::vector<Breaker> states;
  states.reserve(reports.size());
  for (const BreakerReport& report : reports) {
    breakers.make_and_lock(report.breaker, report.label);
    const BreakerReading reading = parse_breaker(breakers.read(report.breaker));
    Breaker breaker = after_report(reading.breaker, report.report, reading.now, report.rules);
    if (!(breaker == reading.breaker)) breakers.write(report.breaker, breaker_json(breaker));
    states.push_back(std::move(breaker));
  }
  return states;
}

}  // namespace autoreply
