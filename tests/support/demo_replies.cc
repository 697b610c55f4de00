#include "support/demo_replies.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace autoreply::test {
namespace {

struct CannedReply {
  std::string_view words;  ///< in lower case; may occur anywhere in the message
  std::string_view reply;
};

constexpr std::array kReplies{
    CannedReply{
        "leak",
        "Oh no! Please turn the stopcock under the sink clockwise to stop the water. We can have "
        "someone with you between 2 and 4 pm today. Does that work?"},
    CannedReply{
        "two o'clock",
        "Done, you are down for 2 pm today. Our plumber Maria will text when she is on her way."},
    CannedReply{
        "gluten",
        "Yes! Our almond cake and the lemon polenta slices are made without gluten. We do bake in "
        "one kitchen, so traces are possible."},
    CannedReply{
        "birthday",
        "Happy almost-birthday to Leo! A dinosaur cake for 12 is no problem for Saturday. Shall we "
        "put his name on it?"},
    CannedReply{
        "reschedule",
        "Of course. We have Thursday at 10:30 or Friday at 4 pm free. Which one suits you better?"},
    CannedReply{"how much",
                "A wash and cut is 38 dollars, colour starts at 85. We are open Monday to Saturday "
                "from 9 to 6, so not on Sundays. Shall we book you in?"},
    CannedReply{"open",
                "We are open Monday to Saturday, with the times on our door and website. See you "
                "soon!"},
};

constexpr std::string_view kElse =
    "Thanks for your message! A colleague will get back to you within the hour.";

}  // namespace

std::string demo_reply(std::string_view message) {
  const std::string text = lower_case(message);
  const auto* const found = std::ranges::find_if(kReplies, [&text](const CannedReply& canned) {
    return text.find(canned.words) != std::string::npos;
  });
  return std::string(found == kReplies.end() ? kElse : found->reply);
}

}  // namespace autoreply::test
