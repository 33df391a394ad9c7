#include "helper/search_places.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace compiler_cache {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Not;

TEST(SearchPlacesTest, GccsFoldersAreTakenInOrderEachOnce) {
  const GccSearchFolders folders = parse_gcc_search_folders(
      "install: /gcc/12/\nprograms: =/gcc/12/:/gcc/12/:/gcc/\nlibraries: =/own/libs/:/gcc/12/:\n");
  EXPECT_THAT(folders.programs, ElementsAre("/gcc/12/", "/gcc/"));
  EXPECT_THAT(folders.libraries, ElementsAre("/own/libs/", "/gcc/12/"));
}

TEST(SearchPlacesTest, AnAnswerOfAnotherKindNamesNothing) {
  EXPECT_TRUE(parse_gcc_search_folders("unknown option\n").programs.empty());
  EXPECT_TRUE(parse_gcc_search_folders("").libraries.empty());
}

TEST(SearchPlacesTest, SpecsAndAssemblersAreLookedForInGccsFolders) {
  const GccSearchFolders folders{{"/gcc/12/"}, {"/own/libs"}};
  EXPECT_THAT(specs_places(folders), ElementsAre("/own/libs/specs", "/gcc/12/specs"));
  EXPECT_THAT(assembler_places(folders, "x86_64-linux-gnu"),
              ElementsAre("/gcc/12/as", "/gcc/12/x86_64-linux-gnu-as"));
  EXPECT_THAT(assembler_places(folders, ""), ElementsAre("/gcc/12/as"));
}

TEST(SearchPlacesTest, ClangLooksForGccsBesideTheOneThatItSelected) {
  const std::vector<std::string> places =
      gcc_installation_places("/usr/bin/../lib/gcc/x86_64-linux-gnu/12", "/opt/llvm/bin");
  for (const char* place :
       {"/usr/bin/../lib/gcc/x86_64-linux-gnu/12", "/usr/bin/../lib/gcc/x86_64-linux-gnu",
        "/usr/bin/../lib/gcc", "/usr/bin/../lib64/gcc-cross", "/opt/llvm/bin/../lib/gcc"}) {
    EXPECT_THAT(places, Contains(place));
  }
  EXPECT_THAT(gcc_installation_places("", ""), Not(Contains(testing::HasSubstr("lib64"))));
}

TEST(SearchPlacesTest, TheLoaderSaysWhereItLooked) {
  EXPECT_THAT(
      loader_places("      4711:\tfind library=libx.so.1 [0]; searching\n      4711:\t search "
                    "path=/a (LD_LIBRARY_PATH)\n      4711:\t  trying file=/a/libx.so.1\n      4711:\n"
                    "      4711:\t  trying file=/lib/libx.so.1"),
      ElementsAre("/a/libx.so.1", "/lib/libx.so.1"));
}

}  // namespace
}  // namespace compiler_cache
