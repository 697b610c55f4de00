#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "store/claim_statements.h"

namespace autoreply {

/// Walks once around the workspaces of a claim in the order of their turns. It begins after the
/// workspace where the last claim of any run stopped. Workspaces with expired leases come first,
/// out of turn. If the filter names workspaces, contacts or jobs, the walk covers only their
/// workspaces and there are no turns.
class WorkspaceWalk final {
 public:
  /// `statements` must outlive the walk.
  WorkspaceWalk(const JobFilter& filter, const ClaimState& state, ClaimStatements& statements);

  /// Returns the next workspaces: at least `count` if that many remain.
  [[nodiscard]] std::vector<std::string> next(int count);

  [[nodiscard]] bool has_ended() const { return ended_ && next_.empty(); }

  /// Whether the next claim may continue after this workspace.
  [[nodiscard]] bool takes_turns(const std::string& workspace) const {
    return by_turns_ && in_turn_.contains(workspace);
  }

 private:
  void read(int count);
  void add(const std::vector<std::string>& workspaces);

  ClaimStatements& statements_;
  const std::string turn_;
  std::optional<std::string> after_;  ///< empty: before the first one
  int pages_ = 0;
  bool wraps_;  ///< the part from the beginning to `turn_` is still to come
  bool by_turns_ = true;
  bool ended_ = false;
  std::size_t out_of_turn_ = 0;  ///< how many of `next_` were added out of turn
  std::vector<std::string> next_;
  std::unordered_set<std::string> seen_;
  std::unordered_set<std::string> in_turn_;
};

}  // namespace autoreply
