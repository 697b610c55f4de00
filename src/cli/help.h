#pragma once

#include <string>

namespace CLI {
class App;
}  // namespace CLI

namespace autoreply {

/// The help text of the program (`command` null) or of one of its commands, at most 80 columns
/// wide. Options without a group are hidden.
[[nodiscard]] std::string help_text(const CLI::App& app, const CLI::App* command);

}  // namespace autoreply
