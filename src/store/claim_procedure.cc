#include "store/claim_procedure.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <numeric>
#include <random>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/uuid.h"
#include "store/claim_terms.h"
#include "store/workspace_turns.h"

// A claim in one picture:
//
//   walk on to the next workspaces that have due jobs
//     ask each, on its terms, for the jobs that it would give
//   ... until there are enough, or the walk is round; then ask for more of those that have more
//   share the places out, one job of each workspace in turn
//   take the jobs, and note where the turns stopped
//
// So its cost follows what is claimed, not what waits.

namespace autoreply {
namespace {

using Kind = Admission::Kind;
using Replies = Ask::Replies;

constexpr int kClaimJobsMax = 1'000;
/// A probe is any job of so many workspaces, and of so many of the longest due rows of each.
constexpr int kProbeWorkspaces = 100;
constexpr int kProbeRows = 256;

// How many of a workspace's longest due rows a claim looks at. The first window holds a few rows
// for each job; where busy contacts fill it, the claim looks at a wider one, and at last walks from
// contact to contact. So a contact with a hundred thousand waiting jobs hides nobody.
constexpr int kRowsMin = 16;
constexpr int kRowsPerJob = 4;
constexpr int kRowsGrowth = 8;
constexpr int kRowsMax = 4'096;
constexpr int kContactsMax = 256;
constexpr int kRoundsMax = 16;
constexpr int kPagesMax = 10'000;
constexpr std::string_view kNilUuid = "00000000-0000-0000-0000-000000000000";

/// What is asked of a workspace, and what it gave.
struct Question {
  Ask ask;
  int room = kAnyNumber;  ///< more is not worth asking for
  bool exhausted = false;
  bool is_final = false;     ///< it is asked once
  bool failed_last = false;  ///< of a probe: rather another workspace's
  Offer offer;
};

int divided_up(int dividend, std::size_t divisor) {
  const auto parts = static_cast<int>(divisor);
  return (dividend + parts - 1) / parts;
}

/// The workspaces of a claim in the order of their turns.
class Walk final {
 public:
  Walk(const ClaimRequest& request, const ClaimState& state, ClaimStatements& statements)
      : statements_(statements), turn_(state.turn), wraps_(!turn_.empty()) {
    if (wraps_) after_ = turn_;
    const JobFilter& filter = request.filter;
    ring_ = filter.workspace_ids.empty() && filter.contact_ids.empty() && filter.job_ids.empty();
    if (ring_) {
      // Leases that ran out are waited for longest.
      add(state.lapsed);
      extra_ = next_.size();
    } else {
      add(filter.workspace_ids);
      if (filter.workspace_ids.empty()) add(statements.workspaces_of(filter_json(filter)));
      ended_ = true;
    }
  }

  /// At least `count` further ones while there are as many.
  std::vector<std::string> next(int count) {
    while (!ended_ && static_cast<int>(next_.size() - extra_) < count) read(count);
    extra_ = 0;
    return std::exchange(next_, {});
  }

  [[nodiscard]] bool has_ended() const { return ended_ && next_.empty(); }

  /// Whether the turns of later claims go on behind the workspace.
  [[nodiscard]] bool in_ring(const std::string& workspace) const {
    return ring_ && in_ring_.contains(workspace);
  }

 private:
  void read(int count) {
    const WorkspacePage page = statements_.next_workspaces(after_, wraps_ ? "" : turn_, count);
    in_ring_.insert(page.workspaces.begin(), page.workspaces.end());
    add(page.workspaces);
    // An id that does not come back as it is stored could hold the walk at its place.
    const bool goes_on = static_cast<int>(page.workspaces.size()) >= count && page.last &&
                         page.last != after_ && ++pages_ < kPagesMax;
    if (goes_on) {
      after_ = page.last;
      if (!wraps_ && page.last == turn_) ended_ = true;
    } else if (wraps_) {
      wraps_ = false;
      after_.reset();
    } else {
      ended_ = true;
    }
  }

  void add(const std::vector<std::string>& workspaces) {
    for (const std::string& workspace : workspaces) {
      if (seen_.insert(workspace).second) next_.push_back(workspace);
    }
  }

