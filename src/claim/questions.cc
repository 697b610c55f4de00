#include "claim/questions.h"

#include <algorithm>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "base/uuid.h"
#include "claim/claim_rules.h"
#include "claim/workspace_rules.h"

namespace autoreply {
namespace {

using Kind = Admission::Kind;
using Replies = Ask::Replies;

/// A probe is picked from this many of a workspace's longest due rows.
constexpr int kProbeRows = 256;

// How many of a workspace's longest due rows a claim looks at. The first window has a few rows for
// each job. If busy contacts fill it, the claim looks at wider windows and finally walks from
// contact to contact. So a contact with a hundred thousand waiting jobs cannot hide other contacts.
constexpr int kRowsMin = 16;
constexpr int kRowsPerJob = 4;
constexpr int kRowsGrowth = 8;
constexpr int kRowsMax = 4'096;
constexpr int kContactsMax = 256;
constexpr std::string_view kNilUuid = "00000000-0000-0000-0000-000000000000";

int divided_up(int dividend, std::size_t divisor) {
  const auto parts = static_cast<int>(divisor);
  return (dividend + parts - 1) / parts;
}

}  // namespace

Questions::Questions(QuestionRules rules,
                     ClaimTerms& terms,
                     ClaimStatements& statements,
                     std::minstd_rand& random)
    : rules_(std::move(rules)), terms_(terms), statements_(statements), random_(random) {
}

void Questions::ask_workspaces(const std::vector<std::string>& workspaces,
                               int missing,
                               const WorkspaceWalk& walk) {
  if (workspaces.empty()) return;
  const int share = is_probe() ? 1 : divided_up(missing, workspaces.size());
  const std::size_t first = questions_.size();
  for (const ClaimTerms::Workspace& workspace : terms_.of(workspaces)) {
    const std::string& id = workspace.terms.workspace_id;
    Tenant tenant{
        .workspace_id = id, .room = room_of(workspace.terms), .takes_turns = walk.takes_turns(id)};
    for (const Peer& peer : workspace.way().peers()) {
      if (!peer.name.empty()) tenant.loads.push_back(peer.name);
    }
    tenants_.push_back(std::move(tenant));
    ask_workspace(workspace, share);
  }
  std::vector<std::size_t> asked;
  for (std::size_t at = first; at < questions_.size(); ++at) asked.push_back(at);
  ask(std::move(asked));
}

bool Questions::ask_for_more(int missing) {
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
    // Doubling keeps the number of rounds small.
    question.ask.jobs = std::min(
        {std::max(question.ask.jobs + extra, 2 * question.ask.jobs), question.room, kClaimJobsMax});
    question.ask.rows = std::max(question.ask.rows, kRowsPerJob * question.ask.jobs);
  }
  ask(std::move(open));
  return true;
}

std::vector<Pick> Questions::shared_out() const {
  std::vector<const Question*> probes;
  std::vector<const Question*> others;
  for (const Question& question : questions_) {
    (question.offer.probes.empty() ? others : probes).push_back(&question);
  }
  if (is_probe()) std::shuffle(others.begin(), others.end(), random_);
  // Every workspace has the same chance to probe. Only the one that failed last goes last.
  std::shuffle(probes.begin(), probes.end(), random_);
  std::stable_partition(
      probes.begin(), probes.end(), [](const Question* one) { return !one->failed_last; });
  // Probes go first: a fallback could take all jobs otherwise, and its first provider would never
  // be tried again.
  std::vector<Offer> offers;
  offers.reserve(questions_.size());
  for (const Question* one : probes) offers.push_back(one->offer);
  for (const Question* one : others) offers.push_back(one->offer);
  return take_turns(tenants_, offers, terms_.peer_room(), rules_.places);
}

