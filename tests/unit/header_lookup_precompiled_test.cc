// Precompiled headers that a compile may have used in the place of what its depfile names, or does not name.
#include "tests/unit/lookup_fixture.h"

namespace compiler_cache {
namespace {

class HeaderLookupPrecompiledTest : public LookupFixture {
 protected:
  /// Those that count, in the order in which they were met.
  std::vector<std::string> precompiled(const std::vector<std::string>& inputs) {
    compiling_ = false;
    EXPECT_EQ(refusal(inputs), "");
    std::vector<std::string> names;
    for (PathId path : result_.precompiled) names.push_back(paths_[path]);
    return names;
  }
  using Names = std::vector<std::string>;
};

TEST_F(HeaderLookupPrecompiledTest, OneBesideAHeaderCounts) {
  put("/w/a.cc", "#include <x.h>\n");
  put("/i2/x.h", "");
  EXPECT_EQ(precompiled({"/w/a.cc", "/i2/x.h"}), Names{});
  put("/i2/x.h.gch", "");
  EXPECT_EQ(precompiled({"/w/a.cc", "/i2/x.h"}), Names{"/i2/x.h.gch"});
  EXPECT_EQ(precompiled({"/w/a.cc"}), Names{"/i2/x.h.gch"});  // GCC's depfile names neither
  EXPECT_FALSE(holds_with("/i1/x.h.gch"));
  EXPECT_FALSE(holds_with("/i1/x.h"));
}

TEST_F(HeaderLookupPrecompiledTest, OneInAFolderThatHasNoSuchHeaderCounts) {
  put("/w/a.cc", "#include <x.h>\n");
  put("/i3/x.h", "");
  put("/i2/x.h.gch", "");
  EXPECT_EQ(precompiled({"/w/a.cc", "/i3/x.h"}), Names{"/i2/x.h.gch"});
  EXPECT_FALSE(holds_with("/i1/x.h"));
  EXPECT_FALSE(holds_with("/i1/x.h.gch"));
  EXPECT_FALSE(holds_with("/i2/x.h"));  // GCC would take that, should it refuse the other
  // Where it was taken nothing after it was read.
  EXPECT_EQ(precompiled({"/w/a.cc"}), Names{"/i2/x.h.gch"});
  EXPECT_FALSE(holds_with("/i1/x.h"));
  EXPECT_FALSE(holds_with("/i1/x.h.gch"));
}

TEST_F(HeaderLookupPrecompiledTest, OneBesideAnAbsoluteIncludeOrTheSourceCounts) {
  put("/w/a.cc", "#include \"/abs/y.h\"\n");
  put("/abs/y.h", "");
  put("/abs/y.h.gch", "");
  EXPECT_EQ(precompiled({"/w/a.cc"}), Names{"/abs/y.h.gch"});
  put("/w/a.cc.gch", "");
  EXPECT_EQ(precompiled({"/w/a.cc"}), (Names{"/w/a.cc.gch", "/abs/y.h.gch"}));
}

TEST_F(HeaderLookupPrecompiledTest, GccTakesOneForAForcedIncludeAnywhere) {
  context_.forced_includes = {"force.h"};
  put("/w/a.cc", "");
  put("/i2/force.h", "");
  put("/i2/force.h.gch", "");
  put("/i2/force.h.pch", "");
  EXPECT_EQ(precompiled({"/w/a.cc"}), Names{"/i2/force.h.gch"});
}

TEST_F(HeaderLookupPrecompiledTest, ClangTakesOneForAForcedIncludeInTheWorkingFolderOnly) {
  context_.precompiled = PrecompiledSearch::beside_forced;
  context_.forced_includes = {"force.h"};
  put("/w/a.cc", "#include <x.h>\n");
  put("/i2/x.h", "");
  put("/i2/x.h.gch", "");
  put("/i2/force.h", "");
  put("/i2/force.h.pch", "");
  EXPECT_EQ(precompiled({"/w/a.cc", "/i2/force.h", "/i2/x.h"}), Names{});
  EXPECT_FALSE(holds_with("/w/force.h.pch"));
  EXPECT_FALSE(holds_with("/w/force.h.gch"));
  put("/w/force.h.gch", "");
  EXPECT_EQ(precompiled({"/w/a.cc", "/i2/force.h", "/i2/x.h"}), Names{"/w/force.h.gch"});
  EXPECT_FALSE(holds_with("/w/force.h.pch"));  // which it takes first
  put("/w/force.h.pch", "");
  EXPECT_EQ(precompiled({"/w/a.cc", "/i2/force.h", "/i2/x.h"}), Names{"/w/force.h.pch"});
}

TEST_F(HeaderLookupPrecompiledTest, NoneIsLookedForInPlaceOfAnIncludeGivenToTheFrontEnd) {
  context_.precompiled = PrecompiledSearch::beside_forced;
  context_.frontend_includes = {"force.h"};
  put("/w/a.cc", "");
  put("/w/force.h", "");
  put("/w/force.h.pch", "");
  EXPECT_EQ(precompiled({"/w/a.cc", "/w/force.h"}), Names{});
  EXPECT_TRUE(holds_with("/w/force.h.gch"));
}

TEST_F(HeaderLookupPrecompiledTest, WhereNoneIsLookedForNoneCounts) {
  context_.precompiled = PrecompiledSearch::none;
  context_.forced_includes = {"force.h"};
  put("/w/a.cc", "#include <x.h>\n");
  put("/w/force.h", "");
  put("/i2/x.h", "");
  put("/i2/x.h.gch", "");
  put("/w/force.h.gch/one", "");
  EXPECT_EQ(precompiled({"/w/a.cc", "/w/force.h", "/i2/x.h"}), Names{});
  EXPECT_TRUE(holds_with("/i1/x.h.gch"));
  EXPECT_FALSE(holds_with("/i1/x.h"));
}

}  // namespace
}  // namespace compiler_cache
