// Two passes: each line loses what marks it as a whole (heading, bullet, fence), then what is left
// is read from left to right for marks inside it.

#include "deliver/markdown.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "base/text.h"

namespace autoreply {
namespace {

bool is_blank(char character) {
  return character == ' ' || character == '\n';
}

bool is_word(char character) {
  return std::isalnum(static_cast<unsigned char>(character)) != 0 ||
         static_cast<unsigned char>(character) >= 0x80U;
}

/// Three or more of one of "-", "*", "_" and nothing else.
bool is_rule(std::string_view line) {
  const std::string_view marks = trimmed(line);
  return marks.size() >= 3 && std::string_view("-*_").find(marks[0]) != std::string_view::npos &&
         marks.find_first_not_of(marks[0]) == std::string_view::npos;
}

bool is_fence(std::string_view line) {
  const std::string_view start = trimmed(line);
  return start.starts_with("```") && start.find('`', 3) == std::string_view::npos;
}

std::string without_line_mark(std::string_view line) {
  std::string_view rest = line;
  const std::size_t indent = std::min(rest.find_first_not_of(' '), rest.size());
  rest.remove_prefix(indent);
  while (rest.starts_with("> ")) rest.remove_prefix(2);
  const std::size_t hashes = std::min(rest.find_first_not_of('#'), rest.size());
  if (hashes >= 1 && hashes <= 6 && hashes < rest.size() && rest[hashes] == ' ') {
    rest = trimmed(rest.substr(hashes));
    while (rest.ends_with('#')) rest.remove_suffix(1);
    return std::string(trimmed(rest));
  }
  if (rest.starts_with("* ") || rest.starts_with("+ ")) {
    return "- " + std::string(trimmed(rest.substr(2)));
  }
  return std::string(rest);
}

/// Reads one line's marks from left to right.
class InlineReader final {
 public:
  explicit InlineReader(std::string_view line) : line_(line) {}

  std::string plain() {
    while (at_ < line_.size()) {
      if (!read_url() && !read_code() && !read_link() && !read_emphasis()) {
        plain_ += line_[at_] == '`' ? '\'' : line_[at_];
        ++at_;
      }
    }
    return std::move(plain_);
  }

 private:
  [[nodiscard]] std::string_view rest() const { return line_.substr(at_); }

  /// An address is copied as it is: its underscores and asterisks are its own.
  bool read_url() {
    if (!rest().starts_with("http://") && !rest().starts_with("https://") &&
        !rest().starts_with("www.")) {
      return false;
    }
    const std::size_t length = std::min(rest().find_first_of(" \n<>\"`"), rest().size());
    std::string_view url = rest().substr(0, length);
    // "**https://…**": marks at the end belong to the text around.
    while (url.ends_with('*') || url.ends_with(')') || url.ends_with('_')) url.remove_suffix(1);
    plain_ += url;
    at_ += url.size();
    return true;
  }

  bool read_code() {
    if (line_[at_] != '`') return false;
    const std::size_t ticks = std::min(rest().find_first_not_of('`'), rest().size());
    const std::size_t end = line_.find(std::string(ticks, '`'), at_ + ticks);
    if (end == std::string_view::npos) return false;
    plain_ += line_.substr(at_ + ticks, end - at_ - ticks);
    at_ = end + ticks;
    return true;
  }

  /// "[label](address)", also behind the "!" of a picture.
  bool read_link() {
    const std::size_t open = line_[at_] == '!' ? at_ + 1 : at_;
    if (open >= line_.size() || line_[open] != '[') return false;
    const std::size_t middle = line_.find("](", open);
    if (middle == std::string_view::npos) return false;
    const std::size_t close = line_.find(')', middle);
    const std::string_view label = line_.substr(open + 1, middle - open - 1);
    if (close == std::string_view::npos || label.find('[') != std::string_view::npos) return false;
    std::string_view address = line_.substr(middle + 2, close - middle - 2);
    address = trimmed(address.substr(0, address.find(' ')));
    const std::string plain_label = InlineReader(label).plain();
    if (plain_label.empty() || plain_label == address || "mailto:" + plain_label == address) {
      plain_ += plain_label.empty() ? address : std::string_view(plain_label);
    } else {
      plain_ += plain_label;
      plain_.append(" (").append(address).append(")");
    }
    at_ = close + 1;
    return true;
  }

  /// Text between equal marks that touch it on the inside and no word on the outside.
  bool read_emphasis() {
    constexpr std::array<std::string_view, 7> kMarks = {"***", "**", "___", "__", "~~", "*", "_"};
    for (const std::string_view mark : kMarks) {
      if (!rest().starts_with(mark)) continue;
      const auto end = closing(mark);
      if (!end) continue;
      const std::size_t start = at_ + mark.size();
      plain_ += InlineReader(line_.substr(start, *end - start)).plain();
      at_ = *end + mark.size();
      return true;
    }
    return false;
  }

  [[nodiscard]] std::optional<std::size_t> closing(std::string_view mark) const {
    const std::size_t start = at_ + mark.size();
    const bool word_before = at_ > 0 && is_word(line_[at_ - 1]);
    // Two asterisks may stand inside a word; one, or underscores, would be a sum or a name.
    const bool strong = mark == "**" || mark == "***";
    if (start >= line_.size() || is_blank(line_[start]) || line_[start] == mark[0]) return {};
    if (word_before && (!strong || std::isdigit(static_cast<unsigned char>(line_[at_ - 1])) != 0)) {
      return {};
    }
    for (std::size_t end = line_.find(mark, start); end != std::string_view::npos;
         end = line_.find(mark, end + 1)) {
      const std::size_t after = end + mark.size();
      // "__init__.py" goes on after its point.
      const bool point = after + 1 < line_.size() && line_[after] == '.';
      const bool word_after = after < line_.size() && is_word(line_[point ? after + 1 : after]);
      const bool more_marks = after < line_.size() && line_[after] == mark[0];
      if (!is_blank(line_[end - 1]) && !more_marks && (!word_after || strong)) return end;
    }
    return {};
  }

  std::string_view line_;
  std::size_t at_ = 0;
  std::string plain_;
};

}  // namespace

std::string without_markdown(std::string_view text) {
  std::string plain;
  bool first = true;
  while (first || !text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (is_fence(line) || is_rule(line)) continue;
    if (!first) plain += '\n';
    plain += InlineReader(without_line_mark(line)).plain();
    first = false;
    if (text.empty()) break;
  }
  return plain;
}

}  // namespace autoreply
