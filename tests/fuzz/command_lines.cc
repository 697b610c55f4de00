// The words of a command line, separated by zero bytes.

#include <vector>

#include "cli/command_line.h"
#include "fuzz.h"

namespace autoreply::fuzz {
namespace {

constexpr std::size_t kWordsMax = 64;

void read_words(const std::string& text) {
  std::vector<std::string> words;
  for (std::size_t start = 0; start <= text.size() && words.size() < kWordsMax;) {
    const std::size_t end = std::min(text.find('\0', start), text.size());
    words.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  const CommandLine line = parse_command_line(words);
  require(line.error.find('\n') == std::string::npos, "an error of several lines");
  require(line.command != CommandLine::Command::refuse || !line.error.empty(), "no error");
}

}  // namespace
}  // namespace autoreply::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  // It would read any file of the machine.
  if (text.find("config") != std::string::npos) return 0;
  autoreply::fuzz::read_words(text);
  autoreply::fuzz::require_linear(text, autoreply::fuzz::read_words);
  return 0;
}
