#pragma once

namespace autoreply {

/// What two sessions of the same URL show about the way to the database.
struct ConnectionFacts {
  /// A pooler gives each transaction any server process. Runs work there, migrations do not.
  bool pooled = false;
  /// A session's advisory lock keeps other sessions out, as claims need it. Not tried if `pooled`.
  bool locks_exclude = true;
};

}  // namespace autoreply
