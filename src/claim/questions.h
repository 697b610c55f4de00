#pragma once

#include <cstddef>
#include <random>
#include <string>
#include <vector>

#include "claim/claim_terms.h"
#include "claim/workspace_turns.h"
#include "claim/workspace_walk.h"
#include "store/claim_statements.h"

namespace autoreply {

/// What all questions of a claim have in common.
struct QuestionRules {
  CandidateRules candidates;
  std::chrono::milliseconds max_age{0};  ///< as in `ClaimRules`
  int places = 0;                        ///< jobs wanted
  bool callback_is_closed = false;       ///< no job may be sent
  /// One job, any of many, is wanted to probe these breakers of the callback; empty: an ordinary
  /// claim.
  std::vector<std::string> callback_probes{};
};

/// Asks workspaces, each on its terms, for the jobs that it would give: a few of its longest due
/// rows first, and more if busy contacts fill these or if there are still places.
class Questions final {
 public:
  /// `terms` and `statements` outlive the questions.
  Questions(QuestionRules rules,
            ClaimTerms& terms,
            ClaimStatements& statements,
            std::minstd_rand& random);

  /// Asks further workspaces for `missing` jobs together.
  void ask_workspaces(const std::vector<std::string>& workspaces,
                      int missing,
                      const WorkspaceWalk& walk);

  /// Asks those that may have more for `missing` further jobs together. Returns false if none has.
  [[nodiscard]] bool ask_for_more(int missing);

  /// The jobs picked from all that was offered, in turn.
  [[nodiscard]] std::vector<Pick> shared_out() const;

  [[nodiscard]] const Tenant& tenant(std::size_t index) const { return tenants_[index]; }
  /// The address of the tenant's provider; empty if it has none.
  [[nodiscard]] const std::string& address(std::size_t index) const { return addresses_[index]; }

 private:
  /// What is asked of a workspace, and what it gave.
  struct Question {
    Ask ask;
    int room = kAnyNumber;  ///< more is not worth asking for
    bool exhausted = false;
    bool is_final = false;     ///< it is asked once
    bool failed_last = false;  ///< of a probe: another workspace's is preferred
    Offer offer;
  };

  [[nodiscard]] bool is_probe() const { return !rules_.callback_probes.empty(); }
  void ask_workspace(const ClaimTerms::Workspace& workspace, int share);
  Question& add(const WorkspaceTerms& terms, Ask::Replies replies, int jobs, int room);
  void add_silent(const WorkspaceTerms& terms, Ask::Replies replies, int share);
  void add_provider_probe(const WorkspaceTerms& terms,
                          const Gate& provider,
                          std::vector<std::string> probes);
  void ask(std::vector<std::size_t> open);
  void look_at_contacts(Question& question);

  const QuestionRules rules_;
  ClaimTerms& terms_;
  ClaimStatements& statements_;
  std::minstd_rand& random_;
  std::vector<Tenant> tenants_;
  std::vector<std::string> addresses_;  ///< by tenant
  std::vector<Question> questions_;
};

}  // namespace autoreply
