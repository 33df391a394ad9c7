#include "depscan/depfile.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace compiler_cache {
namespace {

using Names = std::vector<std::string>;

Depfile parsed(std::string_view text) {
  auto result = parse_depfile(text);
  EXPECT_TRUE(result.ok()) << text << ": " << result.error().message;
  return result ? *result : Depfile{};
}

Names inputs_of(std::string_view text) { return depfile_inputs(parsed(text)); }

Error error_of(std::string_view text) {
  auto result = parse_depfile(text);
  EXPECT_FALSE(result.ok()) << text;
  return result ? Error{ErrorKind::io, "parsed"} : result.error();
}

std::string retargeted(std::string_view text, const Names& targets, DepfileDialect dialect) {
  auto result = retarget_depfile(text, targets, dialect);
  return result ? *result : "error: " + result.error().message;
}

TEST(Depfile, SplitsTargetsFromPrerequisites) {
  const Depfile depfile = parsed("a.o b.o: a.c a.h\n");
  ASSERT_EQ(depfile.rules.size(), 1u);
  EXPECT_EQ(depfile.rules[0].targets, (Names{"a.o", "b.o"}));
  EXPECT_EQ(depfile.rules[0].prerequisites, (Names{"a.c", "a.h"}));
}

TEST(Depfile, LastLineNeedsNoEnd) { EXPECT_EQ(inputs_of("a.o: a.c a.h"), (Names{"a.c", "a.h"})); }

TEST(Depfile, BlankSpaceBeforeTheColonIsAllowed) { EXPECT_EQ(inputs_of("a.o : a.c"), (Names{"a.c"})); }

TEST(Depfile, ContinuationsJoinLines) {
  EXPECT_EQ(inputs_of("a.o: \\\n a.c \\\n  a.h\\\n\tb.h\n"), (Names{"a.c", "a.h", "b.h"}));
  EXPECT_EQ(inputs_of("a.o:\\\n a.c\n"), (Names{"a.c"}));
}

TEST(Depfile, LinesMayEndInCrLf) {
  EXPECT_EQ(inputs_of("a.o: a.c \\\r\n  a.h\r\n\r\na.h:\r\n"), (Names{"a.c", "a.h"}));
}

TEST(Depfile, EscapesOfTheCompilersAreUndone) {
  EXPECT_EQ(inputs_of("a.o: x\\ y.h"), (Names{"x y.h"}));
  EXPECT_EQ(inputs_of("a.o: x\\\ty.h"), (Names{"x\ty.h"}));
  EXPECT_EQ(inputs_of("a.o: x\\#y.h"), (Names{"x#y.h"}));
  EXPECT_EQ(inputs_of("a.o: x$$y.h $$$$ $ $"), (Names{"x$y.h", "$$", "$"}));
  EXPECT_EQ(inputs_of("a.o: 100%.h"), (Names{"100%.h"}));
  EXPECT_EQ(inputs_of("a.o: gr\xc3\xbc\xc3\x9f.h"), (Names{"gr\xc3\xbc\xc3\x9f.h"}));
}

TEST(Depfile, BackslashesCountBeforeABlankOnly) {
  EXPECT_EQ(inputs_of(R"(a.o: x\\\ y.h)"), (Names{R"(x\ y.h)"}));
  EXPECT_EQ(inputs_of(R"(a.o: x\\\\\ y.h)"), (Names{R"(x\\ y.h)"}));
  EXPECT_EQ(inputs_of(R"(a.o: x\\ y.h)"), (Names{R"(x\\)", "y.h"}));
  EXPECT_EQ(inputs_of(R"(a.o: x\\y\z.h)"), (Names{R"(x\\y\z.h)"}));
  EXPECT_EQ(inputs_of(R"(a.o: x\\#y.h)"), (Names{R"(x\#y.h)"}));
  EXPECT_EQ(inputs_of(R"(a.o: x\$$y.h)"), (Names{R"(x\$y.h)"}));
}

TEST(Depfile, BareTabInsideANameIsClangs) {
  EXPECT_EQ(inputs_of("a.o: x\ty.h"), (Names{"x\ty.h"}));
  EXPECT_EQ(inputs_of("a.o:\tx.h\t y.h\t\n"), (Names{"x.h", "y.h"}));
}

TEST(Depfile, ColonsWithinNamesDoNotEndTheTargets) {
  EXPECT_EQ(parsed("C:\\o\\a.obj: C:\\s\\a.c c:/s/a.h\n"),
            (Depfile{{{{"C:\\o\\a.obj"}, {"C:\\s\\a.c", "c:/s/a.h"}}}}));
  EXPECT_EQ(parsed("a:b.o: a.c b: c:d\n"), (Depfile{{{{"a:b.o"}, {"a.c", "b:", "c:d"}}}}));
  EXPECT_EQ(parsed("a:\\ b.h:\n"), (Depfile{{{{"a:\\ b.h"}, {}}}}));
}

TEST(Depfile, PhonyRulesAddNoInputs) {
  const Depfile depfile = parsed("a.o: a.c a.h x:\n\na.h:\nx::\n");
  EXPECT_EQ(depfile.rules.size(), 3u);
  EXPECT_EQ(depfile.rules[2].targets, (Names{"x:"}));
  EXPECT_EQ(depfile_inputs(depfile), (Names{"a.c", "a.h", "x:"}));
}

TEST(Depfile, InputsOfSeveralRulesAreListedOnce) {
  EXPECT_EQ(inputs_of("a.o: a.c a.h\nb.o: b.c a.h\n"), (Names{"a.c", "a.h", "b.c"}));
}

TEST(Depfile, TargetsStayRaw) { EXPECT_EQ(parsed("$x\\ y$$: a").rules[0].targets, (Names{"$x\\ y$$"})); }

TEST(Depfile, DamageIsCorruptAndSaysWhere) {
  EXPECT_EQ(error_of("").kind, ErrorKind::corrupt);
  EXPECT_EQ(error_of(" \n\n").kind, ErrorKind::corrupt);
  EXPECT_EQ(error_of("a.o a.c\n").kind, ErrorKind::corrupt);
  EXPECT_EQ(error_of("a.o: a.c\n: b\n").message, "depfile: rule without target at byte 9");
  EXPECT_EQ(error_of("a.o: a.c\nrubbish\n").message, "depfile: line without a colon at byte 9");
  EXPECT_EQ(error_of(std::string_view("a.o: a\0c", 8)).message, "depfile: NUL at byte 6");
}

TEST(Depfile, ModuleRulesAreUnsupported) {
  EXPECT_EQ(error_of("u.o: u.cc\nu.o: foo.c++m\nCXX_IMPORTS += foo.c++m\n").kind, ErrorKind::unsupported);
  EXPECT_EQ(error_of("foo.c++m: foo.gcm\n.PHONY: foo.c++m\n").kind, ErrorKind::unsupported);
  EXPECT_EQ(error_of("foo.gcm:| foo.o\n").kind, ErrorKind::unsupported);
}

TEST(Depfile, EveryPrefixIsReadOrRefused) {
  const std::string text = "a\\ b.o c$$: x\\\\\\ y.h \\\r\n z\\#.h\n\nz\\#.h:\nC:\\x:\n";
  for (std::size_t length = 0; length <= text.size(); ++length) {
    const auto result = parse_depfile(std::string_view(text).substr(0, length));
    EXPECT_TRUE(result.ok() || result.error().kind == ErrorKind::corrupt) << length;
  }
}

TEST(DepfileTarget, QuotingEscapesWhatMakeReads) {
  for (const auto dialect : {DepfileDialect::gcc, DepfileDialect::clang}) {
    EXPECT_EQ(quote_depfile_target("a b\tc#d$e:f%g\\h\\ i", dialect), "a\\ b\\\tc\\#d$$e:f%g\\h\\\\\\ i");
  }
}

TEST(DepfileTarget, GccDropsALeadingDotSlash) {
  EXPECT_EQ(quote_depfile_target(".//./x.o", DepfileDialect::gcc), "x.o");
  EXPECT_EQ(quote_depfile_target("../x.o", DepfileDialect::gcc), "../x.o");
  EXPECT_EQ(quote_depfile_target(".//./x.o", DepfileDialect::clang), ".//./x.o");
}

TEST(DepfileTarget, GccPutsRawTargetsFirst) {
  const std::vector<DepfileTarget> targets = {{"q 1", true}, {"./r 1", false}, {"q2", true}, {"r2", false}};
  EXPECT_EQ(depfile_target_texts(targets, DepfileDialect::gcc), (Names{"r 1", "r2", "q\\ 1", "q2"}));
  EXPECT_EQ(depfile_target_texts(targets, DepfileDialect::clang), (Names{"q\\ 1", "./r 1", "q2", "r2"}));
}

TEST(RetargetDepfile, KeepsEscapesAndPhonyRules) {
  EXPECT_EQ(retargeted("a.o: a.c x\\ y$$.h\nx\\ y$$.h:\n", {"out/b.o"}, DepfileDialect::gcc),
            "out/b.o: a.c x\\ y$$.h\nx\\ y$$.h:\n");
  EXPECT_EQ(retargeted("a.o: a.c a.h\n\na.h:\n", {"b.o", "c.o"}, DepfileDialect::clang),
            "b.o c.o: a.c a.h\n\na.h:\n");
}

TEST(RetargetDepfile, WrapsAtTheColumnOfTheDialect) {
  const std::string name(50, 'h');
  const std::string text = "a.o: a.c " + name + "\n";
  // 72 columns with the blank before the name counted out; 75 with the blank and a possible continuation
  // counted in.
  EXPECT_EQ(retargeted(text, {std::string(17, 't')}, DepfileDialect::gcc),
            std::string(17, 't') + ": a.c " + name + "\n");
  EXPECT_EQ(retargeted(text, {std::string(18, 't')}, DepfileDialect::gcc),
            std::string(18, 't') + ": a.c \\\n " + name + "\n");
  EXPECT_EQ(retargeted(text, {std::string(17, 't')}, DepfileDialect::clang),
            std::string(17, 't') + ": a.c " + name + "\n");
  EXPECT_EQ(retargeted(text, {std::string(18, 't')}, DepfileDialect::clang),
            std::string(18, 't') + ": a.c \\\n  " + name + "\n");
}

TEST(RetargetDepfile, CrLfStaysCrLf) {
  const std::string name(70, 'h');
  EXPECT_EQ(retargeted("a.o: \\\r\n  " + name + "\r\n", {"b.o"}, DepfileDialect::clang),
            "b.o: \\\r\n  " + name + "\r\n");
}

TEST(RetargetDepfile, RefusesWhatTheWriterWouldNotHaveWritten) {
  for (const char* text : {
           "a.o: a.c",                        // no line end
           "a.o:  a.c\n",                     // two blanks
           "a.o: \\\n a.c\n",                 // wrapped too early
           "a.o : a.c\n",                     // blank before the colon
           "\na.o: a.c\n",                    // starts with an empty line
           "a.o:\n",                          // no input
           "a.o: a.c\nb.o: b.c\n",            // a second rule that may depend on the target
           "a.o: a.c a.h\nb.h:\n",            // phony, but no input
           "a.o: a.c a.h b.h\nb.h:\na.h:\n",  // phony in another order
           "x: a.o: a.c\n",                   // two colons: which ends the targets?
           "a.o: a.c \r\n",                   // blank at the end
           "a.o: a.c\r\na.c:\n",              // mixed line ends
       }) {
    for (const auto dialect : {DepfileDialect::gcc, DepfileDialect::clang}) {
      const auto result = retarget_depfile(text, Names{"n.o"}, dialect);
      ASSERT_FALSE(result.ok()) << text;
      EXPECT_EQ(result.error().kind, ErrorKind::unsupported) << text;
    }
  }
}

TEST(RetargetDepfile, NeedsATarget) {
  EXPECT_EQ(retarget_depfile("a.o: a.c\n", Names{}, DepfileDialect::gcc).error().kind, ErrorKind::invalid);
}

std::optional<std::string> to_longer(std::string_view name) {
  if (name == "none.h") return std::nullopt;
  return name.starts_with("@") ? "/a/much/longer/folder/than/that/was/" + std::string(name.substr(1))
                               : std::string(name);
}

TEST(RenameInDepfile, WritesOtherNamesAsTheCompilerWould) {
  EXPECT_EQ(*rename_in_depfile("a.o: @a.c b.h\n", to_longer, DepfileDialect::gcc),
            "a.o: /a/much/longer/folder/than/that/was/a.c b.h\n");
  EXPECT_EQ(*rename_in_depfile("@a.o: @a.c @b.h\n", to_longer, DepfileDialect::gcc),
            "/a/much/longer/folder/than/that/was/a.o: \\\n /a/much/longer/folder/than/that/was/a.c \\\n"
            " /a/much/longer/folder/than/that/was/b.h\n");
  EXPECT_EQ(*rename_in_depfile("a.o: a.c @a\\ b.h\n\n@a\\ b.h:\n", to_longer, DepfileDialect::clang),
            "a.o: a.c /a/much/longer/folder/than/that/was/a\\ b.h\n\n/a/much/longer/folder/than/that/was/a\\ "
            "b.h:\n");
}

TEST(RenameInDepfile, RefusesNamesThatCannotBeOthersAndWhatTheWriterWouldNotHaveWritten) {
  for (const char* text :
       {"a.o: none.h\n", "none.h: a.c\n", "a.o:  a.c\n", "a.o: a.c\nb.o: b.c\n", "a.o: a.c\r\n", "a.o:\n"})
    EXPECT_FALSE(rename_in_depfile(text, to_longer, DepfileDialect::gcc).ok()) << text;
}

}  // namespace
}  // namespace compiler_cache
