#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>

#include "cli/command_options.h"
#include "cli/option_kinds.h"
#include "store/database_url.h"

namespace autoreply {
namespace {

// PostgreSQL truncates longer names.
constexpr std::size_t kIdentifierBytesMax = 63;

bool is_plain_name(std::string_view name) {
  return !name.empty() && name.size() <= kIdentifierBytesMax &&
         std::ranges::all_of(name,
                             [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; });
}

OptionGroup::Read read_table(std::string& target) {
  return [&target](const std::string& name) -> Result<void> {
    const std::size_t dot = name.find('.');
    const bool fits = dot == std::string::npos ? is_plain_name(name)
                                               : is_plain_name(name.substr(0, dot)) &&
                                                     is_plain_name(name.substr(dot + 1));
    if (!fits) {
      return fail(ErrorKind::misconfigured,
                  "write a table or view as name or schema.name: letters, digits and _, at most 63 "
                  "each");
    }
    target = name;
    return {};
  };
}

}  // namespace

void add_global_options(CLI::App& app, GlobalOptions& global) {
  OptionGroup options(app, "Options");
  options.text(
      "--database",
      "URL",
      [&global](const std::string& url) -> Result<void> {
        if (auto fit = check_database_url(url); !fit) return fit;
        global.database.url = url;
        global.database_given = true;
        return {};
      },
      "postgresql://... or sqlite:PATH",
      global.database.url);
  options.duration("--database-wait", global.database.wait, "how long to wait for a lost database");
  options.choice<OutputFormat>("--output",
                               global.output,
                               {{"text", OutputFormat::text}, {"json", OutputFormat::json}},
                               "the result on standard output");
  options.choice<LogLevel>("--log-level",
                           global.log_level,
                           {{"debug", LogLevel::debug},
                            {"info", LogLevel::info},
                            {"warn", LogLevel::warn},
                            {"error", LogLevel::error},
                            {"off", LogLevel::off}},
                           "how much goes to standard error");
  options.choice<LogFormat>("--log-format",
                            global.log_format,
                            {{"text", LogFormat::text}, {"json", LogFormat::json}},
                            "one line per event");

  OptionGroup tables(app, "Tables");
  TableNames& names = global.database.tables;
  const auto add = [&tables](const char* option, std::string& table, const char* holds) {
    tables.text(option, "TABLE", read_table(table), holds, table);
  };
  add("--queue-table", names.queue, "the host's queue, a table or view");
  add("--log-table", names.logs, "its log of replies");
  add("--message-table", names.messages, "its messages");
  add("--contact-table", names.contacts, "its contacts");
  add("--config-table", names.config, "its configuration of workspaces");
}

}  // namespace autoreply
