#include "claim/claim_jobs.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <random>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/invariant.h"
#include "claim/claim_terms.h"
#include "claim/questions.h"
#include "claim/workspace_walk.h"

// A claim in one picture:
//
//   walk to the next workspaces that have due jobs
//     ask each of them for jobs that its limits and breakers allow
//   ... until there are enough jobs, or every workspace was asked
//   if jobs are still missing, ask the workspaces that have more
//   share out the places: one job of each workspace in turn
//   take the jobs, and note where the turns stopped
//
// So the cost of a claim grows with the jobs that it takes, not with the jobs that wait.

namespace autoreply {
namespace {

using Kind = Admission::Kind;

/// The callback's probe is picked from the jobs of this many workspaces or more.
constexpr int kProbeWorkspaces = 100;
constexpr int kRoundsMax = 16;

class ClaimWork final {
 public:
  ClaimWork(const ClaimRules& rules,
            const ClaimToken& token,
            int limit,
            ClaimStatements& statements)
      : rules_(rules),
        token_(token),
        places_max_(std::min(limit, kClaimJobsMax)),
        statements_(statements),
        terms_(rules, statements) {}

  Claim run() {
    Claim claim;
    const Gate& callback = terms_.by_callback();
    bool is_closed = callback.kind == Kind::none;
    int places = std::min(places_max_, terms_.room());
    if (places == 0) {
      // No calls are allowed now, but jobs that need none are still claimed.
      is_closed = true;
      places = places_max_;
    } else if (callback.kind == Kind::one_probe) {
      claim.jobs = claim_callback_probe(callback);
      is_closed = true;
      places = places_max_ - static_cast<int>(claim.jobs.size());
    }
    std::vector<ClaimedJob> jobs = claim_in_turn({.candidates = candidate_rules(),
                                                  .max_age = rules_.max_age,
                                                  .places = places,
                                                  .callback_is_closed = is_closed});
    std::move(jobs.begin(), jobs.end(), std::back_inserter(claim.jobs));
    claim.breakers = terms_.breakers();
    claim.missed_operator_keys = terms_.missed_operator_keys();
    claim.at = terms_.state().now;
    return claim;
  }

 private:
  [[nodiscard]] CandidateRules candidate_rules() const {
    return {.filter = rules_.filter, .coalesce = rules_.coalesce};
  }

  /// Claims one job to probe the callback. Any job may be the probe, because a faulty job must
  /// not be the only one ever tried. Jobs in doubt come last, because the customer may already have
  /// the reply.
  std::vector<ClaimedJob> claim_callback_probe(const Gate& callback) {
    QuestionRules rules{
        .candidates = candidate_rules(), .places = 1, .callback_probes = callback.probes};
    rules.candidates.not_in_doubt = true;
    std::vector<ClaimedJob> jobs = claim_in_turn(rules);
    if (!jobs.empty()) return jobs;
    rules.candidates.not_in_doubt = false;
    return claim_in_turn(std::move(rules));
  }

  std::vector<ClaimedJob> claim_in_turn(QuestionRules rules) {
    const int places = rules.places;
    if (places <= 0) return {};
    const bool is_probe = !rules.callback_probes.empty();
    Questions questions(std::move(rules), terms_, statements_, random_);
    WorkspaceWalk walk(rules_.filter, terms_.state(), statements_);
    std::vector<Pick> picks;
    const auto missing = [&] { return places - static_cast<int>(picks.size()); };
    // Each step of the walk asks more workspaces. Each round then asks for more jobs of each.
    while (missing() > 0 && !walk.has_ended()) {
      questions.ask_workspaces(walk.next(is_probe ? kProbeWorkspaces : missing()), missing(), walk);
      picks = questions.shared_out();
    }
    for (int round = 0; round < kRoundsMax && missing() > 0; ++round) {
      if (!questions.ask_for_more(missing())) break;
      picks = questions.shared_out();
    }
    terms_.require_routes();
    return take(picks, questions, is_probe);
  }

  std::vector<ClaimedJob> take(const std::vector<Pick>& picks,
                               const Questions& questions,
                               bool is_probe) {
    if (picks.empty()) return {};
    std::unordered_map<std::string, ClaimedJob> taken = taken_of(picks);
    std::vector<ClaimedJob> jobs;
    jobs.reserve(taken.size());
    std::string turn;
    for (const Pick& pick : picks) {
      const Tenant& tenant = questions.tenant(pick.tenant);
      if (tenant.takes_turns) turn = tenant.workspace_id;
      const auto found = taken.find(pick.id);
      if (found == taken.end()) continue;
      ClaimedJob& job = found->second;
      if (!job.reply_log_id) job.provider_address = pick.provider_address;
      job.probes = pick.probes;
      job.calls_nobody = pick.calls_nobody;
      jobs.push_back(std::move(job));
    }
    require_sound(jobs);
    begin_probes(jobs);
    if (!turn.empty() && !is_probe) statements_.write_turn(turn);
    return jobs;
  }

  std::unordered_map<std::string, ClaimedJob> taken_of(const std::vector<Pick>& picks) {
    std::vector<std::string> ids;
    ids.reserve(picks.size());
    for (const Pick& pick : picks) ids.push_back(pick.id);
    std::unordered_map<std::string, ClaimedJob> taken;
    for (ClaimedJob& job : statements_.take(ids, {token_, rules_.lease, rules_.max_attempts})) {
      taken.emplace(job.job.id.value, std::move(job));
    }
    return taken;
  }

  /// Throws if the claim holds two jobs of one contact. The claim is then rolled back.
  void require_sound(const std::vector<ClaimedJob>& jobs) {
    for (const ClaimedJob& job : jobs) {
      const std::string& contact = job.job.contact_id;
      require(contact.empty() || contacts_.insert(contact).second,
              "a claim holds two jobs of one contact");
      require(job.token == token_, "a claim holds a job under another token");
    }
  }

  /// Reserves the probes in order of breaker name, because reports lock breakers in that order.
  void begin_probes(std::vector<ClaimedJob>& jobs) {
    std::map<std::string, ClaimedJob*> probes;
    for (ClaimedJob& job : jobs) {
      for (const std::string& breaker : job.probes) probes.emplace(breaker, &job);
    }
    for (const auto& [breaker, job] : probes) {
      if (!terms_.begin_probe(breaker)) std::erase(job->probes, breaker);
    }
  }

  const ClaimRules& rules_;
  const ClaimToken& token_;
  const int places_max_;
  ClaimStatements& statements_;
  ClaimTerms terms_;
  std::unordered_set<std::string> contacts_;  ///< of taken jobs
  std::minstd_rand random_{std::random_device{}()};
};

}  // namespace

Claim claim_jobs(const ClaimRules& rules,
                 const ClaimToken& token,
                 int limit,
                 ClaimStatements& statements) {
  return ClaimWork(rules, token, limit, statements).run();
}

}  // namespace autoreply
