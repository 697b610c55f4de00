#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace autoreply {

/// One part of a bar.
struct BarPart {
  std::string_view name;  ///< also the class that colours it
  double value = 0;
};

struct Bar {
  std::string label;
  std::string title;
  std::vector<BarPart> parts;
};

/// Returns a figure of HTML. The parts of a bar stand on each other or, if not `stacked`, side by
/// side. `text_of` says the value of the highest one.
[[nodiscard]] std::string bar_chart(const std::vector<Bar>& bars,
                                    bool stacked,
                                    std::string_view caption,
                                    const std::function<std::string(double)>& text_of);

}  // namespace autoreply
