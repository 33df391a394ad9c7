#include "helper/session_content.h"

#include <gtest/gtest.h>

#include "tests/unit/session_tree.h"

namespace compiler_cache {
namespace {

class SessionContentTest : public testing::Test, protected SessionTree {};

TEST_F(SessionContentTest, PartNamesAreShortLowerCaseWords) {
  for (const char* name : {"graph", "a", "stat_cache2", "01234567890123456789012345678901"}) {
    EXPECT_TRUE(is_session_part_name(name)) << name;
    EXPECT_TRUE(is_session_file_name(name)) << name;
  }
  for (const char* name :
       {"", "journal", "Graph", "a.b", "a-b", "a/b", "012345678901234567890123456789012"}) {
    EXPECT_FALSE(is_session_part_name(name)) << name;
  }
  EXPECT_TRUE(is_session_file_name("journal"));
  EXPECT_TRUE(is_session_file_name(".tmp-x-1"));
  EXPECT_FALSE(is_session_file_name("README"));
}

TEST_F(SessionContentTest, DigestInTheNameIsThatOfTheContent) {
  {
    const auto session = begin();
    ASSERT_TRUE(session->replace_part("graph", "g").ok());
    ASSERT_TRUE(session->append("r").ok());
    ASSERT_TRUE(session->publish(PublishMode::with_journal).ok());
  }
  const std::string folder = only_finished();
  auto content = read_session(disk_, folder);
  ASSERT_TRUE(content.ok());
  EXPECT_TRUE(content->intact());
  EXPECT_TRUE(folder.ends_with(content->digest().hex()));
  disk_.delete_tree(folder + "/graph");
  EXPECT_FALSE(folder.ends_with(read_session(disk_, folder).value().digest().hex()));
}

TEST_F(SessionContentTest, EachPartFailsAlone) {
  publish_snapshot({{"graph", "g"}, {"index", "i"}});
  disk_.overwrite(only_finished() + "/graph", "garbage");
  const auto content = read_session(disk_, only_finished());
  ASSERT_TRUE(content.ok());
  EXPECT_FALSE(content.value().intact());
  EXPECT_FALSE(content.value().parts.at("graph").status.ok());
  EXPECT_EQ(content.value().parts.at("index").bytes, "i");
}

TEST_F(SessionContentTest, AMissingFolderIsAnError) {
  EXPECT_EQ(read_session(disk_, "/nowhere").error().kind, ErrorKind::not_found);
}

TEST_F(SessionContentTest, RemovingLeavesUnknownFilesAlone) {
  publish_snapshot({{"graph", "g"}});
  const std::string folder = only_finished();
  disk_.put(folder + "/README", "x");
  EXPECT_FALSE(remove_session(disk_, folder).ok());
  EXPECT_EQ(disk_.names(folder), std::vector<std::string>{"README"});
  disk_.delete_tree(folder + "/README");
  EXPECT_TRUE(remove_session(disk_, folder).ok());
  EXPECT_FALSE(disk_.stat(folder).ok());
}

}  // namespace
}  // namespace compiler_cache
