#include "cli/option_kinds.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>

#include <CLI/App.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/duration.h"
#include "base/nearest.h"
#include "base/text.h"

namespace autoreply {
namespace {

using Values = std::vector<std::string>;

std::vector<std::string> elements_of(const std::string& list) {
  std::vector<std::string> elements;
  std::string_view rest = list;
  for (;;) {
    const std::size_t comma = rest.find(',');
    if (const auto element = trimmed(rest.substr(0, comma)); !element.empty()) {
      elements.emplace_back(element);
    }
    if (comma == std::string_view::npos) return elements;
    rest.remove_prefix(comma + 1);
  }
}

std::optional<bool> parse_flag(std::string_view text) {
  constexpr std::array<std::string_view, 4> kOn{"true", "yes", "on", "1"};
  constexpr std::array<std::string_view, 4> kOff{"false", "no", "off", "0"};
  const std::string word = lower_case(text);
  if (std::ranges::find(kOn, word) != kOn.end()) return true;
  if (std::ranges::find(kOff, word) != kOff.end()) return false;
  return std::nullopt;
}

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

CLI::Option* add_single(CLI::App& app,
                        const std::string& name,
                        const std::string& group,
                        const std::function<void(const std::string&)>& read,
                        const std::string& help) {
  // The last of several values counts, so a caller can add to a given command line.
  return app
      .add_option(name,
                  CLI::callback_t([read](const Values& values) {
                    read(values.back());
                    return true;
                  }),
                  help)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast)
      ->group(group);
}

}  // namespace

void OptionGroup::flag(const std::string& name, bool& target, const std::string& help) {
  app_.add_flag(name, target, help)->group(title_);
}

template <class Number>
void OptionGroup::add_number(const std::string& name,
                             Number& target,
                             Number min,
                             Number max,
                             const std::string& help,
                             const char* kind) {
  const auto read = [&target, name, min, max, kind](const std::string& text) {
    const auto value = parse_number<Number>(text);
    // The comparison must be false for NaN.
    if (!value || !(*value >= min && *value <= max)) {
      throw WrongValue{name, text, fmt::format("write a {} from {} to {}", kind, min, max)};
    }
    target = *value;
  };
  add_single(app_, name, title_, read, help)->type_name("N")->default_str(fmt::to_string(target));
}

void OptionGroup::number(
    const std::string& name, int& target, int min, int max, const std::string& help) {
  add_number(name, target, min, max, help, "whole number");
}

void OptionGroup::number(const std::string& name,
                         std::size_t& target,
                         std::size_t min,
                         std::size_t max,
                         const std::string& help) {
  add_number(name, target, min, max, help, "whole number");
}

void OptionGroup::decimal(
    const std::string& name, double& target, double min, double max, const std::string& help) {
  add_number(name, target, min, max, help, "number");
}

void OptionGroup::duration(const std::string& name,
                           Milliseconds& target,
                           const std::string& help,
                           Milliseconds min) {
  const auto read = [&target, name, min](const std::string& text) {
    const auto value = parse_duration(text);
    if (!value) {
      throw WrongValue{name, text, "write a duration such as 250ms, 90s, 5m, 24h, 1d or 1w"};
    }
    if (*value < min) {
      throw WrongValue{name, text, fmt::format("must be at least {}", format_duration(min))};
    }
    target = *value;
  };
  add_single(app_, name, title_, read, help)->type_name("D")->default_str(format_duration(target));
}

void OptionGroup::text(const std::string& name,
                       const std::string& value_name,
                       const Read& read,
                       const std::string& help,
                       const std::string& default_text) {
  const auto checked = [read, name](const std::string& value) {
    if (const auto fit = read(value); !fit) throw WrongValue{name, value, fit.error().message};
  };
  add_single(app_, name, title_, checked, help)->type_name(value_name)->default_str(default_text);
}

void OptionGroup::list(const std::string& name,
                       const std::string& value_name,
                       const std::function<void()>& begin,
                       const Read& read,
                       const std::string& help,
                       const std::string& default_text) {
  app_.add_option(name,
                  CLI::callback_t([begin, read, name](const Values& values) {
                    begin();
                    for (const std::string& value : values) {
                      const auto elements = elements_of(value);
                      // A filter that contains only commas must not become an empty filter.
                      if (elements.empty()) throw WrongValue{name, value, "needs a value"};
                      for (const std::string& element : elements) {
                        if (const auto fit = read(element); !fit) {
                          throw WrongValue{name, element, fit.error().message};
                        }
                      }
                    }
                    return true;
                  }),
                  help)
      ->expected(1, -1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->type_name(value_name)
      ->default_str(default_text)
      ->group(title_);
}

void OptionGroup::list(const std::string& name,
                       const std::string& value_name,
                       std::vector<std::string>& target,
                       const std::string& help) {
  const auto read = [&target](const std::string& value) -> Result<void> {
    target.push_back(value);
    return {};
  };
  list(
      name,
      value_name,
      [&target] { target.clear(); },
      read,
      help,
      fmt::format("{}", fmt::join(target, ",")));
}

void OptionGroup::add_choice(const std::string& name,
                             const std::vector<std::string>& words,
                             std::size_t now,
                             const std::string& help,
                             const std::function<void(std::size_t)>& choose) {
  const auto read = [name, words, choose](const std::string& text) {
    const auto found = std::ranges::find(words, lower_case(text));
    if (found == words.end()) {
      throw WrongValue{name, text, fmt::format("use {}", any_of_them(words))};
    }
    choose(static_cast<std::size_t>(found - words.begin()));
  };
  add_single(app_, name, title_, read, help)
      ->type_name(fmt::format("{}", fmt::join(words, "|")))
      ->default_str(words.at(now));
}

std::string long_name(const CLI::Option& option) {
  const auto& names = option.get_lnames();
  return names.empty() ? std::string() : names.front();
}

bool is_flag(const CLI::Option& option) {
  return option.get_expected_max() == 0;
}

bool is_list(const CLI::Option& option) {
  return option.get_expected_max() > 1;
}

bool is_secret(const CLI::Option& option) {
  return option.get_type_name() == "URL" || option.get_type_name() == "TOKEN";
}

std::vector<CLI::Option*> settable_options(CLI::App& app) {
  return app.get_options([](const CLI::Option* option) {
    const std::string name = long_name(*option);
    return name != "help" && name != "version";
  });
}

std::string checked_value(const CLI::Option& option, const std::string& value) {
  const std::string name = "--" + long_name(option);
  if (trimmed(value).empty()) throw WrongValue{name, "", "needs a value"};
  if (std::ranges::any_of(value, [](unsigned char c) { return c < ' ' || c == 0x7F; })) {
    throw WrongValue{name, "", "must be one line without control characters"};
  }
  if (to_valid_utf8(value) != value) throw WrongValue{name, "", "must be UTF-8"};
  if (!is_flag(option)) return value;
  const auto on = parse_flag(value);
  if (!on) throw WrongValue{name, value, "use true or false"};
  return *on ? "true" : "false";
}

void give_values(CLI::Option& option, const std::vector<std::string>& values) {
  for (const std::string& value : values) option.add_result(checked_value(option, value));
  option.run_callback();
}

}  // namespace autoreply
