#include "generate/errors/error_body.h"

#include <algorithm>
#include <array>
#include <cctype>

#include <simdjson.h>

#include "base/json_fields.h"
#include "base/text.h"
#include "generate/event_stream.h"

namespace autoreply {
namespace {

using simdjson::dom::element;

constexpr int kDepthMax = 6;
constexpr int kValuesMax = 1'000;
constexpr std::size_t kTextsMax = 16;
constexpr std::size_t kCodesMax = 32;
constexpr std::size_t kTextBytesMax = 2'000;
/// A longer value is a text in place of a code.
constexpr std::size_t kCodeBytesMax = 80;

/// Keeps only letters and digits, in lower case, so all spellings of a name are equal.
std::string reduced(std::string_view name) {
  std::string letters;
  for (const char character : name.substr(0, kCodeBytesMax)) {
    const auto byte = static_cast<unsigned char>(character);
    if (std::isalnum(byte) != 0) letters += static_cast<char>(std::tolower(byte));
  }
  return letters;
}

bool is_number(std::string_view text) {
  return std::all_of(
      text.begin(), text.end(), [](unsigned char byte) { return std::isdigit(byte) != 0; });
}

/// Returns a string unchanged and a number as text; empty for anything else.
std::string scalar(element value) {
  if (const auto text = optional_view(value)) return std::string(utf8_prefix(*text, kTextBytesMax));
  if (const auto whole = optional_whole(value)) return std::to_string(*whole);
  const auto number = optional_double(value);
  return number ? std::to_string(*number) : "";
}

/// Collects everything that a body says. A gateway may have wrapped the error of another server.
class Collector final {
 public:
  ErrorBody take() && { return std::move(error_); }

  /// Returns false if the text is not JSON.
  bool read_json(std::string_view text, int depth) {
    // Each document needs its own parser, because the values of the outer one are still in use.
    simdjson::dom::parser parser;
    const auto document = try_parse(parser, text);
    if (document) read(*document, depth);
    return document.has_value();
  }

  /// Reads a body, which may be plain text. Ignores HTML and broken JSON.
  void read_body(std::string_view text) {
    if (!read_json(text, 0) && !text.empty() &&
        std::isalnum(static_cast<unsigned char>(text.front())) != 0) {
      add_text(text);
    }
  }

 private:
  enum class Key {
    other,
    nested,
    code,
    param,
    retry_delay,
    retry_milliseconds,
    headers,
    reasons,
    violations
  };

  static Key key_of(std::string_view name) {
    struct Known {
      std::string_view name;
      Key key;
    };
    constexpr auto kKnown = std::to_array<Known>({{"error", Key::nested},
                                                  {"errors", Key::nested},
                                                  {"message", Key::nested},
                                                  {"msg", Key::nested},
                                                  {"errormessage", Key::nested},
                                                  {"errormsg", Key::nested},
                                                  {"errordescription", Key::nested},
                                                  {"title", Key::nested},
                                                  {"detail", Key::nested},
                                                  {"details", Key::nested},
                                                  {"metadata", Key::nested},
                                                  {"raw", Key::nested},
                                                  {"body", Key::nested},
                                                  {"cause", Key::nested},
                                                  {"innererror", Key::nested},
                                                  {"exception", Key::nested},
                                                  {"response", Key::nested},
                                                  {"choices", Key::nested},
                                                  {"baseresp", Key::nested},
                                                  {"statusmsg", Key::nested},
                                                  {"code", Key::code},
                                                  {"type", Key::code},
                                                  {"status", Key::code},
                                                  {"reason", Key::code},
                                                  {"errorcode", Key::code},
                                                  {"errortype", Key::code},
                                                  {"statuscode", Key::code},
                                                  {"param", Key::param},
                                                  {"parameter", Key::param},
                                                  {"field", Key::param},
                                                  {"loc", Key::param},
                                                  {"retrydelay", Key::retry_delay},
                                                  {"retryafter", Key::retry_delay},
                                                  {"retryafterseconds", Key::retry_delay},
                                                  {"resetsinseconds", Key::retry_delay},
                                                  {"resetsat", Key::retry_delay},
                                                  {"retryafterms", Key::retry_milliseconds},
                                                  {"headers", Key::headers},
                                                  {"reasons", Key::reasons},
                                                  {"flaggedinput", Key::reasons},
                                                  {"violations", Key::violations}});
    if (name.starts_with('@')) return Key::other;  // Google's "@type" names a schema
    const std::string letters = reduced(name);
    const auto* const known = std::find_if(
        kKnown.begin(), kKnown.end(), [&](const Known& entry) { return entry.name == letters; });
    return known == kKnown.end() ? Key::other : known->key;
  }

