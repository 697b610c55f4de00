#include "job/outcome.h"

#include <cstddef>

#include <fmt/format.h>

#include "base/text.h"

namespace autoreply {
namespace {

constexpr std::size_t kNoteBytesMax = 200;

static_assert(kInDoubtNote.starts_with(kRetriedNote));
static_assert(kKeptInDoubtNote.starts_with(kInDoubtNote));
static_assert(kSupersededNote.starts_with(to_string(Outcome::skipped)));

std::string limited(std::string_view text) {
  const std::string line = one_line(text);
  return std::string(utf8_prefix(line, kNoteBytesMax));
}

}  // namespace

std::string outcome_note(Outcome outcome, std::string_view reason) {
  if (reason.empty()) return std::string(to_string(outcome));
  std::string note = limited(fmt::format("{}: {}", to_string(outcome), reason));
  // A peer's words must not put the job in doubt.
  if (note.starts_with(kInDoubtNote)) {
    note = limited(fmt::format("{}: failed, {}", to_string(outcome), reason));
  }
  return note;
}

std::string in_doubt_note(std::string_view reason, bool is_kept) {
  if (!is_kept) return limited(fmt::format("{}: {}", kInDoubtNote, reason));
  if (reason == kKeptInDoubtReason) return std::string(kKeptInDoubtNote);
  return limited(fmt::format("{}; {}", kKeptInDoubtNote, reason));
}

}  // namespace autoreply
