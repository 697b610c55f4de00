#pragma once

#include <string>
#include <string_view>

#include "store/database.h"

namespace autoreply {

/// Returns `sql` with `{queue}`, `{logs}`, `{messages}`, `{contacts}` and `{config}` replaced by
/// the quoted names of the host's tables.
[[nodiscard]] std::string with_tables(std::string_view sql, const TableNames& tables);

/// Returns `sql` with the placeholders of the notes in the column `outcome`, such as
/// `{in_doubt_note}`, replaced by the texts of `job/outcome.h`, to be put in quotes.
[[nodiscard]] std::string with_outcome_notes(std::string_view sql);

/// Returns `text` with every `placeholder` replaced by `value`.
[[nodiscard]] std::string replaced(std::string text,
                                   std::string_view placeholder,
                                   std::string_view value);

/// Returns `sql` with `prefix` before the name of each of our own tables, and for `{own}`. Our own
/// is every word that begins with `autoreply_` and stands neither in quotes nor behind a point or
/// `{own}`.
[[nodiscard]] std::string with_own_tables(std::string_view sql, std::string_view prefix);

/// Returns a name in double quotes.
[[nodiscard]] std::string quoted_identifier(std::string_view name);

/// Returns `name` or `schema.name` with each part in double quotes.
[[nodiscard]] std::string quoted_name(std::string_view name);

}  // namespace autoreply
