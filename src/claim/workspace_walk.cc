#include "claim/workspace_walk.h"

#include <utility>

namespace autoreply {
namespace {

constexpr int kPagesMax = 10'000;

}  // namespace

WorkspaceWalk::WorkspaceWalk(const JobFilter& filter,
                             const ClaimState& state,
                             ClaimStatements& statements)
    : statements_(statements), turn_(state.turn), wraps_(!turn_.empty()) {
  if (wraps_) after_ = turn_;
  by_turns_ = filter.workspace_ids.empty() && filter.contact_ids.empty() && filter.job_ids.empty();
  if (by_turns_) {
    // Jobs whose leases ran out have waited longest.
    add(state.lapsed);
    out_of_turn_ = next_.size();
  } else {
    add(filter.workspace_ids);
    if (filter.workspace_ids.empty()) add(statements.workspaces_of(filter));
    ended_ = true;
  }
}

std::vector<std::string> WorkspaceWalk::next(int count) {
  while (!ended_ && static_cast<int>(next_.size() - out_of_turn_) < count) read(count);
  out_of_turn_ = 0;
  return std::exchange(next_, {});
}

void WorkspaceWalk::read(int count) {
  const WorkspacePage page = statements_.next_workspaces(after_, wraps_ ? "" : turn_, count);
  in_turn_.insert(page.workspaces.begin(), page.workspaces.end());
  add(page.workspaces);
  // If an id comes back changed, the walk could loop forever.
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

void WorkspaceWalk::add(const std::vector<std::string>& workspaces) {
  for (const std::string& workspace : workspaces) {
    if (seen_.insert(workspace).second) next_.push_back(workspace);
  }
}

}  // namespace autoreply
