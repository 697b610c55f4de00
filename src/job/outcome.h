#pragma once

#include <array>
#include <string>
#include <string_view>

namespace autoreply {

/// What became of an attempt. The names are those used in the summary and in the column `outcome`.
enum class Outcome {
  completed,  ///< the host took the reply
  skipped,    ///< there was nothing to send
  retried,    ///< failed and due again, or in doubt and to be looked up in the host's record
  failed,     ///< will not be tried again
  deferred,   ///< due again without having used an attempt
  released,   ///< given back as it was before the claim
};

/// In the order of the summary.
inline constexpr std::array kOutcomes{Outcome::completed,
                                      Outcome::skipped,
                                      Outcome::retried,
                                      Outcome::failed,
                                      Outcome::deferred,
                                      Outcome::released};

[[nodiscard]] constexpr std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::completed:
      return "completed";
    case Outcome::skipped:
      return "skipped";
    case Outcome::retried:
      return "retried";
    case Outcome::failed:
      return "failed";
    case Outcome::deferred:
      return "deferred";
    case Outcome::released:
      return "released";
  }
  return "unknown";
}

// The column `outcome` holds `word` or `word: reason`, one line of at most 200 bytes. Later claims
// act on these texts, the SQL statements take them from here, and existing rows contain them. A
// text may get a successor but must never be reworded.

inline constexpr std::string_view kCompletedNote = to_string(Outcome::completed);
inline constexpr std::string_view kRetriedNote = to_string(Outcome::retried);
inline constexpr std::string_view kFailedNote = to_string(Outcome::failed);
inline constexpr std::string_view kDeferredNote = to_string(Outcome::deferred);
/// Begins the note of a job whose last transmission got no definite answer.
inline constexpr std::string_view kInDoubtNote = "retried: in doubt";
/// Begins the note of a job in doubt that may be sent once more when the callback works again.
inline constexpr std::string_view kKeptInDoubtNote =
    "retried: in doubt: kept until the callback takes another reply";
/// The reason in `kKeptInDoubtNote`.
inline constexpr std::string_view kKeptInDoubtReason =
    kKeptInDoubtNote.substr(kInDoubtNote.size() + 2);
/// Begins the note of a job that failed in doubt. The customer may have its reply.
inline constexpr std::string_view kUnknownDeliveryNote = "failed: delivery unknown";
/// The note of a job that a person has put back.
inline constexpr std::string_view kPutBackNote = "released: put back by autoreply retry";
/// The note of a job that a person has ended.
inline constexpr std::string_view kCancelledNote = "skipped: cancelled";
/// The note of a job whose message another job's reply also answered.
inline constexpr std::string_view kSupersededNote = "skipped: superseded";
/// The reason in `kSupersededNote`.
inline constexpr std::string_view kSupersededReason =
    kSupersededNote.substr(to_string(Outcome::skipped).size() + 2);

/// What the column `failures` says of an attempt that began and had no outcome.
inline constexpr std::string_view kLostRunFailure = "lease expired: its run ended first";

/// The note of a job that is not in doubt. No reason makes it read as if the job were in doubt.
[[nodiscard]] std::string outcome_note(Outcome outcome, std::string_view reason);
/// The note of a job in doubt. `is_kept`: as in `kKeptInDoubtNote`.
[[nodiscard]] std::string in_doubt_note(std::string_view reason, bool is_kept);

}  // namespace autoreply
