#include "support/fake_queue.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

namespace autoreply::test {
namespace {

bool holds(const std::vector<std::string>& list, const std::string& text) {
  return list.empty() || std::ranges::find(list, text) != list.end();
}

bool matches(const FakeQueue::Row& row, const JobFilter& filter) {
  return holds(filter.workspace_ids, row.workspace_id) &&
         holds(filter.contact_ids, row.contact_id) && holds(filter.job_ids, row.id);
}

bool is_asked_for(const FakeQueue::Row& row, Ask::Replies replies) {
  switch (replies) {
    case Ask::Replies::any:
      return true;
    case Ask::Replies::recorded:
      return row.recorded;
    case Ask::Replies::none:
      return !row.recorded;
    case Ask::Replies::expired:
      return row.expired;
    case Ask::Replies::in_doubt:
      break;
  }
  return row.in_doubt;
}

std::optional<int> limit_of(int limit) {
  return limit > 0 ? std::optional(limit) : std::nullopt;
}

int count_of(const std::map<std::string, int>& counts, const std::string& name) {
  const auto found = counts.find(name);
  return found == counts.end() ? 0 : found->second;
}

}  // namespace

FakeQueue::Row& FakeQueue::add(const std::string& workspace_id, const std::string& contact_id) {
  const std::size_t number = rows.size();
  return rows.emplace_back(
      Row{.id = fmt::format("{}-job-{}", workspace_id, number),
          .workspace_id = workspace_id,
          .contact_id = contact_id.empty() ? fmt::format("contact-{}", number) : contact_id,
          .due_since = static_cast<DatabaseTime>(number)});
}

void FakeQueue::add_many(int count,
                         const std::string& workspace_id,
                         const std::string& contact_id) {
  for (int number = 0; number < count; ++number) add(workspace_id, contact_id);
}

FakeQueue::Row& FakeQueue::row(const std::string& id) {
  const auto found = std::ranges::find(rows, id, &Row::id);
  if (found == rows.end()) throw std::runtime_error("no job " + id);
  return *found;
}

void FakeQueue::finish_claimed() {
  std::erase_if(rows, [](const Row& one) { return one.claimed; });
}

void FakeQueue::open(const Peer& peer, bool is_probe_due) {
  Breaker breaker;
  breaker.opened_at = now - 10'000;
  breaker.probe_at = is_probe_due ? now : now + 10'000;
  breakers[peer.name] = {peer, breaker};
}

ClaimState FakeQueue::state(int /*per_minute*/) {
  return {.now = now, .turn = turn, .claimed = claimed_of_all, .lapsed = {}};
}

WorkspacePage FakeQueue::next_workspaces(const std::optional<std::string>& after,
                                         const std::string& until,
                                         int limit) {
  std::set<std::string> all;
  for (const Row& one : rows) {
    if (one.is_due()) all.insert(one.workspace_id);
  }
  WorkspacePage page;
  for (const std::string& one : all) {
    if (static_cast<int>(page.workspaces.size()) == limit) break;
    if ((after && one <= *after) || (!until.empty() && one > until)) continue;
    page.workspaces.push_back(one);
    page.last = one;
  }
  return page;
}

std::vector<std::string> FakeQueue::workspaces_of(const JobFilter& filter) {
  std::set<std::string> found;
  for (const Row& one : rows) {
    if (one.is_due() && matches(one, filter)) found.insert(one.workspace_id);
  }
  return {found.begin(), found.end()};
}

std::vector<WorkspaceTerms> FakeQueue::terms(std::span<const std::string> workspaces,
                                             const ClaimLimits& limits) {
  std::vector<WorkspaceTerms> found;
  for (const std::string& workspace : workspaces) {
    WorkspaceTerms& one = found.emplace_back();
    one.workspace_id = workspace;
    if (const auto config = configs.find(workspace); config != configs.end()) {
      one.config = config->second;
    }
    one.contact_per_minute = limit_of(limits.contact_per_minute);
    one.contact_per_hour = limit_of(limits.contact_per_hour);
    one.workspace_per_minute = limit_of(limits.workspace_per_minute);
    one.claimed = count_of(claimed_of_workspace, workspace);
    if (const auto days = spent.find(workspace); days != spent.end()) one.spent = days->second;
  }
  return found;
}

std::unordered_map<std::string, int> FakeQueue::in_flight() {
  std::unordered_map<std::string, int> jobs;
  for (const Row& one : rows) {
    if (one.claimed) ++jobs[one.workspace_id];
  }
  return jobs;
}

std::vector<Candidates> FakeQueue::candidates(std::span<const Ask> asks,
                                              const CandidateRules& rules) {
  ++candidate_statements;
  std::vector<Candidates> all;
  for (std::size_t place = 0; place < asks.size(); ++place) {
    std::vector<const Row*> window = due_rows(asks[place].workspace_id);
    const auto rows_max = static_cast<std::size_t>(asks[place].rows);
    if (window.size() > rows_max) window.resize(rows_max);
    all.push_back(found_in(window, asks[place], rules));
    all.back().place = place;
  }
  return all;
}

Candidates FakeQueue::contacts(const Ask& ask,
                               const std::string& from,
                               const CandidateRules& rules) {
  std::map<std::string, const Row*> first_of;
  for (const Row* one : due_rows(ask.workspace_id)) {
    if (one->contact_id >= from) first_of.try_emplace(one->contact_id, one);
  }
  std::vector<const Row*> window;
  for (const auto& [contact, one] : first_of) {
    if (static_cast<int>(window.size()) < ask.rows) window.push_back(one);
  }
  return found_in(window, ask, rules);
}

std::vector<ClaimedJob> FakeQueue::take(std::span<const std::string> ids, const ClaimTerm& term) {
  std::vector<ClaimedJob> jobs;
  for (const std::string& id : ids) {
    Row& one = row(id);
    ClaimedJob& job = jobs.emplace_back();
    job.job = {.id = {id}, .workspace_id = one.workspace_id, .contact_id = one.contact_id};
    job.token = term.token;
    job.attempts_before = one.attempts;
    job.attempt = ++one.attempts;
    job.exhausted = job.attempts_before >= term.max_attempts;
    job.in_doubt = one.in_doubt;
    if (one.recorded) job.reply_log_id = "log-" + id;
    one.claimed = true;
    one.token = term.token;
  }
  on_take(jobs);
  return jobs;
}

DueSample FakeQueue::waiting(const JobFilter& filter, int /*count_max*/) {
  std::map<std::string, WaitingContact> contacts;
  for (const Row& one : rows) {
    if (!one.is_due() || !matches(one, filter)) continue;
    WaitingContact& contact = contacts[one.contact_id];
    contact.workspace_id = one.workspace_id;
    contact.contact_id = one.contact_id;
    ++contact.due;
    if (one.recorded) ++contact.recorded;
    contact.in_minute = count_of(claimed_of_contact, one.contact_id);
  }
  DueSample found;
  for (const auto& [id, contact] : contacts) found.contacts.push_back(contact);
  return found;
}

Results<JobContext> FakeQueue::start(std::span<const StartRequest> requests) {
  Results<JobContext> contexts;
  for (const StartRequest& request : requests) {
    if (row(request.held.id.value).token == request.held.token) {
      contexts.emplace_back();
    } else {
      contexts.push_back(fail(ErrorKind::token_lost, "another claim has taken over"));
    }
  }
  return contexts;
}

std::vector<NamedBreaker> FakeQueue::read_breakers(std::span<const std::string> names) {
  std::vector<NamedBreaker> found;
  for (const std::string& name : names) {
    if (const auto breaker = breakers.find(name); breaker != breakers.end()) {
      found.push_back({{name, breaker->second.peer.label}, breaker->second.breaker});
    }
  }
  return found;
}

LockedBreakers FakeQueue::lock_breakers(const BreakersToLock& wanted) {
  LockedBreakers locked{.now = now, .breakers = {}, .workspaces = {}};
  for (const Peer& peer : wanted.peers) {
    NamedBreaker& found = breakers[peer.name];
    found.peer = peer;
    locked.breakers[peer.name] = found.breaker;
  }
  for (const std::string& workspace : wanted.workspaces) locked.workspaces[workspace] = {};
  return locked;
}

void FakeQueue::write_breakers(std::span<const NamedBreaker> written) {
  for (const NamedBreaker& one : written) breakers.at(one.peer.name).breaker = one.breaker;
}

std::vector<const FakeQueue::Row*> FakeQueue::due_rows(const std::string& workspace_id) const {
  std::vector<const Row*> due;
  for (const Row& one : rows) {
    if (one.is_due() && one.workspace_id == workspace_id) due.push_back(&one);
  }
  std::ranges::stable_sort(due, {}, [](const Row* one) { return one->due_since; });
  return due;
}

std::set<std::string> FakeQueue::contacts_in_flight() const {
  std::set<std::string> contacts;
  for (const Row& one : rows) {
    if (one.claimed) contacts.insert(one.contact_id);
  }
  return contacts;
}

bool FakeQueue::may_be_candidate(const Row& one,
                                 const Ask& ask,
                                 const CandidateRules& rules) const {
  if (!matches(one, rules.filter) || !is_asked_for(one, ask.replies)) return false;
  if (rules.not_in_doubt && one.in_doubt) return false;
  return !ask.contact_per_minute ||
         count_of(claimed_of_contact, one.contact_id) < *ask.contact_per_minute;
}

Candidates FakeQueue::found_in(const std::vector<const Row*>& window,
                               const Ask& ask,
                               const CandidateRules& rules) const {
  Candidates found{.considered = static_cast<int>(window.size())};
  std::set<std::string> contacts = contacts_in_flight();
  for (const Row* one : window) {
    if (static_cast<int>(found.jobs.size()) == ask.jobs) break;
    if (!may_be_candidate(*one, ask, rules) || !contacts.insert(one->contact_id).second) continue;
    found.jobs.push_back({one->id, one->contact_id, one->recorded});
  }
  return found;
}

}  // namespace autoreply::test
