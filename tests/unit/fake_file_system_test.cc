// The fake must be like the real disk where tests rely on it: both run through the same steps.
#include "tests/unit/fake_file_system.h"

#include <gtest/gtest.h>

#include "helper/real_file_system.h"
#include "tests/unit/still_clock.h"
#include "tests/unit/temporary_folder.h"

namespace compiler_cache {
namespace {

std::string told(const Status& status) { return status.ok() ? "ok" : to_string(status.error().kind); }
template <class T>
std::string told(const Result<T>& result) {
  return told(result.status());
}

/// What each of many operations says.
std::vector<std::string> exercise(FileSystem& files) {
  std::vector<std::string> said;
  auto say = [&](const auto& outcome) { said.push_back(told(outcome)); };
  say(files.stat("f"));
  say(files.write_new("f", "hello", 0644));
  say(files.write_new("f", "again", 0644));
  say(files.write_new("none/f", "x", 0644));
  say(files.write_new("f/g", "x", 0644));
  say(files.read("f", 5));
  say(files.read("f", 4));
  say(files.read("none", 4));
  say(files.make_folder("d", 0755));
  say(files.make_folder("d", 0755));
  say(files.make_folder("none/d", 0755));
  say(files.read("d", 4));
  say(files.open("d"));
  say(files.open("none"));
  say(files.list("d"));
  say(files.list("f"));
  say(files.list("none"));
  say(files.read_link("f"));
  say(files.link("f", "d/f"));
  say(files.link("f", "d/f"));
  say(files.link("none", "d/g"));
  say(files.link("f", "none/f"));
  said.push_back(std::to_string(files.stat("f").value().links));
  say(files.rename("d/f", "g"));
  say(files.rename("none", "g"));
  say(files.rename("g", "none/g"));
  say(files.remove("g"));
  say(files.remove("g"));
  said.push_back(std::to_string(files.stat("f").value().links));
  say(files.write_new("d/x", "x", 0644));
  say(files.remove_folder("d"));
  say(files.remove_folder("none"));
  say(files.set_mtime_now("none"));
  auto lock = files.lock("lock", LockMode::exclusive);
  say(lock);
  say(files.lock("lock", LockMode::shared));
  say(lock.value()->make_shared());
  say(files.lock("lock", LockMode::shared));
  say(files.lock("lock", LockMode::exclusive));
  say(files.lock("none/lock", LockMode::shared));
  say(files.rename("d", "e"));
  said.push_back(files.read("e/x", 10).value());
  return said;
}

TEST(FakeFileSystem, SaysWhatTheRealDiskSays) {
  const TemporaryFolder temporary;
  const auto real = make_folder_file_system(temporary.path());
  ASSERT_TRUE(real.ok());
  const StillClock clock(1000);
  FakeFileSystem fake(clock);
  EXPECT_EQ(exercise(fake), exercise(*real.value()));
}

TEST(FakeFileSystem, FollowsSymlinks) {
  const StillClock clock(1000);
  FakeFileSystem fake(clock);
  fake.put("/a/b/file", "x");
  fake.put_symlink("/a/link", "b");
  fake.put_symlink("/absolute", "/a/link/file");
  fake.put_symlink("/loop", "/loop");
  EXPECT_EQ(fake.read("/a/link/file", 1).value(), "x");
  EXPECT_EQ(fake.read("/absolute", 1).value(), "x");
  EXPECT_EQ(fake.read("/a/link/../b/file", 1).status().ok(), true);
  EXPECT_EQ(fake.read_link("/absolute").value(), "/a/link/file");
  EXPECT_EQ(fake.lstat("/absolute").value().type, FileType::symlink);
  EXPECT_FALSE(fake.stat("/loop").ok());
}

TEST(FakeFileSystem, ACopyIsIndependentAndKeepsHardLinks) {
  const StillClock clock(1000);
  FakeFileSystem fake(clock);
  fake.put("/a", "x");
  ASSERT_TRUE(fake.link("/a", "/b").ok());
  const auto held = fake.lock("/a", LockMode::exclusive);
  const auto copy = fake.copy();
  EXPECT_TRUE(copy->lock("/a", LockMode::exclusive).ok());
  copy->overwrite("/a", "y");
  EXPECT_EQ(copy->read("/b", 1).value(), "y");
  EXPECT_EQ(fake.read("/b", 1).value(), "x");
}

TEST(FakeFileSystem, FailsTheOperationThatATestNames) {
  const StillClock clock(1000);
  FakeFileSystem fake(clock);
  fake.fail_operation(1, ErrorKind::no_space);
  EXPECT_TRUE(fake.write_new("a", "", 0644).ok());
  EXPECT_EQ(fake.write_new("b", "", 0644).error().kind, ErrorKind::no_space);
  EXPECT_TRUE(fake.write_new("b", "", 0644).ok());
  EXPECT_EQ(fake.take_recorded(), (std::vector<std::string>{"write_new a", "write_new b", "write_new b"}));
}

}  // namespace
}  // namespace compiler_cache
