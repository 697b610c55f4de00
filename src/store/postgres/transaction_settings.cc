#include "store/postgres/transaction_settings.h"

#include <array>

#include <fmt/format.h>

namespace autoreply {
namespace {

/// Overrides what the role, database or pooler has set for the session. The statements rely on
/// standard strings and ISO dates. Row security must not turn into errors.
constexpr auto kSettings = std::to_array<ServerSetting>({{"client_encoding", "UTF8"},
                                                         {"timezone", "UTC"},
                                                         {"datestyle", "ISO, YMD"},
                                                         {"standard_conforming_strings", "on"},
                                                         {"row_security", "on"}});
constexpr auto kWalks = std::to_array<ServerSetting>({{"enable_seqscan", "off"},
                                                      {"enable_bitmapscan", "off"},
                                                      {"enable_sort", "off"},
                                                      {"enable_incremental_sort", "off"},
                                                      {"jit", "off"}});
constexpr auto kLookups = std::to_array<ServerSetting>({{"enable_seqscan", "off"},
                                                        {"enable_bitmapscan", "off"},
                                                        {"enable_hashjoin", "off"},
                                                        {"enable_mergejoin", "off"},
                                                        {"jit", "off"}});

void append_setting(std::string& sql, std::string_view name, std::string_view value) {
  sql += fmt::format("{} set_config('{}', '{}', true)", sql.empty() ? "select" : ",", name, value);
}

}  // namespace

std::span<const ServerSetting> planner_settings(Plans plans) {
  switch (plans) {
    case Plans::any:
      break;
    case Plans::walks:
      return kWalks;
    case Plans::lookups:
      return kLookups;
  }
  return {};
}

std::string settings_sql(const TransactionLimits& limits) {
  std::string sql;
  for (const ServerSetting& setting : kSettings) append_setting(sql, setting.name, setting.value);
  for (const ServerSetting& setting : planner_settings(limits.plans)) {
    append_setting(sql, setting.name, setting.value);
  }
  append_setting(sql, "synchronous_commit", limits.durable ? "on" : "off");
  append_setting(sql, "lock_timeout", std::to_string(limits.lock.count()));
  append_setting(sql, "statement_timeout", std::to_string(limits.statement.count()));
  append_setting(sql, "idle_in_transaction_session_timeout", std::to_string(limits.idle.count()));
  return sql;
}

}  // namespace autoreply
