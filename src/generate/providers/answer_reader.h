#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json_fields.h"
#include "generate/model_answer.h"

namespace autoreply {

/// Assembles an answer from one JSON document, or from the events of a stream. Each format of
/// answers has its own reader; this class has what all formats share. The first of duplicate keys
/// counts.
class AnswerReader {
 public:
  AnswerReader() = default;
  virtual ~AnswerReader() = default;
  AnswerReader(const AnswerReader&) = delete;
  AnswerReader& operator=(const AnswerReader&) = delete;

  /// Reads the body of an answer with a 2xx status. Empty if it is not JSON, not UTF-8, cut off, or
  /// not in this format. Accepts an event stream that was not asked for, a byte order mark, and
  /// errors in the form of any provider.
  [[nodiscard]] std::optional<ModelAnswer> read(std::string_view body);

 protected:
  /// Reads a document or the data of an event into `answer`. Returns false if it has nothing of the
  /// format.
  virtual bool read_document(simdjson::dom::element document) = 0;

  /// Keeps the first name of a model.
  void note_model(std::string_view name);
  /// Notes the error object of a part of the answer. An error next to a complete text does not
  /// matter, unless it is about this part.
  void note_error(simdjson::dom::element error, bool of_the_text);

  ModelAnswer answer;  // NOLINT(cppcoreguidelines-non-private-member-variables-in-classes)

 private:
  [[nodiscard]] bool read_any(simdjson::dom::element document);
  [[nodiscard]] bool read_events(std::string_view body, bool& has_ended);

  bool is_text_wrong_ = false;
};

/// Returns a text, or the joined parts of type `text` and `output_text`: those of other types hold
/// reasoning. Valid UTF-8.
[[nodiscard]] std::string text_of_parts(simdjson::dom::element content);

}  // namespace autoreply
