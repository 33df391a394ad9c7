#include "helper/printed_command.h"

#include <gtest/gtest.h>

namespace compiler_cache {
namespace {

using Words = std::vector<std::string>;

TEST(PrintedCommandTest, WordsAreBareOrQuoted) {
  EXPECT_EQ(printed_words(""), Words{});
  EXPECT_EQ(printed_words("  "), Words{});
  EXPECT_EQ(printed_words(" /usr/lib/cc1 -quiet  \"-main-file-name\" \"a b\\\"c\\\\\" -D\"X Y\" \"\""),
            (Words{"/usr/lib/cc1", "-quiet", "-main-file-name", "a b\"c\\", "-DX Y", ""}));
  EXPECT_EQ(printed_words(" cc1 \"not closed"), (Words{"cc1", "not closed"}));
  EXPECT_EQ(printed_words(" cc1 \"ends in \\"), (Words{"cc1", "ends in \\"}));
}

TEST(PrintedCommandTest, ArgumentsThatReadMoreThanADepfileListsAreKnown) {
  for (const char* word : {"-fplugin=/p.so", "-load", "-fmodules", "-fmodules-ts", "-fmodule-file=m.pcm"}) {
    EXPECT_TRUE(reads_what_it_likes(word)) << word;
    EXPECT_FALSE(reads_a_file(word)) << word;
  }
  for (const char* word : {"-fprofile-use", "-fprofile-use=/p", "-fprofile-sample-use=p", "-fauto-profile"}) {
    EXPECT_TRUE(reads_a_file(word)) << word;
    EXPECT_FALSE(reads_what_it_likes(word)) << word;
  }
  for (const char* word :
       {"-quiet", "-iplugindir=/usr/lib", "-fprofile-generate", "-fno-modules", "-o", "c"}) {
    EXPECT_FALSE(reads_a_file(word) || reads_what_it_likes(word)) << word;
  }
}

TEST(PrintedCommandTest, NamesAreAbsoluteWordsAndValues) {
  EXPECT_EQ(names_in_arguments({"/usr/lib/cc1", "-load", "/p.so", "-fprofile-use=/d/p", "-DN=1", "c", "-o",
                                "x.o", "-fprefix-map=/a=/b"}),
            (std::vector<ArgumentName>{{"/p.so", false}, {"/d/p", true}, {"/a=/b", true}}));
  EXPECT_TRUE(names_in_arguments({}).empty());
}

}  // namespace
}  // namespace compiler_cache
