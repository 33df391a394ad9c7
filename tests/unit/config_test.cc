#include "helper/config.h"

#include <gtest/gtest.h>

#include "tests/unit/fake_file_system.h"
#include "tests/unit/still_clock.h"

namespace compiler_cache {
namespace {

constexpr char kRoot[] = "/build";

Result<Config> parsed(const std::string& lines) {
  return parse_config("compiler-cache-config 1\n" + lines, kRoot);
}

std::string error_of(const std::string& lines) {
  const Result<Config> config = parsed(lines);
  EXPECT_FALSE(config.ok()) << lines;
  if (config) return "";
  EXPECT_EQ(config.error().kind, ErrorKind::invalid);
  return config.error().message;
}

TEST(ConfigTest, AnEmptyConfigurationHasTheDefaults) {
  const Result<Config> config = parsed("");
  ASSERT_TRUE(config.ok());
  EXPECT_EQ(config.value().build_root, kRoot);
  EXPECT_EQ(config.value().source_root, "");
  EXPECT_EQ(config.value().shared_dir, "");
  EXPECT_EQ(config.value().max_size, 5ULL << 30);
  EXPECT_EQ(config.value().idle_timeout_s, 600U);
  EXPECT_EQ(config.value().restore, RestoreMode::automatic);
  EXPECT_TRUE(config.value().extra_roots.empty());
  EXPECT_EQ(config.value().note_prefix, "");
  EXPECT_FALSE(config.value().notes_instead_of_depfile);
}

TEST(ConfigTest, EveryKeyIsRead) {
  const Result<Config> config = parsed(
      "version=1.2\nsource_root=/src\nbuild_root=/other\nshared_dir=/shared\nmax_size=1000\n"
      "idle_timeout=0\nrestore=reflink\nextra_root=/a\nextra_root=/b\n"
      "note_prefix=Remarque\u00a0: inclusion du fichier\u00a0: \nheader_list=notes");
  ASSERT_TRUE(config.ok());
  EXPECT_EQ(config.value().version, "1.2");
  EXPECT_EQ(config.value().source_root, "/src");
  EXPECT_EQ(config.value().build_root, "/other");
  EXPECT_EQ(config.value().shared_dir, "/shared");
  EXPECT_EQ(config.value().max_size, 1000U);
  EXPECT_EQ(config.value().idle_timeout_s, 0U);
  EXPECT_EQ(config.value().restore, RestoreMode::reflink);
  EXPECT_EQ(config.value().extra_roots, (std::vector<std::string>{"/a", "/b"}));
  EXPECT_EQ(config.value().note_prefix, "Remarque\u00a0: inclusion du fichier\u00a0: ");
  EXPECT_TRUE(config.value().notes_instead_of_depfile);
}

TEST(ConfigTest, ValuesAreTakenAsTheyAre) {
  const Result<Config> config = parsed("source_root=/a b=c \" #\xff\\\nshared_dir=\r\n");
  ASSERT_TRUE(config.ok());
  EXPECT_EQ(config.value().source_root, "/a b=c \" #\xff\\");
  EXPECT_EQ(config.value().shared_dir, "");
}

TEST(ConfigTest, UnknownKeysAreIgnored) { EXPECT_TRUE(parsed("from_the_future=1\n\n").ok()); }

TEST(ConfigTest, SizesMayHaveAUnit) {
  EXPECT_EQ(parsed("max_size=2K").value().max_size, 2048U);
  EXPECT_EQ(parsed("max_size=5G").value().max_size, 5ULL << 30);
  EXPECT_EQ(parsed("max_size=1T").value().max_size, 1ULL << 40);
}

TEST(ConfigTest, ErrorsNameTheLineAndWhatIsExpected) {
  EXPECT_EQ(error_of("version=1\nmax_size=much"), "line 3: max_size must be a number of bytes, not \"much\"");
  EXPECT_EQ(error_of("header_list=both"), "line 2: header_list must be depfile or notes, not \"both\"");
  EXPECT_EQ(error_of("restore=link"), "line 2: restore must be auto, copy or reflink, not \"link\"");
  EXPECT_EQ(error_of("build_root=relative"), "line 2: build_root must be an absolute path, not \"relative\"");
  EXPECT_EQ(error_of("nonsense"), "line 2: expected key=value");
}

TEST(ConfigTest, NumbersThatDoNotFitAreErrors) {
  for (const char* value : {"", "-1", "1.5", "99999999999999999999", "18446744073709551615K", "K", "1 "}) {
    error_of(std::string("max_size=") + value);
    if (std::string_view(value) != "18446744073709551615K") error_of(std::string("idle_timeout=") + value);
  }
}

TEST(ConfigTest, AMissingFileGivesTheDefaultsAndAnUnreadableOneAnError) {
  const StillClock clock(1700000000);
  FakeFileSystem disk(clock);
  disk.put_folder("/build/.compiler-cache");
  EXPECT_EQ(load_config(disk, kRoot).value().build_root, kRoot);

  disk.put("/build/.compiler-cache/config", "compiler-cache-config 1\nmax_size=7\n");
  EXPECT_EQ(load_config(disk, kRoot).value().max_size, 7U);
  disk.fail_operation(0, ErrorKind::denied);
  EXPECT_EQ(load_config(disk, kRoot).error().kind, ErrorKind::denied);

  disk.put("/build/.compiler-cache/config", "compiler-cache-config 1\nmax_size=x\n");
  EXPECT_TRUE(load_config(disk, kRoot).error().message.starts_with("/build/.compiler-cache/config: line 2"));
}

TEST(ConfigTest, AnotherFormatIsAnError) {
  EXPECT_FALSE(parse_config("", kRoot).ok());
  EXPECT_FALSE(parse_config("compiler-cache-config 2\n", kRoot).ok());
  EXPECT_FALSE(parse_config("compiler-cache-config 10\n", kRoot).ok());
}

}  // namespace
}  // namespace compiler_cache
