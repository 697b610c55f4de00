#include "store/postgres/queue_indexes.h"

#include <string_view>

#include "sql.h"
#include "store/sql_statement.h"
#include "store/sql_template.h"

namespace autoreply {

std::vector<QueueIndex> queue_indexes(const TableNames& tables) {
  constexpr std::string_view kCreate = "create ";
  constexpr std::string_view kConcurrently = " concurrently ";
  std::vector<QueueIndex> indexes;
  for (const std::string_view part : sql_parts(sql::postgres_migration_indexes)) {
    const std::size_t kind_end = part.find(kConcurrently);
    const std::size_t name_at = kind_end + kConcurrently.size();
    indexes.push_back(
        {.name = std::string(part.substr(name_at, part.find_first_of(" \n", name_at) - name_at)),
         .kind = std::string(part.substr(kCreate.size(), kind_end - kCreate.size())),
         .statement = with_tables(part, tables)});
  }
  return indexes;
}

}  // namespace autoreply