  ClaimStatements& statements_;
  const std::string turn_;
  std::optional<std::string> after_;  ///< empty: the beginning
  int pages_ = 0;
  bool wraps_;  ///< the beginning, up to `turn_`, is still to come
  bool ring_ = true;
  bool ended_ = false;
  std::size_t extra_ = 0;  ///< of `next_`, those that are not due to their turn
  std::vector<std::string> next_;
  std::unordered_set<std::string> seen_;
  std::unordered_set<std::string> in_ring_;
};

class ClaimWork final {
 public:
  ClaimWork(const ClaimRequest& request, ClaimStatements& statements)
      : request_(request), statements_(statements), terms_(request, statements) {}

  Claim run() {
    Claim claim;
    const Gate& callback = terms_.by_callback();
    callback_is_closed_ = callback.kind == Kind::none;
    places_ = std::min({request_.limit, kClaimJobsMax, terms_.room()});
    if (places_ == 0) {
      // No call may be made for now; what has expired is ended all the same.
      callback_is_closed_ = true;
      places_ = std::min(request_.limit, kClaimJobsMax);
    }
    if (callback.kind == Kind::one_probe && !callback_is_closed_) {
      claim.jobs = claim_callback_probe(callback);
      callback_is_closed_ = true;
      places_ = std::min(request_.limit, kClaimJobsMax) - static_cast<int>(claim.jobs.size());
    }
    std::vector<ClaimedJob> jobs = claim_in_turn(filter_json(request_.filter));
    std::move(jobs.begin(), jobs.end(), std::back_inserter(claim.jobs));
    claim.breakers = terms_.breakers();
    claim.missed_operator_keys = terms_.missed_operator_keys();
    claim.at = terms_.state().now;
    return claim;
  }

 private:
  /// One job to try with. One that fails for reasons of its own must not be the only one ever
  /// tried, so any may be it; but rather none that the customer may have the reply of already.
  std::vector<ClaimedJob> claim_callback_probe(const Gate& callback) {
    places_ = std::min(1, terms_.room());
    at_random_ = true;
    callback_probes_ = callback.probes;
    std::vector<ClaimedJob> jobs = claim_in_turn(not_in_doubt_json(request_.filter));
    if (jobs.empty()) jobs = claim_in_turn(filter_json(request_.filter));
    at_random_ = false;
    callback_probes_.clear();
    return jobs;
  }

  std::vector<ClaimedJob> claim_in_turn(std::string filter) {
    if (places_ <= 0) return {};
    rules_ = {std::move(filter), request_.coalesce};
    tenants_.clear();
    addresses_.clear();
    questions_.clear();
    Walk walk(request_, terms_.state(), statements_);
    std::vector<Pick> picks;
    // Each step is over further workspaces, and each round over wider windows.
    while (static_cast<int>(picks.size()) < places_ && !walk.has_ended()) {
      const int missing = places_ - static_cast<int>(picks.size());
      ask_workspaces(walk.next(at_random_ ? kProbeWorkspaces : missing), missing, walk);
      picks = shared_out();
    }
    for (int round = 0; round < kRoundsMax && static_cast<int>(picks.size()) < places_; ++round) {
      if (!ask_for_more(places_ - static_cast<int>(picks.size()))) break;
      picks = shared_out();
    }
    return take(picks);
  }

  void ask_workspaces(const std::vector<std::string>& workspaces, int missing, const Walk& walk) {
    if (workspaces.empty()) return;
    const int share = at_random_ ? 1 : divided_up(missing, workspaces.size());
    const std::size_t first = questions_.size();
    for (ClaimTerms::Workspace& workspace : terms_.of(workspaces)) {
      Tenant tenant{.workspace_id = workspace.terms.workspace_id,
                    .room = workspace.terms.room(),
                    .in_ring = walk.in_ring(workspace.terms.workspace_id)};
      for (const Peer& peer : workspace.route.peers()) {
        if (!peer.name.empty()) tenant.loads.push_back(peer.name);
      }
      addresses_.push_back(workspace.route.address);
      tenants_.push_back(std::move(tenant));
      ask_workspace(workspace, share);
    }
    std::vector<std::size_t> asked;
    for (std::size_t at = first; at < questions_.size(); ++at) asked.push_back(at);
    ask(std::move(asked));
  }

