#pragma once

#include <string>

namespace CLI {
class App;
}  // namespace CLI

namespace autoreply {

/// Returns the help text of the program (`command` is null) or of a command, at most 80 columns
/// wide. Hides options without a group.
[[nodiscard]] std::string help_text(const CLI::App& app, const CLI::App* command);

}  // namespace autoreply
