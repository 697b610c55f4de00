#include "report/bar_chart.h"

#include <algorithm>
#include <cstddef>

#include <fmt/format.h>

#include "report/html_text.h"

namespace autoreply {
namespace {

// Only the heights of a chart are fixed. Its widths are percentages, so texts keep their size on a
// phone.
constexpr double kHeight = 200;
constexpr double kMargin = 24;
constexpr double kBarWidthMax = 8;
constexpr std::size_t kLabelsMax = 12;
constexpr std::size_t kLabelsOnPhone = 6;

std::string percent(double share) {
  return fmt::format("{:.2f}%", share);
}

std::string level_line(double y) {
  return fmt::format("<line x1=\"0\" y1=\"{0}\" x2=\"100%\" y2=\"{0}\"/>", y);
}

/// The days below the bars, as many as there is room for. A phone leaves out the spare ones.
std::string labels(const std::vector<Bar>& bars, double step) {
  const std::size_t every = (bars.size() + kLabelsMax - 1) / kLabelsMax;
  const bool crowded = bars.size() > kLabelsOnPhone;
  std::string svg;
  for (std::size_t at = 0; at < bars.size(); at += every) {
    svg += fmt::format("<text{} x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>\n",
                       crowded && at / every % 2 == 1 ? " class=\"spare\"" : "",
                       percent((static_cast<double>(at) + 0.5) * step),
                       kHeight - 6,
                       html_text(bars[at].label));
  }
  return svg;
}

/// The parts of a bar stand on each other or, if not `stacked`, side by side.
std::string bar_shape(const Bar& bar, bool stacked, double middle, double width, double scale) {
  const double part_width =
      stacked ? width : width / static_cast<double>(std::max<std::size_t>(1, bar.parts.size()));
  double x = middle - width / 2;
  double bottom = kHeight - kMargin;
  std::string svg = fmt::format("<g><title>{}</title>", html_text(bar.title));
  for (const BarPart& part : bar.parts) {
    const double height = part.value * scale;
    svg += fmt::format("<rect class=\"{}\" x=\"{}\" y=\"{:.1f}\" width=\"{}\" height=\"{:.1f}\"/>",
                       part.name,
                       percent(x),
                       bottom - height,
                       percent(part_width),
                       height);
    if (stacked) {
      bottom -= height;
    } else {
      x += part_width;
    }
  }
  return svg + "</g>\n";
}

}  // namespace

std::string bar_chart(const std::vector<Bar>& bars,
                      bool stacked,
                      std::string_view caption,
                      const std::function<std::string(double)>& text_of) {
  if (bars.empty()) return "<p>Nothing in this period.</p>\n";
  double top = 0;
  for (const Bar& bar : bars) {
    double sum = 0;
    for (const BarPart& part : bar.parts)
      sum = stacked ? sum + part.value : std::max(sum, part.value);
    top = std::max(top, sum);
  }
  const double scale = top > 0 ? (kHeight - 2 * kMargin) / top : 0;
  const double step = 100 / static_cast<double>(bars.size());
  const double width = std::min(0.8 * step, kBarWidthMax);
  std::string svg =
      fmt::format("<figure><svg height=\"{}\" role=\"img\" aria-label=\"{}\">\n{}{}\n",
                  kHeight,
                  html_text(caption),
                  level_line(kMargin),
                  level_line(kHeight - kMargin));
  svg += fmt::format("<text x=\"0\" y=\"{}\">{}</text>\n", kMargin - 8, html_text(text_of(top)));
  for (std::size_t at = 0; at < bars.size(); ++at) {
    svg += bar_shape(bars[at], stacked, (static_cast<double>(at) + 0.5) * step, width, scale);
  }
  std::string legend;
  for (const BarPart& part : bars.front().parts) {
    legend += fmt::format("<span class=\"key\"><i class=\"{0}\"></i>{0}</span>", part.name);
  }
  return svg + labels(bars, step) +
         fmt::format("</svg><figcaption>{} {}</figcaption></figure>\n", html_text(caption), legend);
}

}  // namespace autoreply
