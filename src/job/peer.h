#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "job/answer.h"
#include "job/scope.h"

namespace autoreply {

/// Something that a breaker guards: a peer, or the settings needed to call one.
struct Peer {
  std::string name{};   ///< of its breaker in the database; empty: it has none
  std::string label{};  ///< for people; shows no secret
  bool operator==(const Peer&) const = default;
};

/// The callback as one workspace calls it. It can be closed to that workspace alone.
[[nodiscard]] inline Peer of_workspace(const Peer& callback, const std::string& workspace_id) {
  return {callback.name + "/" + workspace_id, callback.label + " for workspace " + workspace_id};
}

/// The peers that a workspace's settings select for a job without a recorded reply.
struct Route {
  std::string provider{};  ///< its name; empty: the settings name none
  Peer settings;           ///< all that the workspace has set and a provider can refuse
  Peer key;                ///< the provider's address and the key
  Peer model;              ///< the same plus the model, since providers throttle by model
  std::string address{};   ///< what is called, the same for every spelling of it
  Scope key_scope = Scope::workspace;  ///< who owns the key
  std::string key_source{};            ///< where the key was found, for people
  std::string problem{};  ///< why no call is possible, for people; empty: one may be tried
  /// The operator has no key for the provider that the workspace has chosen.
  bool lacks_operator_key = false;
  /// Where the workspace's jobs go if these peers may not be called; null: it names no fallback, or
  /// one that cannot be called.
  std::shared_ptr<const Route> fallback{};
  std::string fallback_problem{};  ///< why the fallback cannot be called, for people

  /// The peers from the narrowest to the widest. Those without a name have no breaker.
  [[nodiscard]] std::vector<Peer> peers() const { return {settings, model, key}; }
};

}  // namespace autoreply