  /// What the breakers and limits leave of the workspace's jobs.
  void ask_workspace(const ClaimTerms::Workspace& workspace, int share) {
    const WorkspaceTerms& terms = workspace.terms;
    const int room = terms.room();
    const bool to_callback = !callback_is_closed_ && workspace.by_callback.kind != Kind::none;
    const Gate& provider = workspace.by_provider;
    const bool to_provider = provider.kind == Kind::all || provider.kind == Kind::few;
    if (to_callback && room > 0) {
      std::vector<std::string> probes = callback_probes_;
      const Gate& callback = workspace.by_callback;
      probes.insert(probes.end(), callback.probes.begin(), callback.probes.end());
      // A probe is one job, whatever else the workspace's own gates would let through.
      const int jobs = probes.empty() ? share : 1;
      add_question(terms, to_provider ? Replies::any : Replies::recorded, jobs, room);
      questions_.back().offer.probes = probes;
      questions_.back().failed_last = callback.failed_last;
      if (provider.kind == Kind::one_probe) {
        add_probe_question(terms, provider, std::move(probes));
      }
    }
    // What no call may be made for is at least looked up, and ended if it has expired.
    if (at_random_) return;
    if (!to_callback) add_silent_question(terms, Replies::in_doubt, share);
    // A contact's own limit keeps its jobs for minutes, and not until they have expired.
    if (request_.max_age.count() > 0 && (!to_callback || !to_provider || room == 0)) {
      add_silent_question(terms, Replies::expired, share);
    }
  }

  /// About jobs that will call no peer, so that no limit and no breaker keeps them.
  void add_silent_question(const WorkspaceTerms& terms, Replies replies, int share) {
    add_question(terms, replies, std::max(share, 1), kAnyNumber);
    Question& question = questions_.back();
    question.ask.rows = kProbeRows;
    question.ask.max_age = request_.max_age;
    question.ask.contact_per_minute.reset();
    question.ask.contact_per_hour.reset();
    question.offer.calls_nobody = true;
    question.is_final = true;
  }

  void add_question(const WorkspaceTerms& terms, Replies replies, int jobs, int room) {
    Question question;
    question.ask = {.workspace_id = terms.workspace_id,
                    .jobs = std::min(jobs, room),
                    .rows = std::max(kRowsMin, kRowsPerJob * std::min(jobs, room)),
                    .replies = replies,
                    .at_random = at_random_,
                    .contact_per_minute = terms.contact_per_minute,
                    .contact_per_hour = terms.contact_per_hour};
    if (at_random_) question.ask.rows = kProbeRows;
    question.room = at_random_ ? 1 : room;
    question.offer.tenant = tenants_.size() - 1;
    questions_.push_back(std::move(question));
  }

  /// Any job without a reply may be the one that finds out whether the provider is up again.
  void add_probe_question(const WorkspaceTerms& terms,
                          const Gate& provider,
                          std::vector<std::string> probes) {
    add_question(terms, Replies::none, 1, 1);
    Question& question = questions_.back();
    question.ask.rows = kProbeRows;
    question.ask.at_random = true;
    question.is_final = true;
    question.failed_last = provider.failed_last;
    probes.insert(probes.end(), provider.probes.begin(), provider.probes.end());
    question.offer.probes = std::move(probes);
  }

  /// Asks, and again with a wider window where busy contacts fill it.
  void ask(std::vector<std::size_t> open) {
    while (!open.empty()) {
      std::vector<Ask> asks;
      asks.reserve(open.size());
      for (const std::size_t at : open) asks.push_back(questions_[at].ask);
      std::vector<std::size_t> wider;
      for (Candidates& found : statements_.candidates(asks, rules_)) {
        Question& question = questions_[open.at(found.place)];
        const bool full = found.considered >= question.ask.rows;
        question.offer.candidates = std::move(found.jobs);
        question.exhausted =
            static_cast<int>(question.offer.candidates.size()) < question.ask.jobs && !full;
        if (question.is_final) question.exhausted = true;
        if (question.exhausted ||
            static_cast<int>(question.offer.candidates.size()) >= question.ask.jobs || !full) {
          continue;
        }
        if (question.ask.rows < kRowsMax) {
          question.ask.rows = std::min(kRowsMax, question.ask.rows * kRowsGrowth);
          wider.push_back(open[found.place]);
        } else {
          look_at_contacts(question);
        }
      }
      open = std::move(wider);
    }
  }

