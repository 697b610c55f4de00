// JSON is read event by event, so everything before a syntax error or a cut still counts.

#include "deliver/host_answer.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <optional>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/masking.h"
#include "base/text.h"
#include "deliver/host_words.h"

namespace autoreply {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMessageBytesMax = 200;
constexpr std::size_t kBodyBytesRead = 2'000;
constexpr std::size_t kCodeBytesMax = 60;
/// Deeper names are ignored and longer ones cut: the reason for an error is near the top.
constexpr std::size_t kNamesMax = 8;
constexpr std::size_t kNameBytesMax = 40;

// Twilio's error codes: the recipient unsubscribed; "To" is not a valid number, is not reachable,
// is not a mobile number, is a landline.
constexpr std::string_view kOptedOutCode = "21610";
constexpr std::array<std::string_view, 4> kInvalidRecipientCodes{
    "21211", "21612", "21614", "21635"};

/// Telnyx's "Blocked due to STOP message". It counts only in a field for codes.
constexpr std::string_view kStopMessageCode = "40300";

bool is_word(char character) {
  return std::isalnum(static_cast<unsigned char>(character)) != 0 || character == '_';
}

bool holds_code(std::string_view text, std::string_view code) {
  for (std::size_t at = text.find(code); at != std::string_view::npos;
       at = text.find(code, at + code.size())) {
    const std::size_t end = at + code.size();
    const bool begins = at == 0 || (!is_word(text[at - 1]) && text[at - 1] != '+');
    if (begins && (end == text.size() || !is_word(text[end]))) return true;
  }
  return false;
}

void note_codes(std::string_view text, HostAnswer& answer) {
  if (holds_code(text, kOptedOutCode)) answer.says_opted_out = answer.reports_opted_out = true;
  answer.says_invalid_recipient =
      answer.says_invalid_recipient ||
      std::any_of(kInvalidRecipientCodes.begin(),
                  kInvalidRecipientCodes.end(),
                  [&](std::string_view code) { return holds_code(text, code); });
}

void note_words(std::string_view text, HostAnswer& answer) {
  if (tells_opt_out(text)) answer.says_opted_out = true;
  if (tells_invalid_recipient(text)) answer.says_invalid_recipient = true;
}

/// Reads a text that is not JSON. A number in it may be the id of an accepted message ("OK 21610").
void note_text(std::string_view text, HostAnswer& answer) {
  note_words(text, answer);
  note_codes(text, answer);
  answer.reports_opted_out = false;
}

/// The id of a database row may happen to equal a code.
bool names_an_id(std::string_view name) {
  return lower_case(name).ends_with("id");
}

/// Accepts "error", "errors/message" and "errorMessage". A host that accepted the message sends
/// none of them.
bool is_error_place(std::string_view path) {
  return lower_case(path.substr(0, 5)) == "error";
}

/// Notes the relevant parts of a JSON text. The path to a value consists of the names of the
/// objects around it, such as "error/message". Arrays add nothing to it.
class Reader final : public nlohmann::json_sax<Json> {
 public:
  explicit Reader(HostAnswer& answer) : answer_(answer) {}

