#include "job/scope.h"

namespace autoreply {

std::string_view to_string(Scope scope) {
  switch (scope) {
    case Scope::job:
      return "job";
    case Scope::workspace:
      return "workspace";
    case Scope::the_operator:
      break;
  }
  return "operator";
}

Scope scope_named(std::string_view name) {
  if (name == "workspace") return Scope::workspace;
  return name == "operator" ? Scope::the_operator : Scope::job;
}

}  // namespace autoreply
