// cmark reads the text as CommonMark. Before that, one pass prepares each line: a character that
// Markdown would take for a mark, but people would not, is replaced with a private-use Unicode
// character. cmark treats that as a letter, and the original returns at the end. Lists and
// indentation can be judged line by line.

#include "deliver/markdown_input.h"

#include <algorithm>
#include <cctype>

#include "base/text.h"

namespace autoreply {
namespace {

constexpr std::string_view kStandInStart = "\uF8F0";
static_assert(kStandInStart == "\xEF\xA3\xB0");
/// U+F8F0 + n stands in for the n-th of these characters.
constexpr std::string_view kStoodInFor = "*_~&\\-.)[";

bool is_digit(char character) {
  return std::isdigit(static_cast<unsigned char>(character)) != 0;
}

bool is_word_byte(char character) {
  return std::isalnum(static_cast<unsigned char>(character)) != 0 ||
         static_cast<unsigned char>(character) >= 0x80U;
}

char at_or_blank(std::string_view text, std::size_t at) {
  return at < text.size() ? text[at] : ' ';
}

/// Whether a stand-in character begins at `at`.
bool is_stand_in(std::string_view text, std::size_t at) {
  return text.substr(at).starts_with(kStandInStart.substr(0, 2)) && at + 2 < text.size() &&
         static_cast<unsigned char>(text[at + 2]) >= 0xB0U;
}

void append_stand_in(std::string& text, char character) {
  const std::size_t place = kStoodInFor.find(character);
  if (place == std::string_view::npos) {
    text += character;
    return;
  }
  text += kStandInStart.substr(0, 2);
  text += static_cast<char>(static_cast<unsigned char>(kStandInStart[2]) + place);
}

/// Accepts three or more of the same "-", "*" or "_", with nothing but blanks in between.
bool is_rule(std::string_view line) {
  const char mark = at_or_blank(line, 0);
  return std::string_view("-*_").find(mark) != std::string_view::npos &&
         std::count(line.begin(), line.end(), mark) >= 3 &&
         std::all_of(line.begin(), line.end(), [&](char one) { return one == mark || one == ' '; });
}

/// Accepts "|---|:--:|", the line below the head of a table.
bool is_table_rule(std::string_view line) {
  return line.size() >= 3 && line.find('|') != std::string_view::npos &&
         line.find('-') != std::string_view::npos &&
         line.find_first_not_of("|-: ") == std::string_view::npos;
}

bool is_table_row(std::string_view line) {
  return line.size() >= 3 && line.starts_with('|') && line.ends_with('|');
}

/// Joins the cells with commas.
std::string table_row(std::string_view line) {
  std::string row;
  for (std::string_view rest = line.substr(1); !rest.empty();) {
    const std::size_t end = std::min(rest.find('|'), rest.size());
    const std::string_view cell = trimmed(rest.substr(0, end));
    if (!cell.empty() && !row.empty()) row += ", ";
    row += cell;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return row;
}

/// Prepares a line for cmark.
class LinePreparer final {
 public:
  LinePreparer(std::string_view line, std::string& ready) : line_(line), ready_(ready) {}

  void write() {
    write_list_mark();
    while (at_ < line_.size()) {
      if (is_stand_in(line_, at_)) {
        at_ += kStandInStart.size();  // meaningless private-use character
      } else if (!write_address() && !write_file_name() && !write_marks()) {
        ready_ += line_[at_++];
      }
    }
  }

 private:
  void write_list_mark() {
    if (line_.starts_with("- ") || line_.starts_with("* ") || line_.starts_with("+ ")) {
      append_stand_in(ready_, '-');
      ready_ += ' ';
      at_ = std::min(line_.find_first_not_of(' ', 1), line_.size());
      return;
    }
    constexpr std::size_t kDigitsMax = 9;
    std::size_t digits = 0;
    while (digits <= kDigitsMax && is_digit(at_or_blank(line_, digits))) ++digits;
    const char mark = at_or_blank(line_, digits);
    if (digits == 0 || digits > kDigitsMax || (mark != '.' && mark != ')')) return;
    ready_ += line_.substr(0, digits);
    append_stand_in(ready_, mark);
    at_ = digits + 1;
  }

  /// Copies an address unchanged: its underscores and asterisks are part of it.
  bool write_address() {
    const std::string_view rest = line_.substr(at_);
    if (!rest.starts_with("http://") && !rest.starts_with("https://") &&
        !rest.starts_with("www.")) {
      return false;
    }
    std::size_t end = 0;
    int brackets = 0;
    for (; end < rest.size(); ++end) {
      if (std::string_view(" <>\"`").find(rest[end]) != std::string_view::npos) break;
      if (rest[end] == '(') ++brackets;
      if (rest[end] == ')' && --brackets < 0) break;
    }
    // In "**https://…**", the marks at the end belong to the surrounding text.
    while (end > 0 &&
           std::string_view("*_~.,;:!?'").find(rest[end - 1]) != std::string_view::npos) {
      --end;
    }
    for (const char character : rest.substr(0, end)) {
      if (character == '.' || character == '-' || character == ')' || character == '[') {
        ready_ += character;
      } else {
        append_stand_in(ready_, character);
      }
    }
    at_ += end;
    return end > 0;
  }

  /// "__init__.py" is not a bold "init".
  bool write_file_name() {
    if (line_[at_] != '_' || (at_ > 0 && (is_word_byte(line_[at_ - 1]) || line_[at_ - 1] == '_'))) {
      return false;
    }
    std::size_t end = at_;
    bool goes_on = false;
    for (;
         end < line_.size() && (is_word_byte(line_[end]) || line_[end] == '_' || line_[end] == '.');
         ++end) {
      goes_on = goes_on || (line_[end] == '.' && line_[end - 1] == '_' &&
                            is_word_byte(at_or_blank(line_, end + 1)));
    }
    for (; at_ < end; ++at_) {
      if (goes_on && line_[at_] == '_') {
        append_stand_in(ready_, '_');
      } else {
        ready_ += line_[at_];
      }
    }
    return true;
  }

  /// Keeps asterisks in a product or inside a word. Removes tildes that strike out.
  bool write_marks() {
    const char mark = line_[at_];
    if (mark != '*' && mark != '~') return false;
    const std::size_t end = std::min(line_.find_first_not_of(mark, at_), line_.size());
    const std::size_t length = end - at_;
    const char before = at_ == 0 ? ' ' : line_[at_ - 1];
    const char after = at_or_blank(line_, end);
    const bool inside = is_word_byte(before) && is_word_byte(after);
    const bool stays = mark == '*' && inside && (length == 1 || is_digit(before));
    const bool struck = mark == '~' && length == 2 && (before != ' ' || after != ' ');
    for (; at_ < end; ++at_) {
      if (stays || (mark == '~' && !struck)) {
        append_stand_in(ready_, mark);
      } else if (!struck) {
        ready_ += mark;
      }
    }
    return true;
  }

  std::string_view line_;
  std::string& ready_;
  std::size_t at_ = 0;
};

}  // namespace

std::string without_stand_ins(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!is_stand_in(text, at)) {
      plain += text[at];
      continue;
    }
    const std::size_t place =
        static_cast<unsigned char>(text[at + 2]) - static_cast<unsigned char>(kStandInStart[2]);
    if (place < kStoodInFor.size()) plain += kStoodInFor[place];
    at += 2;
  }
  return plain;
}

MarkdownInput prepare_markdown(std::string_view text) {
  MarkdownInput ready;
  ready.text.reserve(text.size());
  ready.blanks = {0};
  bool in_fence = false;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view whole = text.substr(0, end);
    const std::string_view line = trimmed(whole);
    text.remove_prefix(std::min(end + 1, text.size()));
    const bool fence = line.starts_with("```") && line.find('`', 3) == std::string_view::npos;
    if (fence || is_rule(line)) {
      ready.text += line;
    } else if (in_fence) {
      ready.text += whole;
    } else if (is_table_rule(line)) {
      continue;
    } else if (is_table_row(line)) {
      const std::string row = table_row(line);
      LinePreparer(row, ready.text).write();
    } else {
      LinePreparer(line, ready.text).write();
    }
    if (fence) in_fence = !in_fence;
    ready.text += '\n';
    ready.blanks.push_back(ready.blanks.back() + (line.empty() ? 1 : 0));
  }
  return ready;
}

}  // namespace autoreply
