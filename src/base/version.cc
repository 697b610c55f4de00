#include "base/version.h"

namespace autoreply {

const std::string_view kVersion = AUTOREPLY_VERSION;
const std::string_view kUserAgent = "autoreply/" AUTOREPLY_VERSION;

}  // namespace autoreply
