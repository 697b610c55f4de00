#pragma once

#include <initializer_list>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_set>

#include "base/log.h"

namespace autoreply {

/// Warnings that many jobs of a run would repeat word for word, logged once each. Thread-safe.
class Notices final {
 public:
  /// `log` must outlive the notices.
  explicit Notices(const Log& log) : log_(log) {}

  /// Logs a warning, unless the same one was logged before. After 1,000 different ones, logs no
  /// more.
  void say_once(std::string_view event, std::initializer_list<LogField> fields);

 private:
  const Log& log_;
  std::mutex mutex_;  // guards said_
  std::unordered_set<std::string> said_;
};

}  // namespace autoreply
