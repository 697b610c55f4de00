#pragma once

#include <concepts>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace autoreply {

enum class LogLevel { debug, info, warn, error, off };
enum class LogFormat { text, json };

/// One named value of a log line. Numbers stay numbers in JSON.
struct LogField {
  LogField(std::string_view field, std::string text) : name(field), value(std::move(text)) {}
  template <std::integral Number>
  LogField(std::string_view field, Number number)
      : name(field), value(std::to_string(number)), is_number(true) {}

  std::string_view name;
  std::string value;
  bool is_number = false;
};

/// The event log on standard error: one line per event, each with the run's id. Thread-safe.
///
/// A slow or vanished reader of standard error never holds up the work: lines that it does not take
/// are dropped, and a later line says how many.
///
/// Callers must keep message texts, phone numbers and keys out of the fields.
class Log final {
 public:
  Log(LogLevel level, LogFormat format, std::string run_id);
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  void debug(std::string_view event, std::initializer_list<LogField> fields = {}) const;
  void info(std::string_view event, std::initializer_list<LogField> fields = {}) const;
  void warn(std::string_view event, std::initializer_list<LogField> fields = {}) const;
  void error(std::string_view event, std::initializer_list<LogField> fields = {}) const;

 private:
  void write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) const;

  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace autoreply
