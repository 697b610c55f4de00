#pragma once

#include <string>
#include <vector>

namespace autoreply {

/// One thing that `doctor` has looked at.
struct Diagnosis {
  enum class Level {
    ok,
    note,   ///< may be meant so
    wrong,  ///< customers get no answer until somebody mends it
  };

  Level level = Level::ok;
  std::string about;   ///< "database", "callback", "keys", …
  std::string found;   ///< one line
  std::string todo{};  ///< what to do; empty: nothing
};

[[nodiscard]] bool is_anything_wrong(const std::vector<Diagnosis>& diagnoses);

/// Returns one line each, and one more with what to do.
[[nodiscard]] std::string findings_text(const std::vector<Diagnosis>& diagnoses);

/// The same, and a last line that says whether anything is wrong.
[[nodiscard]] std::string diagnoses_text(const std::vector<Diagnosis>& diagnoses);

/// Returns a list of objects as JSON.
[[nodiscard]] std::string findings_json(const std::vector<Diagnosis>& diagnoses);

/// Returns the same as one JSON object on one line.
[[nodiscard]] std::string diagnoses_json(const std::vector<Diagnosis>& diagnoses, int exit_status);

}  // namespace autoreply