  [[nodiscard]] const std::string& text() const {
    for (const auto& text : texts_) {
      if (!text.empty()) return text;
    }
    return texts_.back();
  }
  bool null() override { return true; }
  bool boolean(bool value) override {
    note_success(value ? "true" : "false");
    return true;
  }
  bool number_integer(number_integer_t value) override {
    return value < 0 || note_number(static_cast<std::uint64_t>(value));
  }
  bool number_unsigned(number_unsigned_t value) override { return note_number(value); }
  bool number_float(number_float_t value, const string_t& digits) override {
    if (value == 0) note_success("0");
    note_wait(path(), digits);
    return true;
  }
  bool string(string_t& value) override {
    if (!names_an_id(name())) note_codes(value, answer_);
    note_words(value, answer_);
    note_success(value);
    const std::string where = path();
    if (is_error_place(where) && tells_opt_out(value)) answer_.reports_opted_out = true;
    note_code(where, value);
    note_wait(where, value);
    const auto* const place = std::find(kPlaces.begin(), kPlaces.end(), where);
    if (place != kPlaces.end()) {
      std::string& text = texts_.at(static_cast<std::size_t>(place - kPlaces.begin()));
      if (text.empty()) text = trimmed(value);
    }
    return true;
  }
  bool binary(binary_t&) override { return true; }
  bool start_object(std::size_t) override { return open(true); }
  bool key(string_t& name) override {
    if (depth_ <= kNamesMax) names_.at(depth_ - 1) = utf8_prefix(name, kNameBytesMax);
    return true;
  }
  bool end_object() override { return close(); }
  bool start_array(std::size_t) override { return open(false); }
  bool end_array() override { return close(); }
  bool parse_error(std::size_t, const std::string&, const Json::exception&) override {
    return false;
  }

 private:
  static constexpr std::array<std::string_view, 10> kPlaces{"error/message",
                                                            "error",
                                                            "message",
                                                            "detail",
                                                            "errors/message",
                                                            "errors",
                                                            "errorMessage",
                                                            "error_message",
                                                            "reason",
                                                            "title"};
  static constexpr std::array<std::string_view, 5> kCodePlaces{
      "error/code", "code", "errorCode", "error_code", "errors/code"};
  static constexpr std::array<std::string_view, 4> kWaitPlaces{
      "retryAfter", "retry_after", "error/retryAfter", "error/retry_after"};

  bool open(bool object) {
    if (depth_ < kNamesMax) {
      objects_.at(depth_) = object;
      names_.at(depth_).clear();
    }
    ++depth_;
    return true;
  }
  bool close() {
    --depth_;
    return true;
  }
  [[nodiscard]] bool in_object() const {
    return depth_ > 0 && depth_ <= kNamesMax && objects_.at(depth_ - 1);
  }
  /// Returns the innermost name.
  [[nodiscard]] std::string_view name() const {
    for (std::size_t depth = std::min(depth_, kNamesMax); depth > 0; --depth) {
      if (objects_.at(depth - 1)) return names_.at(depth - 1);
    }
    return "";
  }
  /// Returns the path to the current value; empty if it is too deep.
  [[nodiscard]] std::string path() const {
    std::string path;
    if (depth_ > kNamesMax) return path;
    for (std::size_t depth = 0; depth < depth_; ++depth) {
      if (!objects_.at(depth)) continue;
      if (!path.empty()) path += '/';
      path += names_.at(depth);
    }
    return path;
  }
  bool note_number(std::uint64_t value) {
    const std::string digits = std::to_string(value);
    if (!names_an_id(name())) note_codes(digits, answer_);
    if (value <= 1) note_success(digits);
    const std::string where = path();
    note_code(where, digits);
    note_wait(where, digits);
    return true;
  }
  void note_success(std::string_view value) {
    constexpr std::size_t kWordBytesMax = 10;
    if (depth_ != 1 || !in_object() || value.size() > kWordBytesMax) return;
    if (lower_case(name()) != "success") return;
    const std::string word = lower_case(trimmed(value));
    if (word == "false" || word == "no" || word == "0") answer_.denies_success = true;
    if (word == "true" || word == "yes" || word == "1") answer_.claims_success = true;
  }
  void note_code(std::string_view where, std::string_view value) {
    if (std::find(kCodePlaces.begin(), kCodePlaces.end(), where) == kCodePlaces.end()) return;
    if (value == kStopMessageCode) answer_.says_opted_out = answer_.reports_opted_out = true;
    if (answer_.code.empty()) answer_.code = utf8_prefix(value, kCodeBytesMax);
  }
  void note_wait(std::string_view where, std::string_view value) {
    constexpr std::size_t kWaitBytesMax = 40;
    if (answer_.retry_after.empty() && value.size() <= kWaitBytesMax &&
        std::find(kWaitPlaces.begin(), kWaitPlaces.end(), where) != kWaitPlaces.end()) {
      answer_.retry_after = value;
    }
  }

