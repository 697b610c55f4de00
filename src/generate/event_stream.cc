#include "generate/event_stream.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace autoreply {
namespace {

constexpr std::string_view kData = "data:";

std::string_view without_byte_order_mark(std::string_view body) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  body = trimmed(body);
  while (body.starts_with(kByteOrderMark)) body = trimmed(body.substr(kByteOrderMark.size()));
  return body;
}

bool is_whole_object(std::string_view line) {
  line = trimmed(line);
  return line.starts_with('{') && line.ends_with('}');
}

}  // namespace

std::string_view json_part(std::string_view body) {
  body = without_byte_order_mark(body);
  if (body.ends_with(kStreamEnd)) {
    const std::string_view rest = trimmed(body.substr(0, body.size() - kStreamEnd.size()));
    if (rest.ends_with(kData)) body = trimmed(rest.substr(0, rest.size() - kData.size()));
  }
  return body;
}

bool is_event_stream(std::string_view body) {
  constexpr std::array<std::string_view, 5> kFields = {kData, "event:", "id:", "retry:", ":"};
  const std::string_view start = without_byte_order_mark(body);
  return std::any_of(kFields.begin(), kFields.end(), [&](std::string_view field) {
    return start.starts_with(field);
  });
}

std::vector<std::string> stream_events(std::string_view body) {
  std::vector<std::string> events;
  std::string pending;
  const auto end_event = [&] {
    if (!trimmed(pending).empty()) events.push_back(std::move(pending));
    pending.clear();
  };
  body = without_byte_order_mark(body);
  while (!body.empty()) {
    const std::size_t length = std::min(body.find_first_of("\r\n"), body.size());
    std::string_view line = body.substr(0, length);
    body.remove_prefix(
        std::min(length + (body.substr(length).starts_with("\r\n") ? 2 : 1), body.size()));
    if (line.empty()) {
      end_event();
    } else if (line.starts_with(kData)) {
      line.remove_prefix(kData.size());
      if (!pending.empty()) pending += '\n';
      const bool stands_alone =
          pending.empty() && (is_whole_object(line) || trimmed(line) == kStreamEnd);
      pending += trimmed(line);
      if (stands_alone) end_event();
    }
  }
  end_event();
  return events;
}

}  // namespace autoreply
