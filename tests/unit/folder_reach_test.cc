#include "depscan/folder_reach.h"

#include <gtest/gtest.h>

namespace compiler_cache {
namespace {

/// What is found in texts of the project and of the system, with options such as "-DX" and "-UX".
std::string found(const std::vector<std::string>& own, const std::vector<std::string>& options = {},
                  const std::vector<std::string>& systems = {},
                  const std::vector<std::string>& predefined = {}) {
  FolderReachQuestion question;
  for (const std::string& text : own)
    question.files.push_back({std::make_shared<FolderFacts>(scan_for_folder(text)), true});
  for (const std::string& text : systems)
    question.files.push_back({std::make_shared<FolderFacts>(scan_for_folder(text)), false});
  for (const std::string& option : options) {
    if (option.starts_with("-D"))
      question.defined.push_back(scan_option_for_folder(option.substr(2)).definitions.at(0));
    if (option.starts_with("-U")) question.undefined.push_back(option.substr(2));
  }
  for (const std::string& name : predefined) question.predefined.push_back(name_hash(name));
  return name_that_tells_folder(question);
}

constexpr char kAssert[] =
    "#ifdef NDEBUG\n# define assert(x) ((void)0)\n#else\n# define assert(x) fail(#x, __FILE__)\n#endif\n";

TEST(FolderReachTest, TheCompilersNamesAreFoundWhereCodeUsesThem) {
  EXPECT_EQ(found({"const char* f = __FILE__;"}), "__FILE__");
  EXPECT_EQ(found({"f(__builtin_FILE());"}), "__builtin_FILE");
  EXPECT_EQ(found({"f(__BASE_FILE__);"}), "__BASE_FILE__");
  EXPECT_EQ(found({"f(__PRETTY_FUNCTION__);"}), "__PRETTY_FUNCTION__");
  EXPECT_EQ(found({"f(__func__, __FUNCTION__);"}), "");
  EXPECT_EQ(found({"// __FILE__\n/* __FILE__ */ f(\"__FILE__\", '__FILE__', __FILE_NAME__);\n"}), "");
  EXPECT_EQ(found({"#error __FILE__ isn't\n#pragma message(__FILE__)\n"}), "__FILE__");
}

TEST(FolderReachTest, MacrosAreFollowedWhereverTheyAreDefined) {
  EXPECT_EQ(found({"#define A __FILE__\n"}), "");
  EXPECT_EQ(found({"#define A __FILE__\n", "f(A);\n"}), "A");
  EXPECT_EQ(found({"f(C);\n", "#define C B\n", "#define B() A\n#define A __FILE__\n"}), "C");
  EXPECT_EQ(found({"f(A);"}, {"-DA=__FILE__"}), "A");
  EXPECT_EQ(found({"f(A);"}, {"-DA(x)=x __FILE__"}), "A");
  EXPECT_EQ(found({"#if A\n#endif\n#ifdef A\n#endif\n#undef A\n#define A __FILE__\n"}), "");
}

// B may stand for "1 || 1".
TEST(FolderReachTest, AConditionWithMoreThanOneMacroMaySayAnything) {
  for (const char* condition :
       {"defined(A) && B > 3", "A && B", "0 && B > 1", "0 && B, 1", "0 && B or 1", "true"}) {
    const std::string text = "#if " + std::string(condition) + "\nf(__FILE__);\n#endif\n";
    EXPECT_EQ(found({text}), "__FILE__") << condition;
  }
  EXPECT_EQ(found({"#if defined(A) || B\n#else\nf(__FILE__);\n#endif\n"}, {"-DA"}), "__FILE__");
}

TEST(FolderReachTest, WhatCompilersDoNotListMayBeDefinedAllTheSame) {
  EXPECT_EQ(found({"#ifdef __has_include\nf(__FILE__);\n#endif\n"}), "__FILE__");
  EXPECT_EQ(found({"#ifndef _Pragma\n#else\nf(__FILE__);\n#endif\n"}), "__FILE__");
  EXPECT_EQ(found({"#ifndef __AVX2__\nf(__FILE__);\n#endif\n"}, {}, {}, {"__AVX2__"}), "__FILE__");
  EXPECT_EQ(found({"#ifndef __cplusplus\nf(__FILE__);\n#endif\n"}, {}, {}, {"__cplusplus"}), "");
  EXPECT_EQ(found({"#ifdef _GLIBCXX_ASSERTIONS\nf(__FILE__);\n#endif\n"}), "");
  EXPECT_EQ(found({"#ifdef _WIN32\nf(__FILE__);\n#endif\n"}), "");
}

TEST(FolderReachTest, ABranchThatIsNeverTakenDoesNotCount) {
  EXPECT_EQ(found({kAssert, "assert(x);"}), "assert");
  EXPECT_EQ(found({kAssert, "assert(x);"}, {"-DNDEBUG"}), "");
  EXPECT_EQ(found({"#if !defined(NDEBUG)\nf(__FILE__);\n#endif\n"}, {"-DNDEBUG"}), "");
  EXPECT_EQ(found({"#if 0\nf(__FILE__);\n#endif\n"}), "");
  EXPECT_EQ(found({"#if 0\n#else\nf(__FILE__);\n#endif\n"}), "__FILE__");
  EXPECT_EQ(found({"#ifdef A\nf(__FILE__);\n#endif\n"}), "");
  EXPECT_EQ(found({"#if defined(A) && !defined(C)\nf(__FILE__);\n#endif\n"}), "");
  EXPECT_EQ(found({"#if B && defined(A) && 1\nf(__FILE__);\n#endif\n"}), "");
  EXPECT_EQ(found({"#if defined(A) || defined B\n#else\nf(__FILE__);\n#endif\n"}, {"-DB"}), "");
  EXPECT_EQ(found({"#if defined A || B > 3\nf(__FILE__);\n#endif\n"}), "__FILE__");
  EXPECT_EQ(found({"#if A\nf(__FILE__);\n#endif\n"}), "");
  EXPECT_EQ(found({"#if !A\nf(__FILE__);\n#endif\n"}, {"-DA"}), "__FILE__");
  EXPECT_EQ(found({"#ifdef A\n#elif defined(B)\nf(__FILE__);\n#endif\n"}, {"-DA"}), "");
  EXPECT_EQ(found({"#ifdef A\n#elif defined(B)\nf(__FILE__);\n#endif\n"}, {"-DB"}), "__FILE__");
  EXPECT_EQ(found({"#if !defined(A) || !defined(B)\n#else\nf(__FILE__);\n#endif\n"}, {"-DB"}), "");
}

TEST(FolderReachTest, WhatMayBeDefinedSomewhereMayBeDefined) {
  EXPECT_EQ(found({"#ifdef A\nf(__FILE__);\n#endif\n", "#define A\n"}), "__FILE__");
  EXPECT_EQ(found({"#ifdef A\nf(__FILE__);\n#endif\n", "#ifdef B\n#define A\n#endif\n"}), "");
  EXPECT_EQ(found({"#ifdef A\nf(__FILE__);\n#endif\n", "#ifdef B\n#define A\n#endif\n"}, {"-DB"}),
            "__FILE__");
  EXPECT_EQ(found({"#ifdef A\nf(__FILE__);\n#endif\n"}, {}, {}, {"A"}), "__FILE__");
  EXPECT_EQ(found({"#ifdef A\nf(__FILE__);\n#endif\n"}, {}, {"#define A\n"}), "__FILE__");
}

TEST(FolderReachTest, WhatIsUndefinedAnywhereMayBeUndefined) {
  EXPECT_EQ(found({kAssert, "assert(x);", "#undef NDEBUG\n"}, {"-DNDEBUG"}), "assert");
  EXPECT_EQ(found({kAssert, "assert(x);"}, {"-DNDEBUG", "-UNDEBUG"}), "assert");
  EXPECT_EQ(found({kAssert, "assert(x);", "#pragma pop_macro(\"NDEBUG\")\n"}, {"-DNDEBUG"}), "assert");
  EXPECT_EQ(found({kAssert, "assert(x);", "#ifdef A\n#undef NDEBUG\n#endif\n"}, {"-DNDEBUG"}), "assert");
}

TEST(FolderReachTest, NamesThatArePastedTogetherAreFound) {
  const std::string cat = "#define CAT(a, b) a ## b\n";
  EXPECT_EQ(found({cat + "f(CAT(__FI, LE__));"}), "__FILE__");
  EXPECT_EQ(found({"#define C(a, b, c) a##b##c\nf(C(__, FILE, __));"}), "__FILE__");
  EXPECT_EQ(found({"#define C(a) __##a##__\nf(C(FILE));"}), "__FILE__");
  EXPECT_EQ(found({"#define C(a) __##a##__\nf(C(LINE));"}), "");
  EXPECT_EQ(found({"f(LOG(INFO));"}, {}, {"#define LOG_INFO __FILE__\n#define LOG(x) LOG_ ## x\n"}),
            "LOG_INFO");
  EXPECT_EQ(found({"f(WHERE);"}, {}, {"#define L_F __FILE__\n#define L(x) L_ %:%: x\n#define WHERE L(F)\n"}),
            "L_F");
  EXPECT_EQ(found({"FILE* f;"}, {}, {cat + "int __;\n"}), "") << "pieces that only the system's headers have";
}

TEST(FolderReachTest, OfTheCompilersNamesNoPieceIsTheSystems) {
  const std::string around = "#define AROUND(x) __##x##__\n";
  EXPECT_EQ(found({"FILE* f;"}, {}, {around}), "");
  EXPECT_EQ(found({"FILE* f;", around}), "__FILE__");
  EXPECT_EQ(found({"f(CAT(__, FILE__));"}, {}, {"#define CAT(a, b) a##b\n"}), "__FILE__");
}

TEST(FolderReachTest, WhatIsPastedMayBePastedAgain) {
  EXPECT_EQ(
      found({"#define A(x) __##x\n#define C2(a, b) a##b\n#define C(a, b) C2(a, b)\nf(C(A(FI), LE__));\n"}),
      "__FILE__");
}

TEST(FolderReachTest, TextIsReadAsCompilersDo) {
  EXPECT_EQ(found({"f(__FI\\\nLE__);"}), "__FILE__");
  EXPECT_EQ(found({"#define A \\\n  __FILE__\nf(A);"}), "A");
  EXPECT_EQ(found({"%:define A __FILE__\nf(A);"}), "A");
  EXPECT_EQ(found({"/* c */ # /* c */ define /* c\n c */ A __FILE__\nf(A);"}), "A");
  EXPECT_EQ(found({"int n = 1'000; f(__FILE__); // '\n"}), "__FILE__");
  EXPECT_EQ(found({"char c = '\"'; f(__FILE__); c = '\"';\n"}), "__FILE__");
  EXPECT_EQ(found({"R\"(\")\" f(__FILE__); \"\n"}), "__FILE__");
  EXPECT_EQ(found({"#include <it's>\nf(__FILE__);\n"}), "__FILE__");
}

TEST(FolderReachTest, WhatIsNotUnderstoodIsNotTrusted) {
  EXPECT_EQ(found({"?\?=define A\n"}), "?");
  EXPECT_EQ(found({"#ifdef A\n"}), "?");
  EXPECT_EQ(found({"#endif\n"}), "?");
  EXPECT_EQ(found({std::string("int a;\0", 7)}), "?");
  for (const char* text :
       {"int a;\rint b;\n", "#define a$b\n", "#define \xc3\xa9\n", "#undef a\\u00e9\n",
        "#define P _Pragma(x)\n", "#define P _Pragma\n", "#warning a /*\n",
        "#define P(x, ...) a##__VA_OPT__(b)\n", "#if __has_include(<a/*b>)\n#endif\n/* */\n",
        "f(R\"(a\\\nb)\");\n", "auto a = R\"(never closed;\n"})
    EXPECT_EQ(found({text}), "?") << text;
  for (const char* text :
       {"\xef\xbb\xbf#pragma once\r\nint a;\r\n", "int a$b, \xc3\xa9;\n", "f(\"\\u00e9\");\n",
        "#define P(x) _Pragma(#x) _Pragma (\"x\")\n", "#define P(x, ...) f(__VA_OPT__(b))\n",
        "#if __has_include(\"a//b\")\n#endif\n", "#if a < 1 /* c */\n#endif\n"})
    EXPECT_EQ(found({text}), "") << text;
}

TEST(FolderReachTest, WordsInThePragmaOperatorsLiteralCount) {
  EXPECT_EQ(found({"_Pragma(\"unroll(sizeof(__FILE__))\")\n"}), "__FILE__");
  EXPECT_EQ(found({"#define U _Pragma ( /* c */ L\"a(__FILE__)\")\n", "U\n"}), "U");
}

TEST(FolderScanTest, WhatDialectsReadDifferentlyIsTold) {
  EXPECT_TRUE(scan_for_folder("f(R\"(\")\");").raw_literal);
  EXPECT_FALSE(scan_for_folder("f(R\"(a)\");").raw_literal);
  EXPECT_TRUE(scan_for_folder("int a = 1'0;").digit_quote);
  EXPECT_FALSE(scan_for_folder("f(10, '0');").digit_quote);
  EXPECT_TRUE(scan_for_folder("int a; // b\n").line_comment);
  EXPECT_FALSE(scan_for_folder("int a; /* b // */ char* c = \"//\";\n").line_comment);
}

std::string repeated(int count, const std::string& text) {
  std::string all;
  for (int i = 0; i < count; ++i) all += text;
  return all;
}

TEST(FolderReachTest, LongPastesAreFollowedInBoundedTimeAndDepth) {
  const std::string holes = "#define C(a) a" + repeated(200'000, "##a") + "\n";
  EXPECT_EQ(found({holes + "int _, F, I, L, E;"}), "__FILE__");
  EXPECT_EQ(found({holes + "int _, F, I, L;"}), "");
  std::string parameters = "a0";
  for (int i = 1; i < 50'000; ++i) parameters += ",a" + std::to_string(i);
  EXPECT_EQ(found({"#define C(" + parameters + ") a49999" + repeated(50'000, "##a49999") + "\n"}), "");
}

TEST(FolderReachTest, VeryLongNamesAreTakenToBePastedTogether) {
  const std::string name(10'000, 'a');
  EXPECT_EQ(found({"#define " + name + " __FILE__\n#define C(a) a##a\n"}), name);
}

bool names_absolute(std::string_view text) { return scan_for_folder(text).absolute_name; }

TEST(FolderScanTest, AbsoluteNamesAreFoundInDirectives) {
  for (const char* text :
       {"#include \"/a/b.h\"\n", "#include </a/b.h>\n", "#include_next </a/b.h>\n", "#line 7 \"/a/b.c\"\n",
        "# 7 \"/a/b.c\" 2\n", "#if __has_include(\"/a/b.h\")\n#endif\n",
        "#if 1\n#elif HAS(</a/b.h>)\n#endif\n", "#define HAS_B __has_include(\"/a/b.h\")\n",
        "#pragma include_alias(\"a.h\", \"/a/b.h\")\n", "_Pragma(\"x(\\\"/a/b.h\\\")\")\n"})
    EXPECT_TRUE(names_absolute(text)) << text;
  for (const char* text : {"#include \"a/b.h\"\n", "#line 7 \"b.c\"\n", "#line 7\n", "#if a / b\n#endif\n",
                           "const char* a = \"/a/b\";\n", "// #include \"/a/b.h\"\n"})
    EXPECT_FALSE(names_absolute(text)) << text;
}

TEST(FolderScanTest, ComputedNamesAndMacrosThatHoldAbsoluteOnesAreFound) {
  EXPECT_TRUE(scan_for_folder("#include H\n").computed_name);
  EXPECT_TRUE(scan_for_folder("#line 7 F\n").computed_name);
  EXPECT_TRUE(scan_for_folder("#line L \"x\"\n").computed_name);
  EXPECT_TRUE(scan_for_folder("#if __has_include(P)\n#endif\n").computed_name);
  EXPECT_TRUE(scan_for_folder("#define HAS __has_include\n").computed_name);
  EXPECT_FALSE(scan_for_folder("#if defined(__has_include) && __has_include ( <a>)\n#endif\n").computed_name);
  EXPECT_FALSE(scan_for_folder("#include <h>\n#line 7 \"x\"\n").computed_name);
  EXPECT_TRUE(scan_for_folder("#define H \"/a/b.h\"\n").absolute_in_macro);
  EXPECT_FALSE(scan_for_folder("#define H \"a/b.h\"\n#define D(a, b) (a / b)\n").absolute_in_macro);
}

TEST(FolderScanTest, GuardsOfLongChainsOfConditionsStayShort) {
  std::string chain = "#if 0\n";
  for (int i = 0; i < 1500; ++i) chain += "#elif !defined(X" + std::to_string(i) + ")\nf();\n";
  chain += "#else\nf(__FILE__);\n#endif\n";
  std::string nested;
  for (int i = 0; i < 1500; ++i) nested += "#ifdef Y" + std::to_string(i) + "\n";
  nested += repeated(1500, "#endif\n");
  for (const std::string& text : {chain, nested}) {
    std::size_t conditions = 0;
    const FolderFacts facts = scan_for_folder(text);
    for (const Guard& guard : facts.guards) conditions += guard.conditions.size();
    EXPECT_LT(conditions, 64 * 1501U);
  }
  EXPECT_EQ(found({chain}), "");
  std::string options;
  for (int i = 0; i < 1500; ++i) options += "#define X" + std::to_string(i) + "\n";
  EXPECT_EQ(found({chain, options}), "__FILE__");
}

}  // namespace
}  // namespace compiler_cache