  HostAnswer& answer_;
  std::size_t depth_ = 0;
  std::array<bool, kNamesMax> objects_{};
  std::array<std::string, kNamesMax> names_{};
  std::array<std::string, kPlaces.size()> texts_{};
};

std::string_view without_mark(std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  text = trimmed(text);
  while (text.starts_with(kByteOrderMark)) text = trimmed(text.substr(kByteOrderMark.size()));
  return text;
}

bool begins_as_page(std::string_view text) {
  // An XML prolog and comments may precede the page.
  for (;;) {
    const std::string_view end = text.starts_with("<?xml") ? "?>" : "-->";
    if (end == "-->" && !text.starts_with("<!--")) break;
    const std::size_t closed = text.find(end);
    if (closed == std::string_view::npos) return false;
    text = without_mark(text.substr(closed + end.size()));
  }
  const std::string start = lower_case(text.substr(0, 10));
  if (start.starts_with("<!doctype") || start.starts_with("<html")) return true;
  // "<header>" may occur in any XML.
  constexpr std::array<std::string_view, 3> kTags{"<head", "<body", "<script"};
  return std::any_of(kTags.begin(), kTags.end(), [&](std::string_view tag) {
    return start.starts_with(tag) && (start.size() == tag.size() || !is_word(start[tag.size()]));
  });
}

/// Reads a JSON text and returns its message, unshortened.
std::string read_json(std::string_view text, HostAnswer& answer) {
  Reader reader(answer);
  Json::sax_parse(text, &reader);
  return reader.text();
}

/// Returns the value of a JSON text that is one complete string; otherwise empty.
std::string string_within(std::string_view text) {
  if (!text.starts_with('"')) return "";
  const Json value = Json::parse(text, nullptr, false);
  return value.is_string() ? value.get<std::string>() : "";
}

/// Reads JSON after other output of the server: a PHP warning, the guard `)]}',`. Only an object
/// that says whether it succeeded counts, because any text may contain braces.
std::string read_json_after_other_output(std::string_view text, HostAnswer& answer) {
  constexpr int kTriesMax = 4;
  int tries = 0;
  for (std::size_t at = text.find('{'); at != std::string_view::npos && tries < kTriesMax;
       at = text.find('{', at + 1)) {
    if (!trimmed(text.substr(at + 1, kNameBytesMax)).starts_with('"')) continue;
    ++tries;
    HostAnswer embedded;
    std::string said = read_json(text.substr(at), embedded);
    if (!embedded.claims_success && !embedded.denies_success) continue;
    answer = std::move(embedded);
    return said;
  }
  return "";
}

/// Reads a body and returns its message, unshortened.
std::string read_body(std::string_view text, HostAnswer& answer) {
  if (text.starts_with('{') || text.starts_with('[')) return read_json(text, answer);
  if (text.starts_with('"')) {
    const std::string inner = string_within(text);
    if (const std::string_view json = without_mark(inner); json.starts_with('{')) {
      return read_json(json, answer);
    }
    std::string said = read_json(text, answer);
    return said.empty() ? std::string(text) : said;
  }
  const bool is_markup = text.starts_with('<');
  // A web page has no message that fits on one line.
  answer.is_web_page = is_markup && begins_as_page(text);
  if (answer.is_web_page) return "";
  if (std::string said = read_json_after_other_output(text, answer);
      answer.claims_success || answer.denies_success) {
    return said;
  }
  note_text(text, answer);
  return is_markup ? "" : std::string(utf8_prefix(text, kBodyBytesRead));
}

}  // namespace

HostAnswer parse_host_answer(std::string_view body) {
  HostAnswer answer;
  const std::string valid = to_valid_utf8(body);
  const std::string said = read_body(without_mark(valid), answer);
  answer.message = shortened(masked(utf8_prefix(said, kBodyBytesRead)), kMessageBytesMax);
  return answer;
}

}  // namespace autoreply
