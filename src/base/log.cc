#include "base/log.h"

#include <mutex>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include "base/line_writer.h"

namespace autoreply {
namespace {

spdlog::level::level_enum to_spdlog(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return spdlog::level::debug;
    case LogLevel::info:
      return spdlog::level::info;
    case LogLevel::warn:
      return spdlog::level::warn;
    case LogLevel::error:
      return spdlog::level::err;
    case LogLevel::off:
      return spdlog::level::off;
  }
  return spdlog::level::off;
}

std::string json_string(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

bool needs_quotes(std::string_view value) {
  return value.empty() || value.find_first_of(" \"=\n\r\t") != std::string_view::npos;
}

/// Returns the part of a line that follows the time and the level.
std::string payload(LogFormat format,
                    std::string_view run_id,
                    std::string_view event,
                    std::initializer_list<LogField> fields) {
  std::string line;
  if (format == LogFormat::json) {
    line = fmt::format(R"("event":{},"run_id":{})", json_string(event), json_string(run_id));
    for (const LogField& field : fields) {
      line += fmt::format(",{}:{}",
                          json_string(field.name),
                          field.is_number ? field.value : json_string(field.value));
    }
  } else {
    line = fmt::format("{} run_id={}", event, run_id);
    for (const LogField& field : fields) {
      line += fmt::format(
          " {}={}", field.name, needs_quotes(field.value) ? json_string(field.value) : field.value);
    }
  }
  return line;
}

/// Writes to standard error without holding up the work.
class StderrSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  StderrSink(LogFormat format, std::string run_id)
      : format_(format),
        run_id_(std::move(run_id)),
        clears_line_(isatty(STDERR_FILENO) == 1),
        lines_(STDERR_FILENO, [this](std::size_t n) { return notice(n); }) {}

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    lines_.write(formatted(message));
  }
  void flush_() override { lines_.finish(); }

 private:
  std::string formatted(const spdlog::details::log_msg& message) {
    spdlog::memory_buf_t buffer;
    if (clears_line_) buffer.append(kClearLine);
    formatter_->format(message, buffer);
    return fmt::to_string(buffer);
  }

  std::string notice(std::size_t dropped) {
    const std::string text = payload(format_, run_id_, "log_lines_dropped", {{"lines", dropped}});
    return formatted({"autoreply", spdlog::level::warn, text});
  }

  const LogFormat format_;
  const std::string run_id_;
  const bool clears_line_;  ///< a progress bar may stand where the line goes
  LineWriter lines_;
};

}  // namespace

struct Log::Impl {
  Impl(LogLevel level, LogFormat chosen_format, std::string id)
      : format(chosen_format),
        run_id(std::move(id)),
        logger("autoreply", std::make_shared<StderrSink>(format, run_id)) {
    logger.set_level(to_spdlog(level));
    logger.set_pattern(format == LogFormat::json
                           ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})"
                           : "%Y-%m-%dT%H:%M:%S.%eZ %-7l %v",
                       spdlog::pattern_time_type::utc);
    // A log that cannot be written must not stop the work.
    logger.set_error_handler([](const std::string&) {});
  }

  LogFormat format;
  std::string run_id;
  spdlog::logger logger;
};

Log::Log(LogLevel level, LogFormat format, std::string run_id)
    : impl_(std::make_unique<Impl>(level, format, std::move(run_id))) {
}

Log::~Log() {
  impl_->logger.flush();
}

void Log::debug(std::string_view event, std::initializer_list<LogField> fields) const {
  write(LogLevel::debug, event, fields);
}

void Log::info(std::string_view event, std::initializer_list<LogField> fields) const {
  write(LogLevel::info, event, fields);
}

void Log::warn(std::string_view event, std::initializer_list<LogField> fields) const {
  write(LogLevel::warn, event, fields);
}

void Log::error(std::string_view event, std::initializer_list<LogField> fields) const {
  write(LogLevel::error, event, fields);
}

void Log::write(LogLevel level,
                std::string_view event,
                std::initializer_list<LogField> fields) const {
  const auto spdlog_level = to_spdlog(level);
  if (!impl_->logger.should_log(spdlog_level)) return;
  impl_->logger.log(spdlog_level, payload(impl_->format, impl_->run_id, event, fields));
}

}  // namespace autoreply