/// Adds questions for the jobs that breakers and limits let the workspace have.
void Questions::ask_workspace(const ClaimTerms::Workspace& workspace, int share) {
  const WorkspaceTerms& terms = workspace.terms;
  const int room = room_of(terms);
  const bool to_callback = !rules_.callback_is_closed && workspace.by_callback.kind != Kind::none;
  const Gate& provider = workspace.by_provider;
  const bool to_provider = provider.is_open() || workspace.uses_fallback;
  if (to_callback && room > 0) {
    std::vector<std::string> probes = rules_.callback_probes;
    const Gate& callback = workspace.by_callback;
    probes.insert(probes.end(), callback.probes.begin(), callback.probes.end());
    // A probe is only one job, even if the workspace's other breakers would let more through.
    const int jobs = probes.empty() ? share : 1;
    Question& question = add(terms, to_provider ? Replies::any : Replies::recorded, jobs, room);
    question.offer.probes = probes;
    question.offer.provider_address = workspace.way().address;
    question.failed_last = callback.failed_last;
    if (provider.kind == Kind::one_probe) {
      add_provider_probe(terms, provider, workspace.route, probes);
    }
    if (workspace.by_fallback.kind == Kind::one_probe) {
      add_provider_probe(terms, workspace.by_fallback, *workspace.route.fallback, probes);
    }
  }
  // Jobs that may make no call are still looked up if in doubt, and ended if expired.
  if (is_probe()) return;
  if (!to_callback) add_silent(terms, Replies::in_doubt, share);
  // A contact's limit does not matter here: it lasts too briefly for the contact's jobs to expire.
  if (rules_.max_age.count() > 0 && (!to_callback || !to_provider || room == 0)) {
    add_silent(terms, Replies::expired, share);
  }
}

Questions::Question& Questions::add(const WorkspaceTerms& terms,
                                    Replies replies,
                                    int jobs,
                                    int room) {
  Question& question = questions_.emplace_back();
  question.ask = {.workspace_id = terms.workspace_id,
                  .jobs = std::min(jobs, room),
                  .rows = std::max(kRowsMin, kRowsPerJob * std::min(jobs, room)),
                  .replies = replies,
                  .at_random = is_probe(),
                  .contact_per_minute = terms.contact_per_minute,
                  .contact_per_hour = terms.contact_per_hour};
  if (is_probe()) question.ask.rows = kProbeRows;
  question.room = is_probe() ? 1 : room;
  question.offer.tenant = tenants_.size() - 1;
  return question;
}

/// Asks for jobs that will call no peer, so no limit or breaker applies to them.
void Questions::add_silent(const WorkspaceTerms& terms, Replies replies, int share) {
  Question& question = add(terms, replies, std::max(share, 1), kAnyNumber);
  question.ask.rows = kProbeRows;
  question.ask.max_age = rules_.max_age;
  question.ask.contact_per_minute.reset();
  question.ask.contact_per_hour.reset();
  question.offer.calls_nobody = true;
  question.is_final = true;
}

/// Asks for any job without a reply, to find out whether the provider is up again.
void Questions::add_provider_probe(const WorkspaceTerms& terms,
                                   const Gate& provider,
                                   const Route& route,
                                   std::vector<std::string> probes) {
  Question& question = add(terms, Replies::none, 1, 1);
  question.ask.rows = kProbeRows;
  question.ask.at_random = true;
  question.is_final = true;
  question.failed_last = provider.failed_last;
  question.offer.provider_address = route.address;
  probes.insert(probes.end(), provider.probes.begin(), provider.probes.end());
  question.offer.probes = std::move(probes);
}

/// Asks the questions. If busy contacts fill a window, asks again with a wider one.
void Questions::ask(std::vector<std::size_t> open) {
  while (!open.empty()) {
    std::vector<Ask> asks;
    asks.reserve(open.size());
    for (const std::size_t at : open) asks.push_back(questions_[at].ask);
    std::vector<std::size_t> wider;
    for (Candidates& found : statements_.candidates(asks, rules_.candidates)) {
      Question& question = questions_[open.at(found.place)];
      const bool is_full = found.considered >= question.ask.rows;
      question.offer.candidates = std::move(found.jobs);
      const bool is_short = static_cast<int>(question.offer.candidates.size()) < question.ask.jobs;
      question.exhausted = question.is_final || (is_short && !is_full);
      if (question.exhausted || !is_short || !is_full) continue;
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

/// Walks from contact to contact, because busy contacts fill all of the longest due rows. The walk
/// begins at a random contact, so every contact gets its turn.
void Questions::look_at_contacts(Question& question) {
  std::unordered_set<std::string> known;
  for (const Candidate& candidate : question.offer.candidates) known.insert(candidate.id);
  // This is asked only once, so it asks for as many jobs as the workspace may get.
  Ask ask = question.ask;
  ask.jobs = std::min(question.room, rules_.places);
  ask.rows = kContactsMax;
  for (const std::string& from : {random_uuid(), std::string(kNilUuid)}) {
    Candidates found = statements_.contacts(ask, from, rules_.candidates);
    for (Candidate& candidate : found.jobs) {
      if (known.insert(candidate.id).second) {
        question.offer.candidates.push_back(std::move(candidate));
      }
    }
    if (static_cast<int>(question.offer.candidates.size()) >= ask.jobs) break;
  }
  question.exhausted = true;
}

}  // namespace autoreply
