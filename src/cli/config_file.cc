#include "cli/config_file.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"

namespace autoreply {
namespace {

constexpr std::size_t kKeyBytesMax = 64;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// A problem with a line. The message adds the line's number.
struct Malformed {
  std::string_view what;
};

std::string_view without_leading_space(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r");
  return begin == std::string_view::npos ? std::string_view{} : text.substr(begin);
}

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= kKeyBytesMax &&
         std::ranges::all_of(text, [](unsigned char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_';
         });
}

class ConfigParser final {
 public:
  explicit ConfigParser(std::string_view text) : rest_(text) {
    if (rest_.starts_with(kByteOrderMark)) rest_.remove_prefix(kByteOrderMark.size());
  }

  Result<std::vector<ConfigEntry>> parse() {
    try {
      while (next_line()) read_line();
    } catch (const Malformed& malformed) {
      return fail(ErrorKind::misconfigured, fmt::format("line {}: {}", number_, malformed.what));
    }
    return std::move(entries_);
  }

 private:
  bool next_line() {
    if (rest_.empty()) return false;
    const std::size_t end = rest_.find('\n');
    line_ = without_leading_space(rest_.substr(0, end));
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    ++number_;
    return true;
  }

  /// Whether the rest of the line is empty or a comment.
  bool line_is_done() {
    line_ = without_leading_space(line_);
    return line_.empty() || line_.front() == '#';
  }

  void read_line() {
    if (line_is_done() || line_.front() == ';') return;
    if (line_.front() == '[') return read_section();
    const int begin = number_;
    const std::size_t equals = line_.find('=');
    std::string_view name = trimmed(line_.substr(0, equals));
    if (equals == std::string_view::npos) {
      name = trimmed(name.substr(0, name.find('#')));
      if (!is_name(name)) throw Malformed{"write name = value"};
      entries_.push_back({section_, std::string(name), {"true"}, begin});
      return;
    }
    ConfigEntry entry{section_, {}, {}, begin};
    if (name.size() > 1 && (name.front() == '"' || name.front() == '\'') &&
        name.back() == name.front()) {
      name = name.substr(1, name.size() - 2);
    } else if (const std::size_t dot = name.find('.'); dot != std::string_view::npos) {
      entry.section = section_name(trimmed(name.substr(0, dot)));
      name = trimmed(name.substr(dot + 1));
    }
    if (!is_name(name)) throw Malformed{"the text before the = is not an option name"};
    entry.name = name;
    line_ = without_leading_space(line_.substr(equals + 1));
    if (!line_.empty() && line_.front() == '[') {
      line_.remove_prefix(1);
      entry.values = read_array();
    } else {
      if (line_is_done()) throw Malformed{"a value is missing after the ="};
      entry.values.push_back(read_value(Bare::to_comment));
    }
    if (!line_is_done()) throw Malformed{"unexpected text after the value: quote the whole value"};
    entries_.push_back(std::move(entry));
  }

  static std::string section_name(std::string_view name) {
    if (!is_name(name)) throw Malformed{"a section must name a command, such as [run]"};
    return lower_case(name) == "default" ? std::string() : std::string(name);
  }

  void read_section() {
    const std::size_t end = line_.find(']');
    if (end == std::string_view::npos) {
      throw Malformed{"a section must name a command, such as [run]"};
    }
    section_ = section_name(trimmed(line_.substr(1, end - 1)));
    line_.remove_prefix(end + 1);
    if (!line_is_done()) throw Malformed{"unexpected text after the section"};
  }

  /// Reads the elements up to the closing bracket, which may be on a later line.
  std::vector<std::string> read_array() {
    std::vector<std::string> values;
    bool after_comma = true;
    for (;;) {
      while (line_is_done()) {
        if (!next_line()) throw Malformed{"an array has no closing ]"};
      }
      if (line_.front() == ']') {
        line_.remove_prefix(1);
        return values;
      }
      if (!after_comma) throw Malformed{"separate the elements of an array with commas"};
      values.push_back(read_value(Bare::to_comma));
      line_ = without_leading_space(line_);
      after_comma = line_.starts_with(',');
      if (after_comma) line_.remove_prefix(1);
    }
  }

  enum class Bare { to_comment, to_comma };

  std::string read_value(Bare bare) {
    if (line_.starts_with("\"\"\"") || line_.starts_with("'''")) {
      throw Malformed{"multi-line strings are not supported: write the value on one line"};
    }
    if (line_.front() == '"') return read_double_quoted();
    if (line_.front() == '\'') {
      const std::size_t end = line_.find('\'', 1);
      if (end == std::string_view::npos) throw Malformed{"a quote is not closed"};
      std::string value(line_.substr(1, end - 1));
      line_.remove_prefix(end + 1);
      return value;
    }
    return read_bare(bare);
  }

  std::string read_double_quoted() {
    std::string value;
    for (std::size_t at = 1; at < line_.size(); ++at) {
      if (line_[at] == '"') {
        line_.remove_prefix(at + 1);
        return value;
      }
      if (line_[at] != '\\') {
        value += line_[at];
        continue;
      }
      constexpr std::string_view kEscapes = "\"\\tnr";
      constexpr std::string_view kMeanings = "\"\\\t\n\r";
      const std::size_t escape =
          ++at < line_.size() ? kEscapes.find(line_[at]) : std::string_view::npos;
      if (escape == std::string_view::npos) {
        throw Malformed{"write \\\\ for a \\ in double quotes, or use single quotes"};
      }
      value += kMeanings[escape];
    }
    throw Malformed{"a quote is not closed"};
  }

  std::string read_bare(Bare bare) {
    std::size_t end = 0;
    for (; end < line_.size(); ++end) {
      if (bare == Bare::to_comma && (line_[end] == ',' || line_[end] == ']')) break;
      // A # inside a word belongs to the word: a token without its end would still be sent.
      const bool after_space = end > 0 && (line_[end - 1] == ' ' || line_[end - 1] == '\t');
      if (line_[end] == '#' && after_space) break;
    }
    std::string value(trimmed(line_.substr(0, end)));
    line_.remove_prefix(end);
    if (value.empty()) throw Malformed{"a value is missing"};
    return value;
  }

  std::string_view rest_;
  std::string_view line_;
  int number_ = 0;
  std::string section_;
  std::vector<ConfigEntry> entries_;
};

}  // namespace

Result<std::vector<ConfigEntry>> parse_config(std::string_view text) {
  return ConfigParser(text).parse();
}

}  // namespace autoreply
