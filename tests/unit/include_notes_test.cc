#include "depscan/include_notes.h"

#include <gtest/gtest.h>

namespace compiler_cache {
namespace {

using Notes = std::vector<IncludeNote>;

NotedOutput split(std::string_view output) { return split_notes(output, kClangNotePrefix); }

TEST(IncludeNotes, OutputIsTakenApart) {
  const NotedOutput output = split(
      "a.cpp\r\nNote: including file: a.h\r\nNote: including file:  b.h\r\na.cpp(1): warning\r\n"
      "Note: including file: c.h");
  EXPECT_EQ(output.notes, (Notes{{"a.h", 1}, {"b.h", 2}, {"c.h", 1}}));
  EXPECT_EQ(output.text, "a.cpp\r\na.cpp(1): warning\r\n");
  EXPECT_FALSE(output.doubt);
}

TEST(IncludeNotes, ANoteBehindAnUnfinishedLineIsInDoubt) {
  EXPECT_EQ(split("50 %Note: including file: a.h\nnext\n").doubt, "Note: including file: a.h");
  EXPECT_EQ(split("x\n50 %Note: including file: a.h").doubt, "Note: including file: a.h");
  EXPECT_EQ(split("Note: including file: a.h\rNote: including file: b.h\n").doubt, std::nullopt);
}

TEST(IncludeNotes, ALineThatLacksItsPathIsInDoubt) {
  EXPECT_TRUE(split("Note: including file:\n").doubt);
  EXPECT_TRUE(split("Note: including file:x.h\n").doubt);
  EXPECT_FALSE(split("Note: including fil\n").doubt);
}

TEST(IncludeNotes, ANoteThatIsDeeperThanItCanBeIsInDoubt) {
  EXPECT_EQ(split("Note: including file:  a.h\n").doubt, "a.h");
  EXPECT_EQ(split("Note: including file: a.h\nNote: including file:   b.h\n").doubt, "b.h");
  EXPECT_FALSE(
      split("Note: including file: a.h\nNote: including file:  b.h\nNote: including file: c.h\n").doubt);
}

TEST(IncludeNotes, WhatLooksLikeANoteIsOne) {
  const NotedOutput output = split("Note: including file: said by #pragma message\n");
  EXPECT_EQ(output.notes, (Notes{{"said by #pragma message", 1}}));
  EXPECT_EQ(output.text, "");
}

TEST(IncludeNotes, PathsThatCannotBeReadAgainAreKnown) {
  for (const char* path : {"a.h", "a b/c.h", "C:\\x", "a "}) EXPECT_TRUE(can_be_noted(path)) << path;
  for (const char* path : {"", " a.h", "\ta.h", "a\nb", "a\n", "a\rb"})
    EXPECT_FALSE(can_be_noted(path)) << path;
}

TEST(IncludeNotes, ThePrefixIsSeenInWhatWasPrinted) {
  const auto detect = [](std::string_view output, std::string_view expected = "") {
    return detect_note_prefix(output, "/tmp/p-1.h", expected).value_or("none");
  };
  EXPECT_EQ(detect("Note: including file: /tmp/p-1.h\n"), "Note: including file:");
  EXPECT_EQ(detect("p-1.c\r\nHinweis: Einlesen der Datei: \\TMP\\P-1.H\r\n"), "Hinweis: Einlesen der Datei:");
  EXPECT_EQ(detect("Nota: file incluso \t /tmp/p-1.h"), "Nota: file incluso");
  EXPECT_EQ(detect("/tmp/p-1.h\n /tmp/p-1.h\nx/tmp/p-1.h\n"), "none");
  EXPECT_EQ(detect("Note: including file: /tmp/other.h\n"), "none");
  EXPECT_EQ(detect("Note: including file: /x/p-1.h\nNote: including file: /tmp/p-1.h\n"),
            "Note: including file:");
  EXPECT_EQ(detect(""), "none");
  EXPECT_EQ(detect("Note: /tmp/p-1.h is read\n"), "none");
  EXPECT_EQ(detect(std::string(300, 'p') + " /tmp/p-1.h\n"), "none");
}

TEST(IncludeNotes, ThePrefixThatWasFoundBeforeIsTriedFirst) {
  const auto detect = [](std::string_view output, std::string_view expected) {
    return detect_note_prefix(output, "C:\\long name\\p-1.h", expected).value_or("none");
  };
  EXPECT_EQ(detect("Note: including file: C:\\LONGNA~1\\p-1.h\r\n", "Note: including file: "),
            "Note: including file:");
  EXPECT_EQ(detect("Note: including file: C:\\LONGNA~1\\p-1.h\r\n", "Hinweis: Einlesen der Datei: "), "none");
  EXPECT_EQ(detect("Hinweis: C:\\long name\\p-1.h\r\n", "Note: including file: "), "Hinweis:");
  EXPECT_EQ(detect("Note: including file: C:\\LONGNA~1\\p-1.h\r\n", ""), "none");
}

}  // namespace
}  // namespace compiler_cache