  /// The longest due rows are all of busy contacts: takes what a walk from contact to contact
  /// finds, which begins anywhere, so that each has its turn.
  void look_at_contacts(Question& question) {
    std::unordered_set<std::string> known;
    for (const Candidate& candidate : question.offer.candidates) known.insert(candidate.id);
    // This is asked once, so for all that may be given.
    Ask ask = question.ask;
    ask.jobs = std::min(question.room, places_);
    ask.rows = kContactsMax;
    for (const std::string& from : {random_uuid(), std::string(kNilUuid)}) {
      Candidates found = statements_.contacts(ask, from, rules_);
      for (Candidate& candidate : found.jobs) {
        if (known.insert(candidate.id).second) {
          question.offer.candidates.push_back(std::move(candidate));
        }
      }
      if (static_cast<int>(question.offer.candidates.size()) >= ask.jobs) break;
    }
    question.exhausted = true;
  }

  /// Asks for more of those that may have more; false where there are none.
  bool ask_for_more(int missing) {
    std::vector<std::size_t> open;
    for (std::size_t at = 0; at < questions_.size(); ++at) {
      const Question& question = questions_[at];
      if (!question.exhausted && question.ask.jobs < std::min(question.room, kClaimJobsMax)) {
        open.push_back(at);
      }
    }
    if (open.empty()) return false;
    const int extra = divided_up(missing, open.size());
    for (const std::size_t at : open) {
      Question& question = questions_[at];
      // At least twice as many, so that a few rounds do.
      question.ask.jobs = std::min({std::max(question.ask.jobs + extra, 2 * question.ask.jobs),
                                    question.room,
                                    kClaimJobsMax});
      question.ask.rows = std::max(question.ask.rows, kRowsPerJob * question.ask.jobs);
    }
    ask(std::move(open));
    return true;
  }

  std::vector<Pick> shared_out() {
    std::vector<Offer> offers;
    offers.reserve(questions_.size());
    std::vector<const Question*> probes;
    for (const Question& question : questions_) {
      if (question.offer.probes.empty()) {
        offers.push_back(question.offer);
      } else {
        probes.push_back(&question);
      }
    }
    // Any workspace may probe, each with equal chance, but rather not the one that failed last.
    std::shuffle(probes.begin(), probes.end(), random_);
    std::stable_partition(
        probes.begin(), probes.end(), [](const Question* one) { return !one->failed_last; });
    for (const Question* one : probes) offers.push_back(one->offer);
    if (at_random_)
      std::shuffle(
          offers.begin(), offers.end() - static_cast<std::ptrdiff_t>(probes.size()), random_);
    return take_turns(tenants_, offers, terms_.peer_room(), places_);
  }

  std::vector<ClaimedJob> take(const std::vector<Pick>& picks) {
    if (picks.empty()) return {};
    std::vector<std::string> ids;
    ids.reserve(picks.size());
    for (const Pick& pick : picks) ids.push_back(pick.id);
    std::unordered_map<std::string, ClaimedJob> taken;
    for (ClaimedJob& job : statements_.take(ids, request_)) {
      taken.emplace(job.job.id.value, std::move(job));
    }
    std::vector<ClaimedJob> jobs;
    jobs.reserve(taken.size());
    std::string turn;
    for (const Pick& pick : picks) {
      const Tenant& tenant = tenants_[pick.tenant];
      if (tenant.in_ring) turn = tenant.workspace_id;
      const auto found = taken.find(pick.id);
      if (found == taken.end()) continue;
      ClaimedJob& job = found->second;
      if (!job.reply_log_id && !pick.calls_nobody) {
        job.provider_address = addresses_[pick.tenant];
      }
      job.probes = pick.probes;
      job.calls_nobody = pick.calls_nobody;
      jobs.push_back(std::move(job));
    }
    begin_probes(jobs);
    if (!turn.empty() && !at_random_) statements_.write_turn(turn);
    return jobs;
  }

