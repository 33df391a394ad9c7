#include "depscan/token_scan.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace compiler_cache {
namespace {

using Form = IncludeSpelling::Form;
using Spellings = std::vector<IncludeSpelling>;

IncludeSpelling quoted(std::string name) { return {Form::quote, false, false, std::move(name)}; }
IncludeSpelling angled(std::string name) { return {Form::angle, false, false, std::move(name)}; }
IncludeSpelling next_one(IncludeSpelling spelling) {
  spelling.next = true;
  return spelling;
}
const IncludeSpelling kComputed = {Form::computed, false, false, ""};

ScanFacts scan(std::string_view text) { return scan_c_family(text); }
Spellings includes(std::string_view text) { return scan(text).includes; }
Spellings probes(std::string_view text) { return scan(text).probes; }

struct TextCase {
  std::string_view text;
  bool expected;
};

TEST(TokenScanInclude, EveryDirectiveAndSpelling) {
  EXPECT_EQ(includes("#include \"a.h\"\n"), Spellings{quoted("a.h")});
  EXPECT_EQ(includes("#include <a.h>"), Spellings{angled("a.h")});
  EXPECT_EQ(includes("#include_next <a.h>\n"), Spellings{next_one(angled("a.h"))});
  EXPECT_EQ(includes("#import <a.h>\n"), (Spellings{{Form::angle, false, true, "a.h"}}));
  EXPECT_EQ(includes("#include NAME\n"), Spellings{kComputed});
  EXPECT_EQ(includes("%:include <a.h>\n"), Spellings{angled("a.h")});
  EXPECT_EQ(includes("?\?=include <a.h>\n"), Spellings{angled("a.h")});
  EXPECT_EQ(includes("\xef\xbb\xbf#include <a.h>\n"), Spellings{angled("a.h")});
}

TEST(TokenScanInclude, BlanksAndCommentsMayStandAnywhere) {
  for (const std::string_view text :
       {" \t# \tinclude\t <a.h> // c", "/**/#/* \n */include/**/<a.h>",
        "/* a\n b */ /* c */ # include <a.h>\n", "#include<a.h>", "#\\\ninclude \\\n <a.h>",
        "#include <a.h>\r\n", "int x;\r\n#include <a.h>\r\n", "x\r#include <a.h>\r", "// c\n#include <a.h>",
        "#include <a.h> \"b.h\"\n"}) {
    EXPECT_EQ(includes(text), Spellings{angled("a.h")}) << text;
  }
}

TEST(TokenScanInclude, OnlyAtTheStartOfALine) {
  for (const std::string_view text :
       {"x #include <a.h>\n", "#define F(x) \\\n  #include <a.h>\n", "// #include <a.h>\n",
        "// c \\\n#include <a.h>\n", "// c \\  \n#include <a.h>\n", "/*\n#include <a.h>\n*/",
        "\"\\\n#include <a.h>\"", "#includes <a.h>\n", "#include\n", "#include // <a.h>\n",
        "R\"x(\n#include <a.h>\n)\"\n)x\"", "x /* \n */ #include <a.h>"}) {
    EXPECT_EQ(includes(text), Spellings{}) << text;
  }
}

TEST(TokenScanInclude, CountsInInactiveBranches) {
  EXPECT_EQ(includes("#if 0\ndon't \"\n#include <a.h>\n#endif\n"), Spellings{angled("a.h")});
}

TEST(TokenScanInclude, EachOnceInOrder) {
  EXPECT_EQ(includes("#include <b>\n#include \"b\"\n#include <a>\n#include <b>\n#include_next <b>\n"),
            (Spellings{angled("b"), quoted("b"), angled("a"), next_one(angled("b"))}));
}

TEST(TokenScanInclude, NamesAreTakenLiterally) {
  EXPECT_EQ(includes("#include <a//b.h>\n#include \"c\\d'e/*.h\"\n#include <f.h>\n"),
            (Spellings{angled("a//b.h"), quoted("c\\d'e/*.h"), angled("f.h")}));
  EXPECT_EQ(includes("#include \"a\n#include <b\n"), Spellings{kComputed});
}

TEST(TokenScanInclude, SplicesWithinTokensAreSeenThrough) {
  EXPECT_EQ(includes("#inc\\\nlude <a.h>\n"), Spellings{angled("a.h")});
  EXPECT_EQ(includes("#include <a\\\n.h>\n"), Spellings{angled("a.h")});
  EXPECT_EQ(includes("/* *\\\n/\n#include <a.h>\n"), Spellings{angled("a.h")});
  EXPECT_EQ(includes("#include <a?\?/\n.h>\n"), (Spellings{kComputed, angled("a.h")}));
}

TEST(TokenScanInclude, CodeAroundDoesNotHideIt) {
  for (const std::string_view text :
       {"int i = 1'000'000; \"'\";\n", "char c = '\\''; char d = '\"';\n", "#error don't\n",
        "#error it's /* open\n", "#warning \"x\n", "#if 0\nisn't\n#endif\n", "auto s = u8R\"(\" )\";\n",
        "auto s = R\"(unterminated\n", "auto s = BAR\"(\";\n", "\"abc\\\\\"; '\\\\';\n",
        "x = a / b; y = c /d;\n", "0x1'ab'cd; u'x'; L'\"';\n", "\"\n", "a %b; a %:b;\n", "R\"ab c(\"\n",
        "/* a **/ /***/\n", "#define Q '\n", "\"unterminated\n"}) {
    EXPECT_EQ(includes(std::string(text) + "#include <a.h>\n"), Spellings{angled("a.h")}) << text;
  }
}

TEST(TokenScanProbe, LiteralArguments) {
  EXPECT_EQ(probes("#if __has_include(<a.h>) && __has_include( \"b.h\" ) || __has_include_next(<c.h>)\n"),
            (Spellings{angled("a.h"), quoted("b.h"), next_one(angled("c.h"))}));
  EXPECT_EQ(probes("#if __has_include__ /**/ (<a//b.h>)\n"), Spellings{angled("a//b.h")});
  EXPECT_EQ(probes("#if __has_inc\\\nlude(<a.h>)\n"), Spellings{angled("a.h")});
  EXPECT_FALSE(scan("#if __has_include(<a.h>) || __has_include(\"a.h\")\n").computed_probe);
}

TEST(TokenScanProbe, ComputedArguments) {
  const TextCase cases[] = {
      {"#if __has_include(X)\n", true},
      {"#define FOO(x) __has_include(x)\n", true},
      {"#define X __has_include\n", true},
      {"#if __has_include\n", true},
      {"__has_inc##lude", true},
      {"x##has_include", true},
      {"__has_ ## include", true},
      {"__has_##x", false},
      {"#ifdef __has_include\n", false},
      {"#ifndef __has_include\n", false},
      {"# undef __has_include\n", false},
      {"#if defined(__has_include) && defined __has_include_next\n", false},
      {"#if defined \\\n ( __has_include )\n", false},
      {"#define __has_include(x) 0\n", false},
      {"#  define  __has_include_next(x) 0\n", false},
      {"// __has_include(X)\n", false},
      {"\"__has_include(X)\"", false},
      {"my__has_include(X)", false},
      {"__has_includes(X)", false},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(scan(text).computed_probe, expected) << text;
}

TEST(TokenScanProbe, ThoseInMacrosAreTold) {
  const auto in_macro = [](IncludeSpelling spelling) {
    (spelling.form == Form::angle ? spelling.expanded : spelling.in_macro) = true;
    return spelling;
  };
  EXPECT_EQ(probes("#define HAS __has_include(<a.h>)\n#if __has_include(<a.h>)\n"),
            (Spellings{in_macro(angled("a.h")), angled("a.h")}));
  for (const char* text :
       {"#define HAS(x) x && \\\n __has_include(\"a.h\")\n", "# /*\n*/ define HAS __has_include(\"a.h\")\n",
        "#define HAS /*\n\n*/ __has_include(\"a.h\")\n", "%:define HAS __has_include(\"a.h\")\n",
        "#define HAS /* // */ /*\n*/ /*\n*/ __has_include(\"a.h\")\n"}) {
    EXPECT_EQ(probes(text), Spellings{in_macro(quoted("a.h"))}) << text;
  }
  for (const char* text :
       {"#define HAS\n#if __has_include(\"a.h\")\n", "#if /*\n*/ __has_include(\"a.h\")\n"}) {
    EXPECT_EQ(probes(text), Spellings{quoted("a.h")}) << text;
  }
  EXPECT_TRUE(scan("#define HAS __has_include_next(<a.h>)\n").computed_probe);
  EXPECT_FALSE(scan("#define HAS\n#if __has_include_next(<a.h>)\n").computed_probe);
}

TEST(TokenScanProbe, MacrosThatHandTheirParameterOnAreFollowedByTheirNames) {
  const auto expanded = [](IncludeSpelling spelling) {
    spelling.expanded = true;
    return spelling;
  };
  const std::string definition =
      "#ifdef __has_include\n#  define FMT_HAS_INCLUDE(x) __has_include(x)\n#else\n"
      "#  define FMT_HAS_INCLUDE(x) 0\n#endif\n";
  EXPECT_FALSE(scan(definition).computed_probe);
  const std::string use = "#if FMT_HAS_INCLUDE(<a.h>) || FMT_HAS_INCLUDE( \"b.h\" )\n";
  EXPECT_EQ(probes(definition + use), (Spellings{expanded(angled("a.h")), quoted("b.h")}));
  EXPECT_EQ(probes(use), (Spellings{expanded(angled("a.h")), quoted("b.h")}));
  EXPECT_EQ(probes("#define A has_include(<a.h>)\n"), Spellings{expanded(angled("a.h"))});
  const TextCase cases[] = {
      {"#define HAS_INCLUDE(x) (defined(X) && __has_include ( x ))\n", false},
      {"#define A_HAS_INCLUDE(x) FMT_HAS_INCLUDE(x)\n", false},
      {"#define HAVE(x) __has_include(x)\n", true},
      {"#define HAVE(x) FMT_HAS_INCLUDE(x)\n", true},
      {"#define HAS_INCLUDE(x, y) __has_include(x)\n", true},
      {"#define HAS_INCLUDE(...) __has_include(__VA_ARGS__)\n", true},
      {"#define HAS_INCLUDE(x) __has_include(y)\n", true},
      {"#define HAS_INCLUDE(x) __has_include(x y)\n", true},
      {"#define HAS_INCLUDE(x) __has_include_next(x)\n", true},
      {"#define HAS_INCLUDE(x)\n#if __has_include(x)\n", true},
      {"#define HAS_INCLUDE __has_include\n", true},
      {"#define OTHER FMT_HAS_INCLUDE\n", true},
      {"#if FMT_HAS_INCLUDE(NAME)\n", true},
      {"#if CALL(FMT_HAS_INCLUDE, <a.h>)\n", true},
      {"#define F(x) FMT_ ## HAS_INCLUDE(x)\n", true},
      {"#define F(x) FMT_HAS_ ## INCLUDE\n", true},
      {"#if defined(FMT_HAS_INCLUDE)\n#undef FMT_HAS_INCLUDE\n#endif\n", false},
      {"bool b = has_include(path);\n", false},
      {"// FMT_HAS_INCLUDE(x)\n#error FMT_HAS_INCLUDE(x)\n", false},
      {"#if 1 // FMT_HAS_INCLUDE\n#define S \"FMT_HAS_INCLUDE\"\n", false},
  };
  for (const auto& [text, outcome] : cases) EXPECT_EQ(scan(text).computed_probe, outcome) << text;
}

TEST(TokenScanMacros, ThoseWithoutParametersAreTold) {
  std::vector<std::uint64_t> expected{macro_name_hash("A"), macro_name_hash("B"), macro_name_hash("_C1")};
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(
      scan("#define A\n#  define\tB (x)\n#define _C1/**/1\n#define F(x) x\n#undef G\n#define A 2\n").macros,
      expected);
  EXPECT_EQ(scan("#def\\\nine A\n").macros, std::vector<std::uint64_t>{macro_name_hash("A")});
}

TEST(TokenScanPragma, PrecompiledHeadersAreNamedByAPragma) {
  EXPECT_TRUE(scan("#pragma GCC pch_preprocess \"a.h.gch\"\n").names_precompiled);
  EXPECT_TRUE(scan("# 1 \"a.c\"\n_Pragma(\"GCC pch_preprocess \\\"a.h.gch\\\"\")\n").names_precompiled);
  EXPECT_TRUE(scan("#pragma GCC pch_\\\npreprocess \"a.h.gch\"\n").names_precompiled);
  EXPECT_FALSE(scan("#pragma GCC poison pch_preprocess\n").names_precompiled);
  EXPECT_FALSE(scan("#pragma GCC dependency \"a.h\"\n").names_precompiled);
}

TEST(TokenScanProbe, PragmaDependencyAsksForAnAgeThatNoContentTells) {
  EXPECT_TRUE(scan("#pragma GCC dependency \"a.h\" rest\n").computed_probe);
  EXPECT_TRUE(scan("#pragma clang  dependency <a.h>\n").computed_probe);
  EXPECT_TRUE(scan("_Pragma(\"GCC dependency \\\"a.h\\\"\")\n").computed_probe);
  EXPECT_TRUE(scan("#pragma GCC dependency NAME\n").computed_probe);
  EXPECT_EQ(scan("#pragma GCC poison \"a.h\"\n_Pragma(\"once\") _Pragma(#x)"), ScanFacts{});
}

TEST(TokenScanPragma, AHeaderMayBePutForAnother) {
  EXPECT_TRUE(scan("#pragma include_alias(\"a.h\", \"b.h\")\n").include_alias);
  EXPECT_TRUE(scan("#pragma include_\\\nalias(<a.h>, <b.h>)\n").include_alias);
  EXPECT_TRUE(scan("_Pragma(\"include_alias(\\\"a.h\\\", \\\"b.h\\\")\")\n").include_alias);
  EXPECT_TRUE(scan("__pragma(include_alias(\"a.h\", \"b.h\"))\n").include_alias);
  EXPECT_TRUE(scan("#if 0\n#pragma include_alias(\"a.h\", \"b.h\")\n#endif\n").include_alias);
  EXPECT_TRUE(scan("#define P(x) _Pragma(#x)\nP(include_alias(\"a.h\", \"b.h\"))\n").include_alias);
  EXPECT_FALSE(scan("#pragma include_once(\"a.h\")\nint include_, alias;\n").include_alias);
}

TEST(TokenScanEmbed, DirectiveAndProbe) {
  EXPECT_TRUE(scan("#embed <a.bin>\n").embed);
  EXPECT_FALSE(scan("#embed <a.bin>\n").has_embed);
  EXPECT_TRUE(scan("#if __has_embed(\"a.bin\")\n").has_embed);
  EXPECT_TRUE(scan("#if __has_embed(\"a.bin\")\n").embed);
  EXPECT_EQ(scan("#ifdef __has_embed\n#embedded\n#if defined(__has_embed)\n#define __has_embed(x) 0\n"),
            ScanFacts{});
}

TEST(TokenScanClock, MacrosAsTokens) {
  EXPECT_TRUE(scan("x = __DATE__;").date_macro);
  EXPECT_TRUE(scan("x = __TIME__;").time_macro);
  EXPECT_TRUE(scan("x = __TIMESTAMP__;").timestamp_macro);
  EXPECT_TRUE(scan("\"a\"__DATE__\"b\"").date_macro);
  EXPECT_TRUE(scan("__DA\\\nTE__").date_macro);
  EXPECT_TRUE(scan("__D\\ \r\nATE__").date_macro);
  EXPECT_TRUE(scan("_?\?/\n_DATE__").date_macro);
  EXPECT_TRUE(scan("f(1, __DATE__)").date_macro);
  EXPECT_TRUE(scan("/* *\\\n/ __DATE__").date_macro);
  EXPECT_FALSE(scan("__DATE__").time_macro);
}

TEST(TokenScanClock, NumbersWithSeparatorsHideNothing) {
  EXPECT_TRUE(scan("f(1'000, __DATE__)").date_macro);
  EXPECT_TRUE(scan("f(.5'0 + 0xf'f'f, __DATE__)").date_macro);
  EXPECT_FALSE(scan("f(u8'1', '__DATE__')").date_macro);
}

TEST(TokenScanClock, NotInCommentsStringsOrOtherWords) {
  for (const std::string_view text :
       {"// __DATE__\n", "/* __TIME__ */", "\"__DATE__\"", "'__DATE__'", "x__DATE__", "__DATE__x",
        "\"\\\"__DATE__\"", "// x \\\n __TIME__\n", "#error __DATE__\n", "__TIME64_T_TYPE x; __D __T;",
        "#define D(x) __##x\n", "#define F(x) __T##x\n"}) {
    EXPECT_EQ(scan(text), ScanFacts{}) << text;
  }
}

TEST(TokenScanClock, PiecesThatPastingCouldJoinCount) {
  EXPECT_TRUE(scan("__DA ## TE__").date_macro);
  EXPECT_TRUE(scan("__D%:%:ATE__").date_macro);
  EXPECT_TRUE(scan("#define C(a, b) a##b\nC(__TI, ME__)").time_macro);
  EXPECT_TRUE(scan("#define C(a, b) a##b\nC(__, DATE__)").date_macro);
  EXPECT_TRUE(scan("#define C(a, b) a##b\nC(__TIMEST, AMP__)").timestamp_macro);
  EXPECT_TRUE(scan("#define C(a) __##a##__\nC(TIME)").time_macro);
  EXPECT_TRUE(scan("C(__DA, TE__)").date_macro);  // whatever C is, elsewhere
  EXPECT_TRUE(scan("x ?\?=?\?= ATE__").date_macro);
  EXPECT_EQ(scan("#define C(a, b) a##b\nC(UPDATE__, DATE) C(__x, NAME__)"), ScanFacts{});
}

TEST(TokenScanClock, NameInARawStringCountsForLanguagesWithout) {
  EXPECT_TRUE(scan("R\"(__DATE__)\"").date_macro);
  EXPECT_FALSE(scan("R\"(__DATES)\"").date_macro);
}

TEST(TokenScanIncbin, InStringsHoweverSplit) {
  const TextCase cases[] = {
      {"asm(\".incbin \\\"f\\\"\");", true},
      {"\"\\t.INCBIN x\"", true},
      {"\".inc\" \"bin\"", true},
      {"\".\" /* c */ \n \"i\" u8\"ncb\" \"in f\"", true},
      {"R\"(\n .incbin \"f\")\"", true},
      {"R\"x(.inc)x\" R\"(bin)\"", true},
      {"STRING(.incbin \"f\")", true},
      {"\".in\" REST", true},
      {"\"..inc\" #x", true},
      {"asm(\".\" REST)", true},
      {"\".inc\\\nbin f\"", true},
      {"asm(\"\\x2e\\151ncbin f\")", true},
      {"asm(\"\\56inc\" \"\\u{62}in f\")", true},
      {"asm(\".macro m x\\n.inc\\\\x f\\n.endm\")", true},
      {"asm(\".macro m x\\n.\\\\x f\\n.endm\")", true},
      {"asm(\".altmacro\\n.inc&x f\")", true},
      {"asm(\".in\" \"\\\\x f\")", true},
      {"asm(R\"(.inc\\x f)\")", true},
      {"\"\\x1b[0m.\\\\w\"", false},  // no assembler anywhere
      {"asm(\"\"); f(\"\\x1b.incline\\\\x\")", false},
      {"asm(\"add.\\\\type\")", false},
      {"\"%d.\" PRIu64", false},
      {"#define SUFFIX \".inc\"\nint x;\n", false},
      {"{\".inc\", \".in\"}", false},
      {"// .incbin\n", false},
      {"/* .incbin */ // asm\n", false},
      {"\".incbinary\"", false},
      {"#include \"x.incbin\"\n", false},
      {"\".inc\" \"lude\" \".bin\"", false},
      {"#include <asm/types.h>\nf(\".\" #x)", false},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(scan(text).incbin, expected) << text;
}

TEST(TokenScanAsmInclude, WhereADirectiveCanStand) {
  const TextCase cases[] = {
      {"asm(\".include \\\"f\\\"\");", true},
      {"__asm__ (\"nop; .include f\");", true},
      {"__asm(\"nop\\n.include f\\n\\t.include g\");", true},
      {"#define I(f) \".include \" #f\n", true},
      {"#define I \\\n  \"nop\\n\\t.Include\" X\n", true},
      {"X(\"\\t.include \\\"f\\\"\\n\")", true},
      {"asm(\".incl\" \"ude f\")", true},
      {"asm(\".incl\" REST)", true},
      {"is_suffix(\".include\")", false},
      {"\"foo.include\"; asm(\"nop\");", false},
      {"x.include(y); asm(\"nop\");", false},
      {"// .include asm\n", false},
      {"asm(\".included\")", false},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(scan(text).asm_include, expected) << text;
}

TEST(TokenScanAssembler, DirectivesInAnyCase) {
  EXPECT_TRUE(scan_assembler("\t.incbin \"f\"\n").incbin);
  EXPECT_TRUE(scan_assembler("x: .IncBin \"f\"\n").incbin);
  EXPECT_TRUE(scan_assembler("nop; .include \"f\"").asm_include);
  EXPECT_TRUE(scan_assembler("# .include \"f\"").asm_include);
  EXPECT_TRUE(scan_assembler(" INCLUDE \"f\"").asm_include);
  for (const char* pasted : {"\t.inc\\x f", ".\\op f", ".IN\\()cbin f", ".inc&x f"}) {
    EXPECT_TRUE(scan_assembler(pasted).incbin) << pasted;
    EXPECT_TRUE(scan_assembler(pasted).asm_include) << pasted;
  }
  EXPECT_EQ(scan_assembler("add.\\type r1\n.L\\name: .inc + \\x\n.\n"), ScanFacts{});
  EXPECT_EQ(scan_assembler("# include \"f\"\n#include <g>\n.included\n/* we\n include x */ .inc"),
            ScanFacts{});
  EXPECT_EQ(scan_assembler(""), ScanFacts{});
}

TEST(TokenScan, OrdinaryTextHasNoFacts) {
  EXPECT_EQ(scan(""), ScanFacts{});
  EXPECT_EQ(scan("int main() { return __LINE__ + sizeof(__FILE__) + _Generic(1, int: 2); } /* end"),
            ScanFacts{});
}

TEST(TokenScan, NulBytesAreBlanks) {
  using namespace std::string_view_literals;
  EXPECT_EQ(includes("\0#\0include\0<a.h>\0\n"sv), Spellings{angled("a.h")});
  EXPECT_TRUE(scan("x\0__DATE__\0"sv).date_macro);
}

// No assertion on time: were one of these quadratic, the test would not end within any limit.
TEST(TokenScan, HostileRepetitionTakesLinearTime) {
  for (const std::string_view piece :
       {"__has_include(<", "R\"a(", "R\"a()", "\\\n", "# ", "/**/#", "\".\"/**/", "a ## ", "1'0",
        "_Pragma(\"", "#include <", "\\ ", "//x\r", ".include\n#define\\\n", "__has_include "}) {
    std::string text;
    while (text.size() < 2'000'000) text += piece;
    scan_c_family(text);
    scan_assembler(text);
  }
}

TEST(TokenScan, EveryPrefixIsScannedWithinBounds) {
  const std::string text =
      "#include /*\\\n*/ <a>\\ \r\n?\?/\nR\"x(.inc)x\" \".in\" \"c\" __DA##__\\\n%:%: __has_include__ (\"b\" "
      "_Pragma(\"GCC "
      "dependency <c>\") 1'0 '\\' # pragma clang dependency \"";
  for (std::size_t length = 0; length <= text.size(); ++length) {
    const std::string exact(text, 0, length);  // of its own, so that sanitizers see a step too far
    scan_c_family(std::string_view(exact.data(), length));
    scan_assembler(std::string_view(exact.data(), length));
  }
}

}  // namespace
}  // namespace compiler_cache
