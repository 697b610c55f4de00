#include "report/diagnosis.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/json_fields.h"
#include "base/text.h"

namespace autoreply {
namespace {

std::string_view to_string(Diagnosis::Level level) {
  switch (level) {
    case Diagnosis::Level::ok:
      return "ok";
    case Diagnosis::Level::note:
      return "note";
    case Diagnosis::Level::wrong:
      return "WRONG";
  }
  return "";
}

}  // namespace

bool is_anything_wrong(const std::vector<Diagnosis>& diagnoses) {
  return std::ranges::any_of(
      diagnoses, [](const Diagnosis& one) { return one.level == Diagnosis::Level::wrong; });
}

std::string findings_text(const std::vector<Diagnosis>& diagnoses) {
  std::string text;
  for (const Diagnosis& one : diagnoses) {
    text += fmt::format(
        "{:<6} {:<10} {}\n", to_string(one.level), one.about, one_line(to_valid_utf8(one.found)));
    if (!one.todo.empty()) text += fmt::format("{:<17} -> {}\n", "", one_line(one.todo));
  }
  return text;
}

std::string diagnoses_text(const std::vector<Diagnosis>& diagnoses) {
  return findings_text(diagnoses) +
         (is_anything_wrong(diagnoses) ? "something is wrong; see above\n" : "nothing is wrong\n");
}

std::string findings_json(const std::vector<Diagnosis>& diagnoses) {
  auto list = nlohmann::ordered_json::array();
  for (const Diagnosis& one : diagnoses) {
    list.push_back({{"level", lower_case(to_string(one.level))},
                    {"about", one.about},
                    {"found", one.found},
                    {"todo", one.todo}});
  }
  return dump_in_order(list);
}

std::string diagnoses_json(const std::vector<Diagnosis>& diagnoses, int exit_status) {
  return fmt::format(
             R"({{"findings":{},"exit_status":{}}})", findings_json(diagnoses), exit_status) +
         "\n";
}

}  // namespace autoreply