  void read(element value, int depth) {
    if (depth > kDepthMax || ++values_ > kValuesMax) return;
    if (value.is_array()) {
      for (const element entry : elements_of(value)) {
        if (values_ > kValuesMax) return;
        read(entry, depth + 1);
      }
    } else if (value.is_object()) {
      // An object's own fields come before its nested objects.
      const auto fields = fields_of(value);
      for (const auto& field : fields) read_own(field.key, field.value, depth);
      for (const auto& field : fields) {
        if (values_ > kValuesMax) return;
        if (key_of(field.key) == Key::nested && !field.value.is_string()) {
          read(field.value, depth + 1);
        }
      }
    } else if (const auto text = optional_view(value)) {
      read_string(*text, depth);
    }
  }

  void read_own(std::string_view name, element value, int depth) {
    if (++values_ > kValuesMax) return;
    switch (key_of(name)) {
      case Key::nested:
        if (const auto text = optional_view(value)) read_string(*text, depth);
        break;
      case Key::code:
        add_code(scalar(value), depth + (name == "code" ? 10 : 0));
        break;
      case Key::param:
        read_param(value);
        break;
      case Key::retry_delay:
        if (error_.retry_delay.empty()) error_.retry_delay = scalar(value);
        break;
      case Key::retry_milliseconds:
        if (error_.retry_delay.empty()) error_.retry_delay = scalar(value) + "ms";
        break;
      case Key::headers:
        read_headers(value);
        break;
      case Key::reasons:
        error_.moderated = error_.moderated || !is_empty(value);
        break;
      case Key::violations:
        read_violations(value);
        break;
      case Key::other:
        break;
    }
  }

  static bool is_empty(element value) {
    return elements_of(value).empty() && optional_view(value).value_or("").empty();
  }

  void read_string(std::string_view text, int depth) {
    text = trimmed(text);
    const bool is_json = !text.empty() && (text.front() == '{' || text.front() == '[');
    // A string that only looks like JSON, such as a printed Python dict, is a text.
    if (!is_json || (depth < kDepthMax && !read_json(text, depth + 1))) add_text(text);
  }

  /// Reads a name, or a path to a field as FastAPI sends it: ["body","temperature"].
  void read_param(element value) {
    if (!value.is_array()) {
      // A printed Python None means no name.
      if (const std::string name = scalar(value); error_.param.empty() && name != "None") {
        error_.param = name;
      }
      return;
    }
    std::string last;
    for (const element part : elements_of(value)) {
      if (++values_ > kValuesMax) return;
      if (part.is_string()) last = scalar(part);
    }
    if (error_.param.empty()) error_.param = last;
  }

  void read_headers(element value) {
    for (const auto& field : fields_of(value)) {
      if (++values_ > kValuesMax) return;
      error_.headers.add(field.key, scalar(field.value));
    }
  }

  void read_violations(element value) {
    for (const element violation : elements_of(value)) {
      if (++values_ > kValuesMax) return;
      if (const auto quota = field_of(violation, "quotaId")) {
        error_.quota_ids += scalar(*quota) + " ";
      }
    }
  }

  void add_text(std::string_view text) {
    text = trimmed(utf8_prefix(text, kTextBytesMax));
    if (text.empty() || error_.texts.size() >= kTextsMax) return;
    // Gateways repeat the text that they wrap.
    for (const std::string& known : error_.texts) {
      if (known.find(text) != std::string::npos) return;
    }
    error_.texts.emplace_back(text);
  }

  /// People are shown the code with the highest rank.
  void add_code(const std::string& code, int rank) {
    const std::string letters = reduced(code);
    if (letters.empty()) return;
    if (code.size() > kCodeBytesMax) return add_text(code);
    if (error_.codes.size() < kCodesMax) error_.codes.push_back(letters);
    // Words say more than numbers, specific codes more than "invalid_request_error", and inner
    // errors more than those around them.
    constexpr auto kEmptyWords =
        std::to_array<std::string_view>({"error", "fail", "failed", "none", "null"});
    const bool tells =
        std::find(kEmptyWords.begin(), kEmptyWords.end(), letters) == kEmptyWords.end();
    rank += (is_number(letters) ? 0 : 100) + (letters.ends_with("error") ? 0 : 50);
    if (tells && rank > rank_) {
      error_.code = code;
      rank_ = rank;
    }
  }

  ErrorBody error_;
  int values_ = 0;
  int rank_ = -1;  ///< rank of `error_.code`
};

}  // namespace

std::string ErrorBody::message() const {
  std::string all;
  for (const std::string& text : texts) {
    if (!all.empty()) all += all.ends_with(':') ? " " : ": ";
    all += text;
  }
  return all;
}

ErrorBody parse_error_body(std::string_view body) {
  Collector collector;
  if (is_event_stream(body)) {
    for (const std::string& event : stream_events(body)) collector.read_body(event);
  } else {
    collector.read_body(json_part(body));
  }
  return std::move(collector).take();
}

}  // namespace autoreply
