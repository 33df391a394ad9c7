#include "helper/search_path.h"

#include <gtest/gtest.h>

namespace compiler_cache {
namespace {

using Folders = std::vector<std::string>;

constexpr char kGcc[] =
    "Using built-in specs.\n"
    "COLLECT_GCC=g++\n"
    " /usr/lib/gcc/x86_64-linux-gnu/12/cc1plus -E -quiet -v -I a /dev/null\n"
    "ignoring duplicate directory \"/usr/include/x86_64-linux-gnu/c++/12\"\n"
    "ignoring nonexistent directory \"/usr/local/include/x86_64-linux-gnu\"\n"
    "ignoring nonexistent directory \"gone/for now\"\n"
    "#include \"...\" search starts here:\n"
    " quotes only\n"
    "#include <...> search starts here:\n"
    " a\n"
    " /usr/include/c++/12\n"
    " /usr/include\n"
    "End of search list.\n"
    "COMPILER_PATH=/usr/lib/gcc\n"
    "ignoring nonexistent directory \"/printed/by/somebody/else\"\n";

TEST(SearchPathTest, FoldersComeInOrderAndByList) {
  const Result<SearchPath> path = parse_search_path(kGcc);
  ASSERT_TRUE(path.ok());
  EXPECT_EQ(path->quote, Folders{"quotes only"});
  EXPECT_EQ(path->angle, (Folders{"a", "/usr/include/c++/12", "/usr/include"}));
}

TEST(SearchPathTest, FoldersThatDoNotExistAreKeptApart) {
  EXPECT_EQ(parse_search_path(kGcc)->missing,
            (Folders{"/usr/local/include/x86_64-linux-gnu", "gone/for now"}));
}

TEST(SearchPathTest, ListsMayBeEmpty) {
  const Result<SearchPath> path = parse_search_path(
      "#include \"...\" search starts here:\n#include <...> search starts here:\nEnd of search list.\n");
  ASSERT_TRUE(path.ok());
  EXPECT_EQ(*path, SearchPath{});
}

TEST(SearchPathTest, LineEndsOfEitherKindAreRead) {
  const Result<SearchPath> path =
      parse_search_path("#include <...> search starts here:\r\n C:/include\r\nEnd of search list.\r\n");
  ASSERT_TRUE(path.ok());
  EXPECT_EQ(path->angle, Folders{"C:/include"});
}

TEST(SearchPathTest, OutputWithoutTheListsIsCorrupt) {
  for (const char* text :
       {"", "error: no\n", "End of search list.\n", "#include <...> search starts here:\n a\n"}) {
    ASSERT_FALSE(parse_search_path(text).ok()) << text;
    EXPECT_EQ(parse_search_path(text).error().kind, ErrorKind::corrupt);
  }
}

TEST(SearchPathTest, FrameworkFoldersAreNotUnderstood) {
  EXPECT_EQ(parse_search_path("#include <...> search starts here:\n /Frameworks (framework directory)\n"
                              "End of search list.\n")
                .error()
                .kind,
            ErrorKind::unsupported);
}

}  // namespace
}  // namespace compiler_cache
