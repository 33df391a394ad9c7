// Which names must stay absent. What must not be kept at all is in header_lookup_refusal_test.cc.
#include "helper/header_lookup.h"

#include "tests/unit/lookup_fixture.h"

namespace compiler_cache {
namespace {

using Names = std::vector<std::string>;

class HeaderLookupTest : public LookupFixture {};

TEST_F(HeaderLookupTest, HeaderThatShadowsTheOneThatWasReadIsNoticed) {
  put("/w/a.cc", "#include <x.h>\n");
  put("/i2/x.h", "");
  analyse({"/w/a.cc", "/i2/x.h"});
  EXPECT_TRUE(holds());
  EXPECT_FALSE(holds_with("/i1/x.h"));
  EXPECT_TRUE(holds_with("/i3/x.h"));
  EXPECT_TRUE(holds_with("/w/x.h"));
  EXPECT_TRUE(holds_with("/i1/y.h"));
}

TEST_F(HeaderLookupTest, QuotesLookBesideTheIncludingFileAndInTheirOwnFoldersFirst) {
  context_.search.quote = {"quoted"};  // relative to the compile
  disk_.put_folder("/w/quoted");
  put("/w/sub/a.cc", "#include \"x.h\"\n");
  put("/i1/x.h", "");
  analyse({"/w/sub/a.cc", "/i1/x.h"});
  EXPECT_TRUE(holds());
  EXPECT_FALSE(holds_with("/w/sub/x.h"));
  EXPECT_FALSE(holds_with("/w/quoted/x.h"));
  EXPECT_TRUE(holds_with("/w/x.h"));
}

TEST_F(HeaderLookupTest, AngleBracketsDoNotLookInFoldersForQuotes) {
  context_.search.quote = {"/q"};
  disk_.put_folder("/q");
  put("/w/a.cc", "#include <x.h>\n");
  put("/i1/x.h", "");
  analyse({"/w/a.cc", "/i1/x.h"});
  EXPECT_TRUE(holds_with("/q/x.h"));
}

TEST_F(HeaderLookupTest, HeadersIncludesCountLikeTheSources) {
  put("/w/a.cc", "#include <sub/x.h>\n");
  put("/i2/sub/x.h", "#include \"y.h\"\n");
  put("/i3/y.h", "");
  analyse({"/w/a.cc", "/i2/sub/x.h", "/i3/y.h"});
  EXPECT_TRUE(holds());
  EXPECT_FALSE(holds_with("/i2/sub/y.h"));
  EXPECT_FALSE(holds_with("/i1/y.h"));
  EXPECT_TRUE(holds_with("/w/y.h"));
}

TEST_F(HeaderLookupTest, IncludeNextCountsTheFoldersInBetween) {
  put("/w/a.cc", "#include <x.h>\n");
  put("/i1/x.h", "#include_next <x.h>\n");
  put("/i3/x.h", "");
  analyse({"/w/a.cc", "/i1/x.h", "/i3/x.h"});
  EXPECT_TRUE(holds());
  EXPECT_FALSE(holds_with("/i2/x.h"));
}

TEST_F(HeaderLookupTest, SearchFolderThatDidNotExistMustNotAppear) {
  context_.search.missing = {"/later", "relative/later"};
  put("/w/a.cc", "");
  analyse({"/w/a.cc"});
  EXPECT_TRUE(holds());
  EXPECT_FALSE(holds_with("/later/anything"));
  disk_.delete_tree("/later");
  EXPECT_FALSE(holds_with("/w/relative/later/anything"));
}

TEST_F(HeaderLookupTest, FirstMissingFolderStandsForEverythingBelowIt) {
  put("/w/a.cc", "#include <a/b/x.h>\n#include <a/b/y.h>\n");
  put("/i2/a/b/x.h", "");
  put("/i2/a/b/y.h", "");
  analyse({"/w/a.cc", "/i2/a/b/x.h", "/i2/a/b/y.h"});
  EXPECT_TRUE(is_absent("/i1", "a"));
  EXPECT_FALSE(holds_with("/i1/a/b/x.h"));
  disk_.delete_tree("/i1/a");
  EXPECT_TRUE(holds_with("/i1/b/x.h"));
}

TEST_F(HeaderLookupTest, SearchFolderThatIsALinkToNowhereMustNotLeadAnywhere) {
  disk_.put_symlink("/link", "/elsewhere/deep");
  context_.search.missing = {"/link"};
  put("/w/a.cc", "");
  analyse({"/w/a.cc"});
  EXPECT_TRUE(holds());
  EXPECT_TRUE(holds_with("/elsewhere/other"));
  EXPECT_FALSE(holds_with("/elsewhere/deep/x.h"));
  disk_.delete_tree("/elsewhere");
  disk_.delete_tree("/link");
  EXPECT_TRUE(holds());
  EXPECT_FALSE(holds_with("/link/x.h"));
}

TEST_F(HeaderLookupTest, LinkToNowhereOnTheWayToAHeaderMustNotLeadAnywhere) {
  disk_.put_symlink("/i1/a", "../elsewhere");
  put("/w/a.cc", "#include <a/b/x.h>\n#if __has_include(<a/y.h>)\n#endif\n");
  put("/i2/a/b/x.h", "");
  analyse({"/w/a.cc", "/i2/a/b/x.h"});
  EXPECT_TRUE(holds());
  EXPECT_TRUE(is_absent("/i1/a", kMustLeadNowhere));
  EXPECT_FALSE(holds_with("/elsewhere/b/x.h"));
  disk_.delete_tree("/elsewhere");
}

TEST_F(HeaderLookupTest, LinkToNowhereInFrontOfAHeaderMustNotLeadAnywhere) {
  disk_.put_symlink("/i1/x.h", "../elsewhere/x.h");
  put("/w/a.cc", "#include <x.h>\n");
  put("/i2/x.h", "");
  analyse({"/w/a.cc", "/i2/x.h"});
  EXPECT_TRUE(holds());
  EXPECT_FALSE(holds_with("/elsewhere/x.h"));
  EXPECT_FALSE(holds_with("/elsewhere/x.h/as a folder"));
  disk_.delete_tree("/elsewhere");
  EXPECT_FALSE(holds_with("/i1/x.h.gch"));
  disk_.delete_tree("/i1/x.h");
  EXPECT_TRUE(holds());
  EXPECT_FALSE(holds_with("/i1/x.h"));
}

TEST_F(HeaderLookupTest, LinkToNowhereThatAProbeMetMustNotLeadAnywhere) {
  disk_.put_symlink("/i3/x.h", "nowhere");
  put("/w/a.cc", "#if __has_include(<x.h>)\n#endif\n");
  analyse({"/w/a.cc"});
  EXPECT_TRUE(holds());
  EXPECT_FALSE(holds_with("/i3/nowhere"));
}

TEST_F(HeaderLookupTest, FileInThePlaceOfAFolderIsNoReasonNotToKeep) {
  put("/w/a.cc", "#include <a/b/x.h>\n#if __has_include(<a/y.h>)\n#endif\n");
  put("/i1/a", "a header, or a program");
  put("/i2/a/b/x.h", "");
  analyse({"/w/a.cc", "/i2/a/b/x.h"});
  EXPECT_TRUE(holds());
  put("/i1/a", "of another text");
  EXPECT_TRUE(holds());
  disk_.delete_tree("/i1/a");
  EXPECT_TRUE(holds());
  EXPECT_TRUE(holds_with("/i1/a/z.h"));
  disk_.delete_tree("/i1/a");
  EXPECT_FALSE(holds_with("/i1/a/b/x.h"));
  disk_.delete_tree("/i1/a");
  EXPECT_FALSE(holds_with("/i1/a/y.h"));
}

TEST_F(HeaderLookupTest, FileThatTookThePlaceOfAFolderDuringTheCompileMayHaveHiddenSomething) {
  put("/w/a.cc", "#include <a/x.h>\n");
  put("/i2/a/x.h", "");
  begin_compile();
  put("/i1/a", "");
  EXPECT_EQ(refusal({"/w/a.cc", "/i2/a/x.h"}), "input-changed-during-compile");
}

TEST_F(HeaderLookupTest, IncludesThatWereNotFollowedDoNotCount) {
  put("/w/a.cc", "#if 0\n#include <none.h>\n#include <there.h>\n#endif\n");
  put("/i2/there.h", "");
  analyse({"/w/a.cc"});
  EXPECT_EQ(result_.absent.size(), 1U);
  EXPECT_TRUE(is_absent("/w", "*.gch"));  // GCC looks for a.cc.gch, too
  EXPECT_TRUE(result_.extra_inputs.empty());
}

TEST_F(HeaderLookupTest, HeaderThatIsAskedForAndNotThereMustStayAway) {
  put("/w/a.cc", "#if __has_include(<opt.h>)\n#endif\n");
  analyse({"/w/a.cc"});
  EXPECT_TRUE(holds());
  for (const char* path : {"/i1/opt.h", "/i2/opt.h", "/i3/opt.h"}) EXPECT_FALSE(holds_with(path)) << path;
  EXPECT_TRUE(holds_with("/w/opt.h"));
}

TEST_F(HeaderLookupTest, HeaderThatIsAskedForAndThereBecomesAnInput) {
  put("/w/a.cc", "#if __has_include(\"opt.h\")\n#endif\n");
  put("/i2/opt.h", "one");
  analyse({"/w/a.cc"});
  EXPECT_EQ(extra_inputs(), Names{"/i2/opt.h"});
  EXPECT_FALSE(holds_with("/w/opt.h"));
  EXPECT_FALSE(holds_with("/i1/opt.h"));
  EXPECT_TRUE(holds_with("/i3/opt.h"));
  EXPECT_TRUE(holds());
  disk_.delete_tree("/i2/opt.h");
  EXPECT_FALSE(holds());
}

TEST_F(HeaderLookupTest, ProbeInAMacroIsMadeFromWhateverFileUsesIt) {
  put("/w/a.cc", "#include <m.h>\n#if HAS\n#endif\n");
  put("/i2/m.h", "#define HAS __has_include(\"sub/opt.h\")\n");
  analyse({"/w/a.cc", "/i2/m.h"});
  EXPECT_TRUE(holds());
  for (const char* path : {"/w/sub/opt.h", "/i1/sub/opt.h", "/i2/sub/opt.h", "/i3/sub/opt.h"})
    EXPECT_FALSE(holds_with(path)) << path;
}

TEST_F(HeaderLookupTest, ProbeInAMacroWhoseNameMayBeExpandedIsRefused) {
  const std::vector<std::string> inputs{"/w/a.cc", "/i2/m.h"};
  put("/w/a.cc", "#include <m.h>\n#if HAS\n#endif\n");
  const auto macro = [&](const char* definition) { put("/i2/m.h", definition); };
  macro("#define HAS __has_include(<sub/opt.h>)\n");
  EXPECT_EQ(refusal(inputs), "");
  EXPECT_TRUE(holds());
  EXPECT_FALSE(holds_with("/i1/sub/opt.h"));
  macro("#define HAS __has_include(<sub/opt.h>)\n#define sub(x) x\n#define op x\n");
  EXPECT_EQ(refusal(inputs), "");
  for (const char* text :
       {"#define HAS __has_include(<sub/opt.h>)\n#define sub x\n",
        "#define opt\n#define HAS __has_include(<sub/opt.h>)\n", "#define HAS __has_include(<linux/opt.h>)\n",
        "#define HAS __has_include(<_sub/opt.h>)\n"}) {
    macro(text);
    EXPECT_EQ(refusal(inputs), "computed-probe") << text;
  }
  macro("#define HAS __has_include(<sub/opt.h>)\n");
  context_.macros = {"opt"};
  EXPECT_EQ(refusal(inputs), "computed-probe");
  // In a directive itself a name is taken as it stands.
  macro("#if __has_include(<linux/opt.h>)\n#endif\n#define linux 1\n");
  EXPECT_EQ(refusal(inputs), "");
}

TEST_F(HeaderLookupTest, ComputedIncludeMayLeadToWhatAnotherIncludeLedTo) {
  put("/w/a.cc", "#include <b.h>\n#define LEAD \"x.h\"\n#include LEAD\n");
  put("/i3/b.h", "#include \"x.h\"\n");
  put("/i3/x.h", "");
  analyse({"/w/a.cc", "/i3/b.h", "/i3/x.h"});
  EXPECT_TRUE(holds());
  for (const char* path : {"/w/x.h", "/i1/x.h", "/i2/x.h"}) EXPECT_FALSE(holds_with(path)) << path;
}

TEST_F(HeaderLookupTest, AbsoluteProbeCountsWhereItPoints) {
  put("/w/a.cc", "#if __has_include(\"/opt/x.h\") || __has_include(\"/i1/y.h\")\n#endif\n");
  put("/i1/y.h", "");
  analyse({"/w/a.cc"});
  EXPECT_EQ(extra_inputs(), Names{"/i1/y.h"});
  EXPECT_FALSE(holds_with("/opt/x.h"));
}

TEST_F(HeaderLookupTest, ForcedIncludeIsLookedForFromTheWorkingFolder) {
  context_.forced_includes = {"force.h"};
  put("/w/src/a.cc", "");
  put("/i2/force.h", "");
  analyse({"/w/src/a.cc", "/i2/force.h"});
  EXPECT_TRUE(holds());
  EXPECT_FALSE(holds_with("/w/force.h"));
  EXPECT_FALSE(holds_with("/i1/force.h"));
  EXPECT_TRUE(holds_with("/w/src/force.h"));
}

TEST_F(HeaderLookupTest, PrecompiledTwinOfAForcedIncludeMustNotAppear) {
  context_.precompiled = PrecompiledSearch::beside_forced;
  context_.forced_includes = {"force.h", "/abs/all.h"};
  put("/w/a.cc", "");
  put("/w/force.h", "");
  put("/abs/all.h", "");
  analyse({"/w/a.cc", "/w/force.h", "/abs/all.h"});
  EXPECT_TRUE(holds());
  for (const char* path : {"/w/force.h.pch", "/w/force.h.gch", "/abs/all.h.pch", "/abs/all.h.gch"}) {
    EXPECT_FALSE(holds_with(path)) << path;
  }
}

TEST_F(HeaderLookupTest, PrecompiledHeaderMustNotAppearBesideAHeader) {
  put("/w/a.cc", "#include <x.h>\n");
  put("/i2/x.h", "");
  analyse({"/w/a.cc", "/i2/x.h"});
  EXPECT_FALSE(holds_with("/i2/x.h.gch"));
  EXPECT_FALSE(holds_with("/i2/x.h.gch/any"));  // a folder of them
  disk_.delete_tree("/i2/x.h.gch");
  clock_.tick();
  put("/i2/unrelated", "");
  EXPECT_TRUE(holds());
  EXPECT_FALSE(holds_with("/i1/x.h.gch"));  // found even where there is no x.h
}

TEST_F(HeaderLookupTest, PrecompiledHeaderOfAnotherHeaderDoesNotMatter) {
  put("/w/a.cc", "#include <x.h>\n");
  put("/i2/x.h", "");
  put("/i2/other.h.gch", "");
  put("/i1/other.h.gch", "");
  analyse({"/w/a.cc", "/i2/x.h"});
  EXPECT_TRUE(holds());
  EXPECT_TRUE(holds_with("/i2/third.h.gch"));
  EXPECT_FALSE(holds_with("/i2/x.h.gch"));
  EXPECT_FALSE(holds_with("/i1/x.h.gch"));
}

TEST_F(HeaderLookupTest, ComputedIncludeCountsEveryFolderThatCouldHaveIt) {
  put("/w/a.cc", "#include HEADER\n");
  put("/i2/x.h", "");
  analyse({"/w/a.cc", "/i2/x.h"});
  EXPECT_TRUE(holds());
  EXPECT_FALSE(holds_with("/w/x.h"));
  EXPECT_FALSE(holds_with("/i1/x.h"));
  EXPECT_TRUE(holds_with("/i3/x.h"));
}

TEST_F(HeaderLookupTest, FolderNamedLikeAHeaderMustStayAFolder) {
  disk_.put_folder("/i1/vector");
  put("/w/a.cc", "#include <vector>\n");
  put("/i2/vector", "");
  analyse({"/w/a.cc", "/i2/vector"});
  EXPECT_TRUE(is_absent("/i1/vector", kMustBeFolder));
  EXPECT_TRUE(holds());
  EXPECT_TRUE(holds_with("/i1/vector/inside"));
  disk_.delete_tree("/i1/vector");
  put("/i1/vector", "");
  EXPECT_FALSE(holds());
}

TEST_F(HeaderLookupTest, PredefinedHeaderOfTheSystemCanBeShadowed) {
  put("/w/a.cc", "");
  put("/i3/stdc-predef.h", "");
  analyse({"/w/a.cc", "/i3/stdc-predef.h"});
  EXPECT_FALSE(holds_with("/i1/stdc-predef.h"));
  analyse({"/w/a.cc"});  // by a compiler that does not read it
  EXPECT_TRUE(holds_with("/i1/stdc-predef.h"));
}

TEST_F(HeaderLookupTest, LinkThatLeadsToAnInputIsAnInputToo) {
  put("/w/a.cc", "#include <x.h>\n");
  put("/i2/x.h", "one");
  put("/i3/other.h", "two");
  disk_.put_symlink("/i1/x.h", "../i2/x.h");
  analyse({"/w/a.cc", "/i2/x.h"});  // as GCC names a system header
  EXPECT_EQ(extra_inputs(), Names{"/i1/x.h"});
  EXPECT_TRUE(holds());
  ASSERT_TRUE(disk_.remove("/i1/x.h").ok());
  disk_.put_symlink("/i1/x.h", "../i3/other.h");
  clock_.settle();
  EXPECT_FALSE(holds());
}

TEST_F(HeaderLookupTest, TwinOfAHeaderThatIsReadOnceIsAnInput) {
  put("/w/a.cc", "#include <y.h>\n#include <x.h>\n");
  put("/i1/x.h", "#pragma once\n");
  clock_.tick(500);  // two seconds
  put("/i2/y.h", "#pragma once\n");
  analyse({"/w/a.cc", "/i2/y.h"});
  EXPECT_EQ(extra_inputs(), Names{"/i1/x.h"});
  disk_.put("/i1/x.h", "#pragma twice\n");
  clock_.settle();
  EXPECT_FALSE(holds());
}

TEST_F(HeaderLookupTest, TwinsThatWereBothReadHoldGoodForTheirTimesOnly) {
  put("/w/a.cc", "#include <x.h>\n#include <y.h>\n");
  for (const char* text : {"#pragma once\n", "int guarded;\n"}) {
    put("/i1/x.h", text);
    put("/i2/y.h", text);
    compiling_ = false;
    EXPECT_EQ(analyse({"/w/a.cc", "/i1/x.h", "/i2/y.h"}).times_count, text[0] == '#') << text;
  }
  context_.precompiled = PrecompiledSearch::beside_forced;  // Clang
  put("/i1/x.h", "#pragma once\n");
  put("/i2/y.h", "#pragma once\n");
  compiling_ = false;
  EXPECT_FALSE(analyse({"/w/a.cc", "/i1/x.h", "/i2/y.h"}).times_count);
  context_.precompiled = PrecompiledSearch::beside_headers;
  disk_.put_symlink("/i2/z.h", "../i1/x.h");  // one file by two names is no twin of itself
  put("/i1/x.h", "#pragma once\n");
  compiling_ = false;
  EXPECT_FALSE(analyse({"/w/a.cc", "/i1/x.h", "/i2/z.h"}).times_count);
}

TEST_F(HeaderLookupTest, DotsInNamesAreWalkedLikeTheKernelDoes) {
  put("/w/sub/a.cc", "#include \"../x.h\"\n#include \"./y.h\"\n");
  put("/i1/y.h", "");
  put("/w/x.h", "");
  analyse({"/w/sub/a.cc", "/w/sub/../x.h", "/i1/./y.h"});
  EXPECT_TRUE(holds());
  EXPECT_FALSE(holds_with("/w/sub/y.h"));
}

TEST_F(HeaderLookupTest, NamesComeSortedAndOnce) {
  put("/w/a.cc", "#include <x.h>\n#include \"x.h\"\n#include \"b.h\"\n");
  put("/w/b.h", "#include <x.h>\n#include \"x.h\"\n#if __has_include(<x.h>)\n#endif\n");
  put("/i3/x.h", "");
  analyse({"/w/a.cc", "/w/b.h", "/i3/x.h"});
  std::vector<AbsentName> sorted = result_.absent;
  std::sort(sorted.begin(), sorted.end());
  EXPECT_EQ(sorted, result_.absent);
  EXPECT_EQ(std::unique(sorted.begin(), sorted.end()), sorted.end());
}

TEST_F(HeaderLookupTest, ManyIncludesCostNoReadOnceTheirTextIsKnown) {
  std::string source;
  Names inputs{"/w/a.cc"};
  for (int i = 0; i < 50; ++i) {
    const std::string name = "h" + std::to_string(i) + ".h";
    source += "#include <" + name + ">\n";
    put("/i3/" + name, name);
    inputs.push_back("/i3/" + name);
  }
  put("/w/a.cc", source);
  analyse(inputs);
  analyse(inputs);
  disk_.take_recorded();
  analyse(inputs);
  std::map<std::string, int> counts;
  for (const std::string& operation : disk_.take_recorded()) ++counts[operation];
  for (const auto& [operation, count] : counts) {
    EXPECT_TRUE(operation.starts_with("stat ") || operation.starts_with("lstat ")) << operation;
    EXPECT_EQ(count, 1) << operation;
  }
  for (const char* folder : {"stat /i1", "stat /i2", "stat /i3"}) EXPECT_EQ(counts[folder], 1) << folder;
  EXPECT_EQ(counts["lstat /i3/h0.h"] + counts["stat /i3/h0.h"], 1);
}

TEST_F(HeaderLookupTest, WhatLiesBelowAMissingFolderCostsNothingMore) {
  std::string source;
  Names inputs{"/w/a.cc"};
  for (int i = 0; i < 50; ++i) {
    const std::string name = "deep/h" + std::to_string(i) + ".h";
    source += "#include <" + name + ">\n";
    put("/i3/" + name, name);
    inputs.push_back("/i3/" + name);
  }
  put("/w/a.cc", source);
  analyse(inputs);
  disk_.take_recorded();
  analyse(inputs);
  std::size_t looks = 0;
  for (const std::string& operation : disk_.take_recorded())
    looks += operation.find(" /i1/deep") != std::string::npos;
  EXPECT_LE(looks, 3U);
  EXPECT_TRUE(is_absent("/i1", "deep"));
}

}  // namespace
}  // namespace compiler_cache
