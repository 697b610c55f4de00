#include "generate/model_text/channels.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "base/text.h"
#include "generate/model_text/model_marks.h"

namespace autoreply {
namespace {

constexpr std::string_view kAssistant = "assistant";
constexpr std::string_view kToTool = " to=";
constexpr std::string_view kAnalysis = "analysis";
constexpr std::string_view kCommentary = "commentary";
constexpr std::string_view kFinal = "final";
constexpr std::string_view kNextIsFinal = "assistantfinal";

bool is_upper(char character) {
  return std::isupper(static_cast<unsigned char>(character)) != 0;
}

/// Drops the role that precedes the first channel.
std::string_view without_role(std::string_view text) {
  if (!text.starts_with(kAssistant)) return text;
  const std::string_view rest = trimmed(text.substr(kAssistant.size()));
  for (const std::string_view name : {kAnalysis, kCommentary, kFinal}) {
    if (rest.starts_with(name)) return rest;
  }
  return text;
}

/// Some servers drop the special tokens but keep the text between them: "analysisThey
/// ask.assistantfinalClosed." No language puts a capital directly after such a word, and no reply
/// begins with a line that consists of such a word alone.
bool begins_with_lost_channel(std::string_view printed) {
  const std::string_view text = without_role(trimmed(printed));
  for (const std::string_view name : {kAnalysis, kCommentary, kFinal}) {
    if (!text.starts_with(name) || text.size() == name.size()) continue;
    const std::string_view rest = text.substr(name.size());
    if (is_upper(rest.front())) return true;
    if (name == kFinal) continue;
    if (rest.front() == '\n' || rest.starts_with(kToTool) ||
        rest.find(kNextIsFinal) != std::string_view::npos) {
      return true;
    }
  }
  return false;
}

ModelOutput after_lost_tokens(std::string_view text) {
  constexpr std::string_view kFinalLine = "\nfinal\n";
  text = without_role(text);
  if (const std::size_t last = text.rfind(kNextIsFinal); last != std::string_view::npos) {
    return {std::string(text.substr(last + kNextIsFinal.size()))};
  }
  if (text.starts_with(kFinal)) return {std::string(text.substr(kFinal.size()))};
  if (const std::size_t line = text.find(kFinalLine); line != std::string_view::npos) {
    return {std::string(text.substr(line + kFinalLine.size()))};
  }
  return {"", text.find(kToTool) != std::string_view::npos};
}

/// Reads messages of the form `<|start|>role<|channel|>name<|message|>text<|end|>`. Any of these
/// tokens may be missing.
class ChannelReader final {
 public:
  void text(std::string_view part) { (in_body_ ? body_ : header_) += part; }

  void token(const std::string& name) {
    if (name == "message") {
      in_body_ = true;
    } else if (name == "channel") {
      if (in_body_) end_message();
      // The text before this token is the role, including a called tool: "assistant
      // to=functions.x".
      channel_at_ = header_.size();
    } else if (name == "start" || name == "end" || name == "return" || name == "call") {
      end_message();
    }
  }

  void end_message() {
    if (in_body_) {
      const bool for_tool = header_.find("to=") != std::string::npos;
      const std::string channel =
          channel_at_ ? first_word(std::string_view(header_).substr(*channel_at_)) : "";
      if (for_tool) {
        output_.calls_tools = true;
      } else if (channel == kFinal) {
        output_.text += body_;
      } else if (channel.empty() && first_word(header_) != "user") {
        plain_ += body_;
      }
    }
    body_.clear();
    header_.clear();
    in_body_ = false;
    channel_at_.reset();
  }

  ModelOutput take() && {
    end_message();
    if (trimmed(output_.text).empty()) output_.text = plain_;
    return std::move(output_);
  }

 private:
  static std::string first_word(std::string_view header) {
    header = trimmed(header);
    const auto end = std::find_if_not(header.begin(), header.end(), [](unsigned char character) {
      return std::isalpha(character) != 0;
    });
    return lower_case(header.substr(0, static_cast<std::size_t>(end - header.begin())));
  }

  ModelOutput output_;
  std::string plain_;  ///< from messages without a channel
  std::string header_;
  std::string body_;
  bool in_body_ = false;
  std::optional<std::size_t> channel_at_;  ///< position in the header
};

}  // namespace

bool has_channels(std::string_view printed) {
  return printed.find("<|channel|>") != std::string_view::npos ||
         printed.find("<|message|>") != std::string_view::npos || begins_with_lost_channel(printed);
}

ModelOutput final_channel(std::string_view printed) {
  if (begins_with_lost_channel(printed)) return after_lost_tokens(trimmed(printed));
  ChannelReader reader;
  while (!printed.empty()) {
    const std::size_t at = std::min(printed.find("<|"), printed.size());
    reader.text(printed.substr(0, at));
    printed.remove_prefix(at);
    if (printed.empty()) break;
    const Mark mark = mark_at(printed);
    if (mark.length == 0) {
      reader.text(printed.substr(0, 1));
      printed.remove_prefix(1);
    } else {
      reader.token(mark.name);
      printed.remove_prefix(mark.length);
    }
  }
  return std::move(reader).take();
}

}  // namespace autoreply
