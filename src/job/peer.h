#pragma once

#include <optional>
#include <string>
#include <vector>

#include "job/answer.h"
#include "job/scope.h"

namespace autoreply {

/// What a breaker guards calls of, or the settings that such calls need.
struct Peer {
  std::string name{};   ///< of its breaker in the database; empty: nothing is guarded
  std::string label{};  ///< for people; shows no secret
  bool operator==(const Peer&) const = default;
};

/// The callback as one workspace calls it: it can be closed to that workspace alone.
[[nodiscard]] inline Peer of_workspace(const Peer& callback, const std::string& workspace_id) {
  return {callback.name + "/" + workspace_id, callback.label + " for workspace " + workspace_id};
}

/// Where the settings of a workspace lead: the peers that a job without a recorded reply needs.
struct Route {
  Peer settings;          ///< everything that the workspace has set, and that a provider can refuse
  Peer key;               ///< the provider's address and the key
  Peer model;             ///< the same and the model: providers throttle by model
  std::string address{};  ///< what is called, however the workspace writes it
  Scope key_scope = Scope::workspace;  ///< whose the key is
  std::string problem{};  ///< why nothing can be called, for people; empty: a call may be tried
  /// The operator has no key for the provider that the workspace has chosen.
  bool lacks_operator_key = false;

  /// The peers in the order from the narrowest to the widest; those without a name guard nothing.
  [[nodiscard]] std::vector<Peer> peers() const { return {settings, model, key}; }
};

}  // namespace autoreply
