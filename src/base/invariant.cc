#include "base/invariant.h"

#include <stdexcept>
#include <string>

#include <unistd.h>

#include "base/output.h"

namespace autoreply {
namespace {

/// EX_SOFTWARE of sysexits.h.
constexpr int kInternalError = 70;

}  // namespace

void require(bool holds, const char* what) {
  if (!holds) throw std::logic_error(std::string("a defect of autoreply: ") + what);
}

void require_or_end(bool holds, const char* what) noexcept {
  if (holds) return;
  print_error("autoreply: a defect of autoreply: ");
  print_error(what);
  print_error("\n");
  // No destructor: none of them may act on a state that cannot be.
  _exit(kInternalError);
}

}  // namespace autoreply
