// Quoted headers are looked for beside every file that led to the include, as Microsoft's compiler does.
#include "helper/header_lookup.h"
#include "tests/unit/lookup_fixture.h"

namespace compiler_cache {
namespace {

using Names = std::vector<std::string>;

/// /w/src/a.cc includes /h/mid/m.h, which includes /h/low/l.h, which includes "x.h".
class HeaderLookupChainTest : public LookupFixture {
 protected:
  HeaderLookupChainTest() {
    context_.includer_chain = true;
    context_.include_aliases = true;
    context_.precompiled = PrecompiledSearch::beside_forced;
    for (const char* folder : {"/w/src", "/h", "/h/mid", "/h/low"}) disk_.put_folder(folder);
    put("/w/src/a.cc", "#include \"/h/mid/m.h\"\n");
    put("/h/mid/m.h", "#include \"/h/low/l.h\"\n");
    put("/h/low/l.h", "#include \"x.h\"\n");
  }

  const Names chain_{"/w/src/a.cc", "/h/mid/m.h", "/h/low/l.h"};
  Names with(const std::string& header) const {
    Names names = chain_;
    names.push_back(header);
    return names;
  }
};

TEST_F(HeaderLookupChainTest, AHeaderAnywhereInTheChainHidesOneOfTheSearchPath) {
  put("/i2/x.h", "");
  analyse(with("/i2/x.h"));
  EXPECT_TRUE(holds());
  for (const char* hiding : {"/h/low/x.h", "/h/mid/x.h", "/w/src/x.h", "/i1/x.h"})
    EXPECT_FALSE(holds_with(hiding)) << hiding;
  for (const char* other : {"/w/x.h", "/h/x.h", "/i3/x.h", "/h/mid/y.h"})
    EXPECT_TRUE(holds_with(other)) << other;
}

TEST_F(HeaderLookupChainTest, WithoutTheChainOnlyTheIncludersFolderCounts) {
  context_.includer_chain = false;
  put("/i2/x.h", "");
  analyse(with("/i2/x.h"));
  EXPECT_FALSE(holds_with("/h/low/x.h"));
  EXPECT_TRUE(holds_with("/h/mid/x.h"));
  EXPECT_TRUE(holds_with("/w/src/x.h"));
}

TEST_F(HeaderLookupChainTest, AHeaderFoundInTheChainIsHiddenByNearerOnes) {
  put("/w/src/x.h", "");
  analyse(with("/w/src/x.h"));
  EXPECT_TRUE(holds());
  EXPECT_FALSE(holds_with("/h/mid/x.h"));
  EXPECT_FALSE(holds_with("/h/low/x.h"));
  // Clang warns of a header that it would not have found without the chain.
  EXPECT_FALSE(holds_with("/i1/x.h"));
}

TEST_F(HeaderLookupChainTest, AHeaderOfTheSearchPathThatWasHiddenCounts) {
  put("/w/src/x.h", "");
  put("/i2/x.h", "// other");
  analyse(with("/w/src/x.h"));
  EXPECT_EQ(extra_inputs(), Names{"/i2/x.h"});
}

TEST_F(HeaderLookupChainTest, AHeaderBesideItsIncluderIsNotHidden) {
  put("/h/low/x.h", "");
  analyse(with("/h/low/x.h"));
  EXPECT_TRUE(holds_with("/h/mid/x.h"));
  EXPECT_TRUE(holds_with("/w/src/x.h"));
}

TEST_F(HeaderLookupChainTest, AnIncludeThatWasNotCompiledCountsNothing) {
  analyse(chain_);
  EXPECT_TRUE(holds_with("/w/src/x.h"));
  EXPECT_TRUE(holds_with("/h/mid/x.h"));
}

TEST_F(HeaderLookupChainTest, ProbesLookInTheChainToo) {
  put("/h/low/l.h", "#if __has_include(\"p.h\")\n#endif\n");
  analyse(chain_);
  EXPECT_TRUE(holds());
  for (const char* asked : {"/h/low/p.h", "/h/mid/p.h", "/w/src/p.h", "/i3/p.h"})
    EXPECT_FALSE(holds_with(asked)) << asked;
  EXPECT_TRUE(holds_with("/w/p.h"));
}

TEST_F(HeaderLookupChainTest, ProbesInMacrosLookInTheChainToo) {
  put("/h/low/l.h", "#define ASK __has_include(\"p.h\")\n");
  analyse(chain_);
  EXPECT_FALSE(holds_with("/w/src/p.h"));
  EXPECT_FALSE(holds_with("/h/mid/p.h"));
}

TEST_F(HeaderLookupChainTest, ComputedIncludesMayBeAnywhereInTheChain) {
  put("/h/low/l.h", "#define NAME \"x.h\"\n#include NAME\n");
  put("/i2/x.h", "");
  analyse(with("/i2/x.h"));
  EXPECT_TRUE(holds());
  for (const char* hiding : {"/h/low/x.h", "/h/mid/x.h", "/w/src/x.h", "/i1/x.h"})
    EXPECT_FALSE(holds_with(hiding)) << hiding;
}

TEST_F(HeaderLookupChainTest, ForcedIncludesAreLookedForBesideTheSource) {
  context_.forced_includes = {"f.h"};
  put("/i2/f.h", "");
  analyse(with("/i2/f.h"));
  EXPECT_TRUE(holds());
  EXPECT_FALSE(holds_with("/w/f.h"));
  EXPECT_FALSE(holds_with("/w/src/f.h"));
  EXPECT_FALSE(holds_with("/i1/f.h"));
}

TEST_F(HeaderLookupChainTest, BackslashesInNamesAreSlashes) {
  disk_.put_folder("/i2/sub");
  put("/h/low/l.h", "#include \"sub\\x.h\"\n#include <sub\\y.h>\n");
  put("/i2/sub/x.h", "");
  put("/i2/sub/y.h", "");
  Names inputs = with("/i2/sub/x.h");
  inputs.push_back("/i2/sub/y.h");
  analyse(inputs);
  EXPECT_TRUE(holds());
  for (const char* folder : {"/i1", "/w/src"}) {
    disk_.put_folder(std::string(folder) + "/sub");
    EXPECT_FALSE(holds()) << folder;
    disk_.delete_tree(std::string(folder) + "/sub");
  }
}

TEST_F(HeaderLookupChainTest, AHeaderThatCameDuringTheCompileIsNoticed) {
  put("/i2/x.h", "");
  begin_compile();
  put("/h/mid/x.h", "");
  EXPECT_EQ(refusal(with("/i2/x.h")), "input-changed-during-compile");
}

TEST_F(HeaderLookupChainTest, AHeaderPutForAnotherIsRefusedWhereThatIsObeyed) {
  put("/h/low/l.h", "#ifdef _MSC_VER\n#pragma include_alias(\"x.h\", \"y.h\")\n#endif\n");
  EXPECT_EQ(refusal(chain_), "computed-probe");
  context_.include_aliases = false;
  EXPECT_EQ(refusal(chain_), "");
}

}  // namespace
}  // namespace compiler_cache
