// Compiles whose results must not be kept.
#include <utility>

#include "helper/header_lookup.h"
#include "tests/unit/lookup_fixture.h"

namespace compiler_cache {
namespace {

class HeaderLookupRefusalTest : public LookupFixture {};

TEST_F(HeaderLookupRefusalTest, TimeMacrosAreRefusedInSourceAndHeader) {
  for (const char* macro : {"__DATE__", "__TIME__", "__TIMESTAMP__"}) {
    put("/w/a.cc", std::string("const char* t = ") + macro + ";\n");
    EXPECT_EQ(refusal({"/w/a.cc"}), "time-macro") << macro;
    EXPECT_EQ(result_.detail, "/w/a.cc");
    put("/w/a.cc", "#include \"x.h\"\n");
    put("/w/x.h", std::string("const char* t = ") + macro + ";\n");
    compiling_ = false;
    EXPECT_EQ(refusal({"/w/a.cc", "/w/x.h"}), "time-macro") << macro;
    EXPECT_EQ(result_.detail, "/w/x.h");
    compiling_ = false;
  }
}

TEST_F(HeaderLookupRefusalTest, FixedDateMakesDateAndTimeKeepable) {
  context_.date_is_fixed = true;
  put("/w/a.cc", "const char* t = __DATE__ __TIME__;\n");
  EXPECT_EQ(refusal({"/w/a.cc"}), "");
  put("/w/a.cc", "const char* t = __TIMESTAMP__;\n");  // of the file, not of the day
  compiling_ = false;
  EXPECT_EQ(refusal({"/w/a.cc"}), "time-macro");
}

TEST_F(HeaderLookupRefusalTest, FilesThatNoListNamesAreRefused) {
  const std::pair<const char*, const char*> sources[] = {
      {"#embed \"data.bin\"\n", "embed"},
      {"#if __has_embed(\"data.bin\")\n#endif\n", "embed"},
      {"asm(\".incbin \\\"data.bin\\\"\");\n", "incbin"},
      {"#if __has_include(NAME)\n#endif\n", "computed-probe"},
  };
  for (const auto& [source, reason] : sources) {
    put("/w/a.cc", source);
    compiling_ = false;
    EXPECT_EQ(refusal({"/w/a.cc"}), reason) << source;
  }
}

TEST_F(HeaderLookupRefusalTest, AssemblersOwnIncludesAreRefusedInAssemblerText) {
  put("/w/a.S", "\t.include \"macros.inc\"\n");
  EXPECT_EQ(refusal({"/w/a.S"}), "");
  context_.assembler = true;
  EXPECT_EQ(refusal({"/w/a.S"}), "asm-include");
}

TEST_F(HeaderLookupRefusalTest, FolderOfPrecompiledHeadersIsRefused) {
  put("/w/a.cc", "#include <x.h>\n");
  put("/i2/x.h", "");
  put("/i1/x.h.gch/one", "");  // in a folder that has no x.h
  EXPECT_EQ(refusal({"/w/a.cc", "/i2/x.h"}), "precompiled-header");
  context_.precompiled = PrecompiledSearch::beside_forced;
  EXPECT_EQ(refusal({"/w/a.cc", "/i2/x.h"}), "");
  context_.forced_includes = {"force.h"};
  put("/w/force.h", "");
  put("/w/force.h.pch/one", "");
  compiling_ = false;
  EXPECT_EQ(refusal({"/w/a.cc", "/i2/x.h", "/w/force.h"}), "precompiled-header");
}

TEST_F(HeaderLookupRefusalTest, PrecompiledHeaderThatAComputedIncludeMayHaveFoundIsRefused) {
  put("/w/a.cc", "#include HEADER\n");
  put("/i2/any.h.gch", "");
  EXPECT_EQ(refusal({"/w/a.cc"}), "precompiled-header");
}

TEST_F(HeaderLookupRefusalTest, TwinOfTheSameTimeIsRefusedOnlyWhereItMayHaveBeenPassedOver) {
  put("/w/a.cc", "#include <y.h>\n#include <x.h>\n");
  for (const char* path : {"/i1/x.h", "/i2/y.h"}) {
    put(path, "#pragma once\n");
    disk_.set_times(path, 1'700'000'000'000'000'001, clock_.file_now_ns());
  }
  EXPECT_EQ(refusal({"/w/a.cc", "/i2/y.h"}), "depfile-unreadable");
  for (const char* path : {"/i1/x.h", "/i2/y.h"}) put(path, "int guarded;\n");
  compiling_ = false;
  EXPECT_EQ(refusal({"/w/a.cc", "/i2/y.h"}), "");
}

TEST_F(HeaderLookupRefusalTest, HeaderThatAppearedDuringTheCompileIsRefused) {
  put("/w/a.cc", "#include <x.h>\n");
  put("/i2/x.h", "");
  begin_compile();
  put("/i1/x.h", "");
  EXPECT_EQ(refusal({"/w/a.cc", "/i2/x.h"}), "input-changed-during-compile");
  EXPECT_EQ(result_.detail, "/i1/x.h");
}

TEST_F(HeaderLookupRefusalTest, HeaderThatAppearedBehindTheOneThatWasReadIsNot) {
  put("/w/a.cc", "#include <x.h>\n");
  put("/i2/x.h", "");
  begin_compile();
  put("/i3/x.h", "");
  EXPECT_EQ(refusal({"/w/a.cc", "/i2/x.h"}), "");
}

TEST_F(HeaderLookupRefusalTest, UnreadHeaderThatChangedDuringTheCompileMayHaveBeenPassedOverAsATwin) {
  put("/w/a.cc", "#include <y.h>\n#include <x.h>\n");
  put("/i2/y.h", "#pragma once\n");
  put("/i1/x.h", "#pragma once\n");
  begin_compile();
  put("/i1/x.h", "no longer a twin\n");
  EXPECT_EQ(refusal({"/w/a.cc", "/i2/y.h"}), "input-changed-during-compile");
  EXPECT_EQ(result_.detail, "/i1/x.h");
}

TEST_F(HeaderLookupRefusalTest, TwinThatIncludeNextPassedOverIsRefused) {
  put("/w/a.cc", "#include <x.h>\n");
  put("/i1/x.h", "#pragma once\n#include_next <x.h>\n");
  put("/i2/x.h", "#pragma once\n#include_next <x.h>\n");
  EXPECT_EQ(refusal({"/w/a.cc", "/i1/x.h"}), "depfile-unreadable");
  EXPECT_EQ(result_.detail, "/i2/x.h");
}

TEST_F(HeaderLookupRefusalTest, FolderMovedIntoTheSearchPathDuringTheCompileIsRefused) {
  put("/w/a.cc", "#include <sub/x.h>\n");
  put("/i2/sub/x.h", "");
  put("/elsewhere/sub/x.h", "");
  begin_compile();
  const FileStat old = disk_.stat("/elsewhere/sub/x.h").value();
  ASSERT_TRUE(disk_.rename("/elsewhere/sub", "/i1/sub").ok());
  clock_.settle();
  ASSERT_TRUE(disk_.stat("/i1/sub/x.h").value().same_version(old));  // the file itself tells nothing
  EXPECT_EQ(refusal({"/w/a.cc", "/i2/sub/x.h"}), "input-changed-during-compile");
}

TEST_F(HeaderLookupRefusalTest, UnusedHeaderThatWasThereAllAlongIsNot) {
  put("/w/a.cc", "#include <sub/x.h>\n");
  put("/i2/sub/x.h", "");
  put("/i1/sub/x.h", "");
  EXPECT_EQ(refusal({"/w/a.cc", "/i2/sub/x.h"}), "");
}

TEST_F(HeaderLookupRefusalTest, LinkThatBeganToLeadNowhereDuringTheCompileIsRefused) {
  context_.search.missing = {"/link"};
  put("/w/a.cc", "#include <a/x.h>\n");
  put("/i2/a/x.h", "");
  begin_compile();
  disk_.put_symlink("/link", "nowhere");
  EXPECT_EQ(refusal({"/w/a.cc"}), "input-changed-during-compile");
  context_.search.missing.clear();
  disk_.put_symlink("/i1/a", "nowhere");
  EXPECT_EQ(refusal({"/w/a.cc", "/i2/a/x.h"}), "input-changed-during-compile");
  disk_.delete_tree("/i1/a");
  disk_.put_folder("/i1/a");
  disk_.put_symlink("/i1/a/x.h", "nowhere");
  EXPECT_EQ(refusal({"/w/a.cc", "/i2/a/x.h"}), "input-changed-during-compile");
}

TEST_F(HeaderLookupRefusalTest, MissingSearchFolderThatIsThereByNowIsRefused) {
  context_.search.missing = {"/later"};
  put("/w/a.cc", "");
  disk_.put_folder("/later");
  EXPECT_EQ(refusal({"/w/a.cc"}), "input-changed-during-compile");
}

TEST_F(HeaderLookupRefusalTest, InputThatChangesWhileItIsScannedIsRefused) {
  const std::string longer_than_what_is_kept(2U << 20, ' ');
  put("/w/a.cc", longer_than_what_is_kept);
  begin_compile();
  index_.begin_request();
  listings_.begin_request();
  const PathId source = paths_.intern("/w/a.cc");
  index_.current(source);
  disk_.overwrite("/w/a.cc", "two");
  const LookupResult result = lookup_.analyse(context_, {source});
  EXPECT_EQ(result.refusal, UncacheableReason::input_changed_during_compile);
}

TEST_F(HeaderLookupRefusalTest, ProbedHeaderThatCannotBeReadIsRefused) {
  put("/w/a.cc", "#if __has_include(<opt.h>)\n#endif\n");
  put("/i1/opt.h", "");
  begin_compile();
  index_.begin_request();
  listings_.begin_request();
  const PathId source = paths_.intern("/w/a.cc");
  index_.current(source);
  // Scan, stat and list the source's folder, likewise the header's, stat the header; then read it.
  disk_.fail_operation(6, ErrorKind::denied);
  const LookupResult result = lookup_.analyse(context_, {source});
  EXPECT_EQ(result.refusal, UncacheableReason::input_unreadable);
  EXPECT_EQ(result.detail, "/i1/opt.h");
}

TEST_F(HeaderLookupRefusalTest, OneAnalysisLeavesNothingForTheNext) {
  context_.forced_includes = {"force.h"};
  put("/i2/x.h", "");
  put("/i2/z.h", "");
  put("/w/force.h", "");
  put("/w/a.cc", "#include HEADER\n#include <x.h>\nconst char* t = __DATE__;\n");
  EXPECT_EQ(refusal({"/w/a.cc", "/w/force.h", "/i2/x.h"}), "time-macro");
  put("/w/a.cc", "#include HEADER\n#include <x.h>\n");
  compiling_ = false;
  EXPECT_EQ(refusal({"/w/a.cc", "/w/force.h", "/i2/x.h"}), "");
  context_.forced_includes.clear();
  put("/w/b.cc", "#include <x.h>\n#include \"/i2/z.h\"\n");
  compiling_ = false;
  EXPECT_EQ(refusal({"/w/b.cc", "/i2/x.h", "/i2/z.h"}), "");
  EXPECT_EQ(result_.detail, "");
  EXPECT_TRUE(is_absent("/i1", "x.h"));   // asked for here, too
  EXPECT_FALSE(is_absent("/i1", "z.h"));  // of a computed include only
  EXPECT_FALSE(is_absent("/w", "force.h.pch"));
}

}  // namespace
}  // namespace compiler_cache