  /// In the order in which reports lock breakers.
  void begin_probes(std::vector<ClaimedJob>& jobs) {
    std::map<std::string, ClaimedJob*> probes;
    for (ClaimedJob& job : jobs) {
      for (const std::string& breaker : job.probes) probes.emplace(breaker, &job);
    }
    for (const auto& [breaker, job] : probes) {
      if (!terms_.begin_probe(breaker)) std::erase(job->probes, breaker);
    }
  }

  const ClaimRequest& request_;
  ClaimStatements& statements_;
  ClaimTerms terms_;
  CandidateRules rules_;
  int places_ = 0;
  bool callback_is_closed_ = false;
  std::vector<std::string> callback_probes_;
  bool at_random_ = false;
  std::minstd_rand random_{std::random_device{}()};
  std::vector<Tenant> tenants_;
  std::vector<std::string> addresses_;  ///< of the provider, by tenant
  std::vector<Question> questions_;
};

void note_held_back(Waiting& waiting, const NamedBreaker& by, int jobs) {
  if (jobs == 0) return;
  auto found = std::ranges::find_if(
      waiting.breakers, [&](const HeldBack& one) { return one.by.peer.name == by.peer.name; });
  if (found == waiting.breakers.end()) {
    const bool is_refused = by.breaker.is_open() && by.breaker.cause == Breaker::Cause::refused;
    waiting.breakers.push_back({by, is_refused ? by.breaker.scope : Scope::job, 0});
    found = std::prev(waiting.breakers.end());
  }
  found->jobs += jobs;
}

bool over(const std::optional<int>& limit, int count) {
  return limit && count >= *limit;
}

}  // namespace

Claim claim_jobs(const ClaimRequest& request, ClaimStatements& statements) {
  return ClaimWork(request, statements).run();
}

Waiting count_waiting_jobs(const ClaimRequest& request, ClaimStatements& statements) {
  const ClaimLimits& limits = request.limits;
  const int count_max =
      std::max({limits.contact_per_minute, limits.contact_per_hour, kClaimJobsMax});
  const auto contacts = statements.waiting(filter_json(request.filter), count_max);
  std::unordered_set<std::string> names;
  for (const WaitingContact& contact : contacts) names.insert(contact.workspace_id);
  ClaimTerms terms(request, statements);
  std::unordered_map<std::string, ClaimTerms::Workspace> workspaces;
  for (ClaimTerms::Workspace& found :
       terms.of(std::vector<std::string>(names.begin(), names.end()))) {
    const std::string name = found.terms.workspace_id;
    workspaces.emplace(name, std::move(found));
  }

  Waiting waiting;
  for (const WaitingContact& contact : contacts) {
    const auto known = workspaces.find(contact.workspace_id);
    if (known == workspaces.end()) continue;
    const ClaimTerms::Workspace& workspace = known->second;
    std::vector<Peer> callback{request.callback};
    if (!request.callback.name.empty()) {
      callback.push_back(of_workspace(request.callback, contact.workspace_id));
    }
    int held_back = 0;
    if (const NamedBreaker* by = terms.closed_one(callback)) {
      held_back = contact.due;
      note_held_back(waiting, *by, held_back);
    } else if (const NamedBreaker* route = terms.closed_one(workspace.route.peers())) {
      held_back = contact.due - contact.recorded;
      note_held_back(waiting, *route, held_back);
    }
    const bool throttled = terms.room() == 0 || workspace.terms.room() == 0 ||
                           over(workspace.terms.contact_per_minute, contact.in_minute) ||
                           over(workspace.terms.contact_per_hour, contact.in_hour);
    waiting.due += contact.due;
    waiting.held_back += held_back;
    if (throttled) waiting.throttled += contact.due - held_back;
  }
  return waiting;
}

}  // namespace autoreply
