#include "cli/file_values.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/nearest.h"

namespace autoreply {
namespace {

constexpr std::size_t kShownNameBytesMax = 32;

/// Whether a message may repeat a name: only if it looks like the name of an option and not like a
/// secret that ends with an equals sign.
bool is_showable_name(std::string_view name) {
  return name.size() <= kShownNameBytesMax && std::ranges::all_of(name, [](unsigned char c) {
           return (c >= 'a' && c <= 'z') || c == '-' || c == '_';
         });
}

tl::unexpected<Error> wrong(const ConfigEntry& entry, std::string_view what) {
  return fail(ErrorKind::misconfigured, fmt::format("line {}: {}", entry.line, what));
}

/// Whether the entry may set the option for any command.
bool is_in_scope(const ConfigEntry& entry, const KnownOption& option) {
  return entry.section.empty() || option.command.empty() || option.command == entry.section;
}

tl::unexpected<Error> unknown_name(const ConfigEntry& entry,
                                   const std::vector<KnownOption>& options) {
  std::vector<std::string> names;
  for (const KnownOption& option : options) {
    if (is_in_scope(entry, option)) names.push_back(option.name);
  }
  return wrong(entry,
               fmt::format("there is no {}{}",
                           is_showable_name(entry.name) ? "option " + entry.name : "such option",
                           did_you_mean(entry.name, names)));
}

}  // namespace

Result<std::map<std::string, FileValues>> values_for(const std::string& command,
                                                     const std::vector<ConfigEntry>& entries,
                                                     const std::vector<KnownOption>& options,
                                                     const std::vector<std::string>& commands) {
  std::map<std::string, FileValues> own;
  std::map<std::string, FileValues> shared;
  for (const ConfigEntry& entry : entries) {
    if (!entry.section.empty() && std::ranges::find(commands, entry.section) == commands.end()) {
      const std::string meant = did_you_mean(entry.section, commands);
      return wrong(
          entry,
          "the section does not name a command" +
              (meant.empty() ? fmt::format(": use [{}]", fmt::join(commands, "] or [")) : meant));
    }
    bool known = false;
    const KnownOption* ours = nullptr;
    for (const KnownOption& option : options) {
      if (option.name != entry.name || !is_in_scope(entry, option)) continue;
      known = true;
      if (option.command.empty() || option.command == command) ours = &option;
    }
    if (entry.name == "config") return wrong(entry, "a file cannot name another one");
    if (!known) return unknown_name(entry, options);
    const bool other_section = !entry.section.empty() && entry.section != command;
    if (ours == nullptr || other_section || entry.values.empty()) continue;
    auto& place = entry.section.empty() ? shared : own;
    const auto [found, fresh] = place.try_emplace(entry.name, FileValues{entry.line, {}});
    if (!fresh && !ours->list) {
      return wrong(entry,
                   fmt::format("{} is already set on line {}", entry.name, found->second.line));
    }
    if (!ours->list && entry.values.size() > 1) {
      return wrong(entry, fmt::format("{} takes one value", entry.name));
    }
    auto& values = found->second.values;
    values.insert(values.end(), entry.values.begin(), entry.values.end());
  }
  own.merge(shared);
  return own;
}

}  // namespace autoreply
