#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

namespace autoreply {

enum class LogLevel { debug, info, warn, error, off };
enum class LogFormat { text, json };

/// One named value of a log line.
struct LogField {
  std::string_view name;
  std::string value;
};

/// The event log on standard error: one line an event, with the run's id on each. Thread-safe.
///
/// A reader of standard error that falls behind or goes away holds nothing up: lines that it does
/// not take are dropped, and a line says how many.
///
/// Callers keep message texts, phone numbers and keys out of the fields.
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
