#include "base/secret.h"

#include <cstring>

namespace autoreply {

void Secret::overwrite(std::string& text) noexcept {
  // A short text lies within the string; the rest of its room may hold an older one.
  explicit_bzero(text.data(), text.capacity());
  text.clear();
}

}  // namespace autoreply
