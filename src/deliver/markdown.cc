#include "deliver/markdown.h"

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

#include <cmark.h>

#include "base/text.h"
#include "deliver/markdown_input.h"

namespace autoreply {
namespace {

/// Removes formatting tags. "<name>" and the like stay because they may be meant literally.
std::string without_tags(std::string_view html) {
  constexpr std::array<std::string_view, 26> kTags{
      "a",    "b",      "blockquote", "br", "code", "div", "em", "font", "h1",
      "h2",   "h3",     "h4",         "hr", "i",    "li",  "ol", "p",    "pre",
      "span", "strong", "table",      "td", "th",   "tr",  "u",  "ul"};
  std::string plain;
  while (!html.empty()) {
    if (html.starts_with("<!--")) {
      const std::size_t closed = html.find("-->");
      html.remove_prefix(closed == std::string_view::npos ? html.size() : closed + 3);
      continue;
    }
    const std::size_t end = html[0] == '<' ? html.find_first_of("<>", 1) : std::string_view::npos;
    if (end == std::string_view::npos || html[end] != '>') {
      const std::size_t next = std::min(html.find('<', 1), html.size());
      plain += html.substr(0, next);
      html.remove_prefix(next);
      continue;
    }
    std::string_view tag = html.substr(1, end - 1);
    if (tag.starts_with('/')) tag.remove_prefix(1);
    const std::string name =
        lower_case(tag.substr(0, std::min(tag.find_first_of(" /\n"), tag.size())));
    if (std::find(kTags.begin(), kTags.end(), name) == kTags.end()) {
      plain += html.substr(0, end + 1);
    } else if (name == "br") {
      plain += '\n';
    }
    html.remove_prefix(end + 1);
  }
  return plain;
}

struct FreeNode {
  void operator()(cmark_node* node) const { cmark_node_free(node); }
  void operator()(cmark_iter* iterator) const { cmark_iter_free(iterator); }
};

std::string_view literal(cmark_node* node) {
  const char* const text = cmark_node_get_literal(node);
  return text == nullptr ? "" : text;
}

/// Writes what a reader of the rendered text would see.
class Writer final {
 public:
  explicit Writer(const std::vector<int>& blanks) : blanks_(blanks) {}

  void enter(cmark_node* node) {
    switch (cmark_node_get_type(node)) {
      case CMARK_NODE_PARAGRAPH:
      case CMARK_NODE_HEADING:
        begin_block(node);
        break;
      case CMARK_NODE_CODE_BLOCK:
        begin_block(node);
        plain_ += trimmed(literal(node));
        break;
      case CMARK_NODE_HTML_BLOCK:
        begin_block(node);
        plain_ += trimmed(without_tags(literal(node)));
        break;
      case CMARK_NODE_TEXT: {
        const std::size_t start = plain_.size();
        plain_ += literal(node);
        std::replace(plain_.begin() + static_cast<std::ptrdiff_t>(start), plain_.end(), '`', '\'');
        break;
      }
      case CMARK_NODE_CODE:
        plain_ += literal(node);
        break;
      case CMARK_NODE_HTML_INLINE:
        plain_ += without_tags(literal(node));
        break;
      case CMARK_NODE_SOFTBREAK:
      case CMARK_NODE_LINEBREAK:
        plain_ += '\n';
        break;
      case CMARK_NODE_LINK:
      case CMARK_NODE_IMAGE:
        labels_.push_back(plain_.size());
        break;
      default:
        break;
    }
  }

  void leave(cmark_node* node) {
    const cmark_node_type type = cmark_node_get_type(node);
    if (type != CMARK_NODE_LINK && type != CMARK_NODE_IMAGE) return;
    const std::string label = without_stand_ins(std::string_view(plain_).substr(labels_.back()));
    labels_.pop_back();
    const std::string address = without_stand_ins(cmark_node_get_url(node));
    if (label.empty()) {
      plain_ += address;
    } else if (!says(label, address)) {
      plain_.append(" (").append(address).append(")");
    }
  }

  std::string plain() { return without_stand_ins(plain_); }

 private:
  /// Whether the label is the address, or the address leads nowhere from an SMS.
  static bool says(std::string_view label, std::string_view address) {
    for (const std::string_view scheme : {"mailto:", "tel:", "sms:", "https://", "http://"}) {
      if (address.starts_with(scheme) && !label.starts_with(scheme)) {
        address.remove_prefix(scheme.size());
        break;
      }
    }
    if (address.ends_with('/') && !label.ends_with('/')) address.remove_suffix(1);
    return address.empty() || address.starts_with('#') || label == address;
  }

  void begin_block(cmark_node* node) {
    const auto line = [&](int number) {
      return blanks_.at(std::clamp<std::size_t>(
          number < 0 ? 0 : static_cast<std::size_t>(number), 0, blanks_.size() - 1));
    };
    const int start = cmark_node_get_start_line(node);
    if (!plain_.empty()) plain_ += line(start) > line(last_line_) ? "\n\n" : "\n";
    last_line_ = std::max(start, cmark_node_get_end_line(node));
  }

  const std::vector<int>& blanks_;
  int last_line_ = 0;
  std::vector<std::size_t> labels_;  ///< where the labels of the currently open links begin
  std::string plain_;
};

}  // namespace

std::string without_markdown(std::string_view text) {
  const MarkdownInput input = prepare_markdown(text);
  const std::unique_ptr<cmark_node, FreeNode> document(
      cmark_parse_document(input.text.data(), input.text.size(), CMARK_OPT_DEFAULT));
  const std::unique_ptr<cmark_iter, FreeNode> iterator(cmark_iter_new(document.get()));
  Writer writer(input.blanks);
  for (;;) {
    const cmark_event_type event = cmark_iter_next(iterator.get());
    if (event == CMARK_EVENT_DONE) break;
    cmark_node* const node = cmark_iter_get_node(iterator.get());
    if (event == CMARK_EVENT_ENTER) {
      writer.enter(node);
    } else {
      writer.leave(node);
    }
  }
  return writer.plain();
}

}  // namespace autoreply
