#include "context/reaction.h"

#include <string>

#include <gtest/gtest.h>

namespace autoreply {
namespace {

TEST(IsReaction, KnowsWhatPhonesWrite) {
  for (const char* text : {"Liked \u201CSee you at 9\u201D",
                           "Loved \u201CWe open at 7.\nSee you\u201D ",
                           "Disliked \"We are closed\"",
                           "Laughed at 'it's fine'",
                           "Emphasized \u201CHe said \u201Cyes\u201D\u201D",
                           "Emphasised \u00AB Oui \u00BB",
                           "Questioned \u2018really\u2019",
                           "LIKED \u201EJa\u201C",
                           "Liked an image",
                           "Loved a photo",
                           "Laughed at an attachment",
                           "Removed a heart from \u201Chi\u201D",
                           "Removed a like from \u201Chi\u201D",
                           "Removed a laugh from an image",
                           "Removed an exclamation from \u201Chi\u201D",
                           "Removed a question mark from \u201Chi\u201D",
                           "Reacted \U0001F44D to \u201Chi\u201D",
                           "Reacted \u2764\uFE0F to an image",
                           "Removed \U0001F44D from \u201Chi\u201D",
                           "\u200A\U0001F44D\u200A to \u201C\u200Ahi\u200A\u201D",
                           "\U0001F468\u200D\U0001F469\u200D\U0001F467 to \u201Chi\u201D",
                           "Liked your message",
                           "\U0001F44D to your message",
                           "Reacted with \U0001F44D to \u201Cx\u201D",
                           "Liked \"He said \"hi\" to me\"",
                           "Liked \"\"Hi\" he said\"",
                           "Liked \"He said \"hi\"\"",
                           "Liked \u201CAre you open on Sun\u2026",
                           "Liked \"Are you open on Sun...",
                           "Liked \u201CAre you open on Sun\u2026\u201D",
                           "Liked 2 images",
                           "Laughed at 12 videos",
                           "Liked a link",
                           "A aim\u00E9 \u00AB x \u00BB",
                           "A aim\u00E9 \u00AB\u00A0x\u00A0\u00BB",
                           "A ri de \u00AB x \u00BB",
                           "A soulign\u00E9 \u00AB x \u00BB",
                           "N'a pas aim\u00E9 une image",
                           "\U0001F44D \u00E0 \u00AB x \u00BB",
                           "Le gust\u00F3 \u201Cx\u201D",
                           "Le ha gustado \u201Cx\u201D",
                           "Se ri\u00F3 de \u201Cx\u201D",
                           "Le encant\u00F3 una imagen",
                           "\U0001F44D a \u201Cx\u201D",
                           "Gef\u00E4llt mir: \u201Ex\u201C",
                           "Gef\u00E4llt \u201Ex\u201C",
                           "Lacht \u00FCber ein Bild",
                           "\U0001F44D zu \u201Ex\u201C",
                           "Gostou de \u201Cx\u201D",
                           "Riu de uma imagem",
                           "\U0001F44D para \u201Cx\u201D",
                           "Ha messo mi piace a \u201Cx\u201D",
                           "Ha riso di un\u2019immagine",
                           "Lachte om \u201Cx\u201D",
                           "\U0001F44D op \u201Cx\u201D",
                           "Le encant\u00F3 \u201Chola\u201D",
                           "a r\u00E9agi avec \U0001F525 \u00E0 \u00AB la photo \u00BB"}) {
    EXPECT_TRUE(is_reaction(text)) << text;
  }
}

TEST(IsReaction, LeavesWhatWantsAnAnswer) {
  for (const char* text : {"",
                           "Liked",
                           "Liked it a lot, are you open?",
                           "Liked \u201CSee you at 9\u201D but can we make it 10?",
                           "Liked \u201Cthis\u201D, not \u201Cthat\u201D",
                           "Loved \"A\" and \"B\"",
                           "Loved \u201Cunfinished",
                           "Loved \u201CAre you open\u201D on Sunday\u2026",
                           "Loved \"Are you open\" on Sunday...",
                           "Liked 'tis the season...",
                           "Liked \"A\"? \"B\"",
                           "Liked 2 images, which is yours?",
                           "Liked 2 of them",
                           "Liked your shop",
                           "Gef\u00E4llt mir: ja",
                           "A aim\u00E9 \u00AB x \u00BB mais quand ?",
                           "Leuk! \u201Cx\u201D",
                           "\u201CSee you at 9\u201D",
                           "\U0001F44D",
                           "\U0001F44D to that",
                           "Reacted badly to \u201Cthe cream\u201D",
                           "Removed it from \u201Cthe list\u201D",
                           "I liked \u201CSee you at 9\u201D",
                           "Liked an image you sent, what is it?",
                           "going to \u201CHall 2\u201D"}) {
    EXPECT_FALSE(is_reaction(text)) << text;
  }
}

TEST(IsReaction, TakesTimeLinearInTheMessage) {
  std::string quotes = "Liked ";
  for (int count = 0; count < 10'000; ++count) quotes += "\u201C";
  EXPECT_FALSE(is_reaction(quotes));
  for (int count = 0; count < 10'000; ++count) quotes += "\u201D";
  EXPECT_TRUE(is_reaction(quotes));
  EXPECT_FALSE(is_reaction(std::string(100'000, ' ')));
  EXPECT_FALSE(is_reaction("Liked " + std::string(100'000, '\'')));
}

}  // namespace
}  // namespace autoreply
