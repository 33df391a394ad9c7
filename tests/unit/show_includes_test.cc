#include "depscan/show_includes.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "depscan/include_notes.h"

namespace compiler_cache {
namespace {

constexpr std::string_view kEnglish = "Note: including file:";

/// What a sink is told: "1 path" for a note, text in angle brackets, joined as far as it goes.
class Told {
 public:
  NoteSink sink() {
    return {this,
            [](void* context, const char* bytes, size_t size) {
              static_cast<Told*>(context)->add(std::string_view(bytes, size));
            },
            [](void* context, const char* path, size_t size, size_t depth) {
              return static_cast<Told*>(context)->add_note(std::string_view(path, size), depth);
            }};
  }
  std::string all() {
    end_text();
    return all_;
  }
  std::string refused = "?";  ///< a path that is said to be none

 private:
  void add(std::string_view text) { text_ += text; }
  bool add_note(std::string_view path, size_t depth) {
    if (path == refused) return false;
    end_text();
    all_ += "{" + std::to_string(depth) + " " + std::string(path) + "}";
    return true;
  }
  void end_text() {
    if (!text_.empty()) all_ += "<" + text_ + ">";
    text_.clear();
  }

  std::string all_;
  std::string text_;
};

std::string filtered(const std::vector<std::string_view>& pieces, std::string_view prefix,
                     const std::string& refused = "?") {
  Told told;
  told.refused = refused;
  NoteFilter filter(prefix.data(), prefix.size(), told.sink());
  for (const std::string_view piece : pieces) filter.feed(piece.data(), piece.size());
  filter.finish();
  return told.all();
}

/// The same, however the text is cut.
std::string filtered(std::string_view text, std::string_view prefix = kEnglish,
                     const std::string& refused = "?") {
  const std::string whole = filtered(std::vector{text}, prefix, refused);
  for (std::size_t cut = 1; cut < text.size(); ++cut) {
    EXPECT_EQ(filtered({text.substr(0, cut), text.substr(cut)}, prefix, refused), whole) << cut;
  }
  std::vector<std::string_view> bytes;
  for (std::size_t i = 0; i < text.size(); ++i) bytes.push_back(text.substr(i, 1));
  EXPECT_EQ(filtered(bytes, prefix, refused), whole);
  return whole;
}

TEST(ShowIncludes, NotesAreTakenOutOfTheText) {
  EXPECT_EQ(filtered("a.cpp\nNote: including file: x.h\nwarning\nNote: including file: y.h\nend\n"),
            "<a.cpp\n>{1 x.h}<warning\n>{1 y.h}<end\n>");
}

TEST(ShowIncludes, BlanksTellTheDepth) {
  EXPECT_EQ(filtered("Note: including file: a.h\nNote: including file:  b.h\nNote: including file:   c.h\n"
                     "Note: including file:  d.h\nNote: including file: e.h\n"),
            "{1 a.h}{2 b.h}{3 c.h}{2 d.h}{1 e.h}");
  EXPECT_EQ(filtered("Note: including file:\tx.h\n"), "{1 x.h}");
}

TEST(ShowIncludes, BlanksAtTheEndOfThePrefixAreNoPartOfIt) {
  EXPECT_EQ(filtered("Note: including file:  a.h\n", "Note: including file: "), "{2 a.h}");
  EXPECT_EQ(filtered("Note: including file:  a.h\n", "Note: including file: \t "), "{2 a.h}");
}

TEST(ShowIncludes, PathsAreRaw) {
  for (const std::string path :
       {"C:\\Program Files (x86)\\x y\\h.h", "\\\\server\\share\\a b.h", "//server/share/a.h",
        "c:/mixed\\slashes.h", "/usr/include/a.h", "\"quoted\".h", "gr\xc3\xbc\xc3\x9f\x65.h", "\xfc.h",
        "\xe3\x83\xa1\xe3\x83\xa2.h", "ends in a blank.h ", "Note: including file: x.h", "a:b", "a\rb.h"}) {
    EXPECT_EQ(filtered("Note: including file:   " + path + "\n"), "{3 " + path + "}");
    EXPECT_EQ(filtered("Note: including file:   " + path + "\r\n"), "{3 " + path + "}");
  }
}

TEST(ShowIncludes, EveryEndOfALineCounts) {
  EXPECT_EQ(filtered("t\r\nNote: including file: a.h\r\nt\r\n"), "<t\r\n>{1 a.h}<t\r\n>");
  EXPECT_EQ(filtered("Note: including file: a.h"), "{1 a.h}");
  EXPECT_EQ(filtered("Note: including file: a.h\r"), "{1 a.h}");
  EXPECT_EQ(filtered("text without end"), "<text without end>");
  EXPECT_EQ(filtered("Note: inclu"), "<Note: inclu>");
  EXPECT_EQ(filtered("Note: including file:"), "<Note: including file:>");
  EXPECT_EQ(filtered(""), "");
}

TEST(ShowIncludes, WhatIsNoNoteComesByteForByte) {
  const std::string text =
      "Note: including file:\nNote: including file: \nNote: including file: \t\r\nNote: including file:x.h\n"
      "note: including file: x.h\n Note: including file: x.h\nNote: including\nNNote: including file: x.h\n"
      "a.cpp(3): Note: including file: x.h\n\n\r\n\nNote: includingNote: including file: x.h\n";
  EXPECT_EQ(filtered(text), "<" + text + ">");
  const std::string nul("a\0Note: including file: x.h\n\0\n", 31);
  EXPECT_EQ(filtered(nul), "<" + nul + ">");
}

TEST(ShowIncludes, ANoteThatNobodyTakesIsText) {
  EXPECT_EQ(filtered("Note: including file: a.h\nNote: including file:   b  \r\nNote: including file: b",
                     kEnglish, "b  "),
            "{1 a.h}<Note: including file:   b  \r\n>{1 b}");
}

TEST(ShowIncludes, TranslatedCompilers) {
  const std::vector<std::string> prefixes = {
      "Hinweis: Einlesen der Datei:",                      // German
      "Remarque\xc2\xa0: inclusion du fichier\xc2\xa0: ",  // French, UTF-8
      "Remarque\xff: inclusion du fichier\xff:",           // code page 850
      "Remarque : inclusion du fichier : ",                //
      "Nota: file incluso ",                               // Italian
      "Nota: inclusi\xf3n del archivo:",                   // Spanish
      "\xe3\x83\xa1\xe3\x83\xa2: \xe3\x82\xa4\xe3\x83\xb3\xe3\x82\xaf\xe3\x83\xab\xe3\x83\xbc\xe3\x83\x89 "
      "\xe3\x83\x95\xe3\x82\xa1\xe3\x82\xa4\xe3\x83\xab:",  // Japanese, UTF-8
      "\x83\x81\x83\x82: \x83\x43\x83\x93\x83\x4e\x83\x8b\x81\x5b\x83\x68 "
      "\x83\x74\x83\x40\x83\x43\x83\x8b:  ",                                          // Shift JIS
      "\xe6\xb3\xa8\xe6\x84\x8f: \xe5\x8c\x85\xe5\x90\xab\xe6\x96\x87\xe4\xbb\xb6:",  // Chinese
      "\xcf\xf0\xe8\xec\xe5\xf7\xe0\xed\xe8\xe5: \xe2\xea\xeb\xfe\xf7\xe5\xed\xe8\xe5 \xf4\xe0\xe9\xeb\xe0:",
  };
  for (const std::string& given : prefixes) {
    const std::string prefix = given.substr(0, given.find_last_not_of(' ') + 1);
    EXPECT_EQ(
        filtered("t\n" + prefix + " C:\\a b\\x.h\r\n" + prefix + "  C:\\y.h\r\nNote: including file: z\n",
                 given),
        "<t\n>{1 C:\\a b\\x.h}{2 C:\\y.h}<Note: including file: z\n>");
    EXPECT_EQ(detect_note_prefix("a.c\r\n" + prefix + " C:\\T p\\h.h\r\nmore\r\n", "c:/t p/h.h", ""), prefix);
  }
}

TEST(ShowIncludes, WithoutAPrefixNothingIsANote) {
  const std::string text = "Note: including file: a.h\n x.h\n";
  for (const std::string prefix : {"", " ", "\t \t", "a\nb", "Note: including file: a.h\n"})
    EXPECT_EQ(filtered(text, prefix), "<" + text + ">");
  const std::string longest(kMaxNotePrefix, 'p');
  EXPECT_EQ(filtered(longest + " a\n", longest), "{1 a}");
  EXPECT_EQ(filtered(longest + "p a\n", longest + "p"), "<" + longest + "p a\n>");
}

TEST(ShowIncludes, LinesAreHeldUpToALimit) {
  const std::string head = "Note: including file: ";
  const std::string longest(kMaxIncludeNote - head.size() - 1, 'x');
  const auto once = [](const std::string& text) {
    return filtered(std::vector<std::string_view>{text}, kEnglish);
  };
  EXPECT_EQ(once(head + longest + "\n" + head + "y\n"), "{1 " + longest + "}{1 y}");
  EXPECT_EQ(once(head + longest + "x\n" + head + "y\n"), "<" + head + longest + "x\n>{1 y}");
  EXPECT_EQ(once(head + longest + "xx"), "<" + head + longest + "xx>");
}

TEST(ShowIncludes, OnlyWhatMayBecomeANoteIsHeldBack) {
  Told told;
  NoteFilter filter(kEnglish.data(), kEnglish.size(), told.sink());
  const auto feed = [&](std::string_view text) {
    filter.feed(text.data(), text.size());
    return told.all();
  };
  EXPECT_EQ(feed("progress 10 %"), "<progress 10 %>");
  EXPECT_EQ(feed(", Note: including file: 20 %"), "<progress 10 %><, Note: including file: 20 %>");
}

TEST(ShowIncludes, AnotherStreamMayFollow) {
  Told told;
  NoteFilter filter(kEnglish.data(), kEnglish.size(), told.sink());
  filter.feed("text", 4);
  filter.finish();
  filter.feed("Note: including file: a.h", 25);
  filter.finish();
  filter.finish();
  EXPECT_EQ(told.all(), "<text>{1 a.h}");
}

}  // namespace
}  // namespace compiler_cache
