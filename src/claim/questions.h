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

/// The rules that all questions of a claim share.
struct QuestionRules {
  CandidateRules candidates;
  std::chrono::milliseconds max_age{0};  ///< as in `ClaimRules`
  int places = 0;                        ///< jobs wanted
  bool callback_is_closed = false;       ///< no reply may be sent
  /// Breakers of the callback that the claim probes with one random job. Empty: an ordinary claim.
  std::vector<std::string> callback_probes{};
};

/// Asks workspaces for jobs that their limits and breakers allow. Looks at a few of a workspace's
/// longest due rows first, and at more if busy contacts fill these or places are still free.
class Questions final {
 public:
  /// `terms`, `statements` and `random` must outlive the questions.
  Questions(QuestionRules rules,
            ClaimTerms& terms,
            ClaimStatements& statements,
            std::minstd_rand& random);

  /// Asks more workspaces for `missing` jobs in total.
  void ask_workspaces(const std::vector<std::string>& workspaces,
                      int missing,
                      const WorkspaceWalk& walk);

  /// Asks for `missing` more jobs in total from workspaces that may have more. Returns false if
  /// none has.
  [[nodiscard]] bool ask_for_more(int missing);

  /// Shares the places out among all jobs found so far. See `take_turns`.
  [[nodiscard]] std::vector<Pick> shared_out() const;

  [[nodiscard]] const Tenant& tenant(std::size_t index) const { return tenants_[index]; }

 private:
  /// A question to a workspace, and the jobs that it offered.
  struct Question {
    Ask ask;
    int room = kAnyNumber;  ///< asking for more jobs is useless
    bool exhausted = false;
    bool is_final = false;     ///< asked only once
    bool failed_last = false;  ///< for a probe: other workspaces are preferred
    Offer offer;
  };

  [[nodiscard]] bool is_probe() const { return !rules_.callback_probes.empty(); }
  void ask_workspace(const ClaimTerms::Workspace& workspace, int share);
  Question& add(const WorkspaceTerms& terms, Ask::Replies replies, int jobs, int room);
  void add_silent(const WorkspaceTerms& terms, Ask::Replies replies, int share);
  void add_provider_probe(const WorkspaceTerms& terms,
                          const Gate& provider,
                          const Route& route,
                          std::vector<std::string> probes);
  void ask(std::vector<std::size_t> open);
  void look_at_contacts(Question& question);

  const QuestionRules rules_;
  ClaimTerms& terms_;
  ClaimStatements& statements_;
  std::minstd_rand& random_;
  std::vector<Tenant> tenants_;
  std::vector<Question> questions_;
};

}  // namespace autoreply
