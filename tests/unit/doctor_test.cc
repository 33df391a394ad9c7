#include "helper/doctor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "helper/doctor_checks.h"
#include "helper/json_view.h"
#include "tests/unit/fake_file_system.h"
#include "tests/unit/still_clock.h"

namespace compiler_cache {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr char kLaunched[] =
    "rule CXX\n  command = /b/.compiler-cache/bin/compiler-cache-launcher ${FLAGS} -c\n";
constexpr char kMounts[] =
    "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
    "23 22 0:21 / /proc rw - proc proc rw\n"
    "40 22 0:50 / /home/u/net\\040work rw - nfs4 server:/x rw\n"
    "41 22 0:51 / /slow rw master:3 propagate_from:2 - fuse.sshfs x rw\n";

/// A tree with which nothing is wrong; each test makes one thing so.
class DoctorTest : public testing::Test {
 protected:
  DoctorTest() {
    disk_.put_folder("/b/.compiler-cache");
    put_config("");
    put_cmake_cache("CMAKE_GENERATOR:INTERNAL=Ninja\nCMAKE_CXX_COMPILER:FILEPATH=/usr/bin/c++\n");
    disk_.put("/b/build.ninja", "include CMakeFiles/rules.ninja\n");
    disk_.put("/b/CMakeFiles/rules.ninja", kLaunched);
    disk_.put("/usr/bin/g++-12", "");
    disk_.put_symlink("/usr/bin/c++", "g++-12");
    disk_.put_folder("/shared");
    disk_.put_folder("/usr/lib/ccache");
    disk_.put("/proc/self/mountinfo", kMounts);
    disk_.put("/proc/sys/fs/inotify/max_user_watches", "65536\n");
    disk_.put("/proc/sys/fs/inotify/max_user_instances", "128\n");
    environment_["PATH"] = "/usr/local/bin:/usr/bin";
  }

  void put_config(const std::string& lines) {
    disk_.put("/b/.compiler-cache/config",
              "compiler-cache-config 1\nversion=1.2.3\nsource_root=/s\nbuild_root=/b\nshared_dir=/shared\n" +
                  lines);
  }
  void put_cmake_cache(const std::string& text) { disk_.put("/b/CMakeCache.txt", text); }
  void add_to_cmake_cache(const std::string& line) {
    put_cmake_cache(disk_.files().at("/b/CMakeCache.txt") + line);
  }
  void put_flags(const std::string& flags) {
    disk_.put("/b/build.ninja", "build x.o: CXX x.cc\n  FLAGS = " + flags + "\n");
  }

  DoctorReport examined() {
    return examine({disk_, clock_, environment_,
                    [this](const std::string& folder) -> Result<DiskSpace> {
                      asked_.push_back(folder);
                      return space_;
                    },
                    0, "1.2.3"},
                   "/b");
  }
  /// "check" of each finding, with a "?" behind those that are worth knowing only.
  std::vector<std::string> found() {
    report_ = examined();
    std::vector<std::string> names;
    for (const Finding& finding : report_.findings)
      names.push_back(finding.check + (finding.wrong ? "" : "?"));
    return names;
  }

  StillClock clock_{1'700'000'000};
  StillClock clock_of_disk_{1'700'000'000};
  FakeFileSystem disk_{clock_of_disk_};
  std::map<std::string, std::string> environment_;
  DiskSpace space_{100ULL << 30, 200ULL << 30};
  std::vector<std::string> asked_;
  DoctorReport report_;
};

TEST_F(DoctorTest, NothingIsWrongWithAnOrdinaryTreeAndNothingIsLeftInIt) {
  const auto before = disk_.names();
  EXPECT_THAT(found(), IsEmpty());
  EXPECT_EQ(disk_.names(), before);
  EXPECT_FALSE(report_.anything_wrong());
  EXPECT_EQ(doctor_text(report_), std::to_string(report_.checks.size()) + " checks: nothing is wrong\n");
}

TEST_F(DoctorTest, EachFindingIsALineWithWhatToDoAndTheWrongOnesAreFirst) {
  add_to_cmake_cache("CMAKE_UNITY_BUILD:BOOL=ON\n");
  space_.free = 5 << 20;
  EXPECT_THAT(found(), ElementsAre("disk-space", "disk-space", "unity-builds?"));
  EXPECT_THAT(doctor_text(report_),
              HasSubstr("wrong: disk-space: the disk of the build folder (/b) is nearly full"));
  EXPECT_THAT(doctor_text(report_), HasSubstr("\nnote:  unity-builds: "));
  EXPECT_THAT(doctor_text(report_), HasSubstr(" checks: 2 wrong\n"));
  EXPECT_EQ(asked_, (std::vector<std::string>{"/b", "/shared"}));
}

TEST_F(DoctorTest, WhatIsOnlyWorthKnowingIsNotWrong) {
  add_to_cmake_cache("CMAKE_UNITY_BUILD:BOOL=ON\n");
  EXPECT_THAT(found(), ElementsAre("unity-builds?"));
  EXPECT_FALSE(report_.anything_wrong());
  EXPECT_THAT(doctor_json(report_), HasSubstr("\"wrong\": false"));
  EXPECT_THAT(doctor_json(report_), HasSubstr("\"schema\": 1"));
}

TEST_F(DoctorTest, AConfigurationThatCannotBeReadIsFound) {
  put_config("max_size=lots\n");
  EXPECT_THAT(found(), ElementsAre("configuration"));
  EXPECT_THAT(report_.findings[0].problem, HasSubstr("max_size must be"));
}

TEST_F(DoctorTest, AnotherVersionOfTheModuleIsFound) {
  put_config("version=1.2.4\n");
  EXPECT_THAT(found(), ElementsAre("version"));
}

TEST_F(DoctorTest, ACacheThatIsSwitchedOffIsFound) {
  disk_.put("/b/CMakeFiles/rules.ninja", "");
  for (const char* const off : {"OFF", "no", "0"}) {
    put_cmake_cache(std::string("COMPILER_CACHE:BOOL=") + off + "\n");
    EXPECT_THAT(found(), ElementsAre("switched-off")) << off;
  }
  disk_.put("/b/CMakeFiles/rules.ninja", kLaunched);
  put_cmake_cache("COMPILER_CACHE:BOOL=ON\n");
  environment_["COMPILER_CACHE_DISABLE"] = "";
  EXPECT_THAT(found(), IsEmpty());
  environment_["COMPILER_CACHE_DISABLE"] = "1";
  EXPECT_THAT(found(), ElementsAre("switched-off"));
}

TEST_F(DoctorTest, GeneratorsThatIgnoreLaunchersAreFound) {
  disk_.delete_tree("/b/build.ninja");
  for (const char* const good : {"Ninja", "Ninja Multi-Config", "Unix Makefiles"}) {
    put_cmake_cache(std::string("CMAKE_GENERATOR:INTERNAL=") + good + "\n");
    EXPECT_THAT(found(), IsEmpty()) << good;
  }
  put_cmake_cache("CMAKE_GENERATOR:INTERNAL=Xcode\n");
  EXPECT_THAT(found(), ElementsAre("generator"));
}

TEST_F(DoctorTest, ALauncherOfSomebodyElseIsFound) {
  add_to_cmake_cache("CMAKE_CXX_COMPILER_LAUNCHER:STRING=ccache\n");
  EXPECT_THAT(found(), ElementsAre("launcher"));
  EXPECT_THAT(report_.findings[0].advice, HasSubstr("-UCMAKE_CXX_COMPILER_LAUNCHER"));
  put_cmake_cache("CMAKE_CXX_COMPILER_LAUNCHER:STRING=/b/.compiler-cache/bin/compiler-cache-launcher\n");
  EXPECT_THAT(found(), IsEmpty());
  environment_["CMAKE_C_COMPILER_LAUNCHER"] = "sccache";
  EXPECT_THAT(found(), ElementsAre("launcher"));
}

TEST_F(DoctorTest, ABuildWithoutTheLauncherIsFound) {
  disk_.put("/b/CMakeFiles/rules.ninja", "rule CXX\n  command = c++ -c\n");
  EXPECT_THAT(found(), ElementsAre("launcher"));
  // Ninja Multi-Config has its rules elsewhere.
  disk_.put("/b/CMakeFiles/common.ninja", kLaunched);
  EXPECT_THAT(found(), IsEmpty());
}

TEST_F(DoctorTest, ACompilerThatIsACacheIsFound) {
  disk_.put("/usr/bin/ccache", "");
  disk_.put_symlink("/usr/lib/ccache/g++", "../../bin/ccache");
  add_to_cmake_cache("CMAKE_CXX_COMPILER:FILEPATH=/usr/lib/ccache/g++\n");
  EXPECT_THAT(found(), ElementsAre("compiler"));
  EXPECT_THAT(report_.findings[0].problem, HasSubstr("the CXX compiler /usr/lib/ccache/g++ is ccache"));
}

TEST_F(DoctorTest, ACacheThatComesFirstInThePathIsFound) {
  disk_.put("/usr/bin/ccache", "");
  disk_.put_symlink("/usr/lib/ccache/g++", "/usr/bin/ccache");
  environment_["PATH"] = "/usr/bin:/usr/lib/ccache";
  EXPECT_THAT(found(), IsEmpty());
  environment_["PATH"] = "/nowhere:/usr/lib/ccache:/usr/bin";
  EXPECT_THAT(found(), ElementsAre("compiler?"));
}

TEST_F(DoctorTest, DebugInformationInPdbsIsFound) {
  for (const char* const option : {"/Zi", "-ZI"}) {
    put_flags(std::string("/DWIN32 ") + option + " /Od");
    EXPECT_THAT(found(), ElementsAre("debug-information")) << option;
  }
  put_flags("/Z7 -DX=/Zip /Zi2");
  EXPECT_THAT(found(), IsEmpty());
  // With Makefiles, what CMake's variables say of the build type.
  disk_.delete_tree("/b/build.ninja");
  put_cmake_cache("CMAKE_BUILD_TYPE:STRING=Debug\nCMAKE_C_FLAGS_RELEASE:STRING=/Zi\n");
  EXPECT_THAT(found(), IsEmpty());
  add_to_cmake_cache("CMAKE_C_FLAGS_DEBUG:STRING=/Od /Zi\n");
  EXPECT_THAT(found(), ElementsAre("debug-information"));
  add_to_cmake_cache("COMPILER_CACHE_MSVC_EMBED_DEBUG:BOOL=ON\n");
  EXPECT_THAT(found(), IsEmpty());
}

TEST_F(DoctorTest, PrecompiledHeadersThatAreNotCachedAreFound) {
  put_flags("-Winvalid-pch -include /b/cmake_pch.hxx");
  EXPECT_THAT(found(), IsEmpty());
  put_flags("-Xclang -include-pch -Xclang /b/cmake_pch.hxx.pch");
  EXPECT_THAT(found(), ElementsAre("precompiled-headers?"));
  put_flags("-Xclang -fno-pch-timestamp -Xclang -include-pch -Xclang /b/cmake_pch.hxx.pch");
  EXPECT_THAT(found(), IsEmpty());
  put_flags("/Yu/b/cmake_pch.hxx /Fp/b/cmake_pch.pch");
  add_to_cmake_cache("CMAKE_CXX_COMPILER:FILEPATH=/usr/bin/clang-cl-14\n");
  EXPECT_THAT(found(), ElementsAre("precompiled-headers"));
}

TEST_F(DoctorTest, ScanningForModulesThatAreNotThereIsFound) {
  disk_.put("/b/build.ninja", "build x.o.ddi: SCAN x.cc\n");
  EXPECT_THAT(found(), ElementsAre("module-scanning"));
  disk_.put("/b/build.ninja", "build x.o.ddi: SCAN x.cc\nbuild m.o.ddi: SCAN m.cppm\n");
  EXPECT_THAT(found(), IsEmpty());
}

TEST_F(DoctorTest, UnityBuildsAreFoundInTheBuildFilesToo) {
  disk_.put("/b/build.ninja", "build u.o: CXX CMakeFiles/x.dir/Unity/unity_0_cxx.cxx\n");
  EXPECT_THAT(found(), ElementsAre("unity-builds?"));
}

TEST_F(DoctorTest, FoldersOfOthersAreFound) {
  disk_.set_owner("/b/.compiler-cache", 1000, 0755);
  EXPECT_THAT(found(), ElementsAre("permissions"));
  disk_.set_owner("/b/.compiler-cache", 0, 0775);
  EXPECT_THAT(found(), ElementsAre("permissions"));
  EXPECT_THAT(report_.findings[0].advice, HasSubstr("chmod go-w /b/.compiler-cache"));
  disk_.set_owner("/b/.compiler-cache", 0, 0755);
  disk_.set_owner("/shared", 0, 0777);
  EXPECT_THAT(found(), ElementsAre("permissions"));
  disk_.set_owner("/shared", 1000, 0700);
  EXPECT_THAT(found(), ElementsAre("permissions"));
  disk_.delete_tree("/shared");
  EXPECT_THAT(found(), IsEmpty());
}

TEST_F(DoctorTest, AFolderThatIsGoneIsFound) {
  disk_.delete_tree("/b/.compiler-cache");
  EXPECT_THAT(found(), Contains("permissions"));
  const auto gone = std::ranges::find(report_.findings, "permissions", &Finding::check);
  ASSERT_NE(gone, report_.findings.end());
  EXPECT_EQ(gone->problem, "/b/.compiler-cache is not there");
  EXPECT_EQ(gone->advice, "Run: cmake /b");
}

TEST_F(DoctorTest, AFolderThatCannotBeWrittenToIsFound) {
  bool seen = false;
  disk_.take_recorded();
  found();
  const auto recorded = disk_.take_recorded();
  for (std::size_t i = 0; i < recorded.size() && !seen; ++i) {
    if (!recorded[i].starts_with("write_new ")) continue;
    disk_.fail_operation(i, ErrorKind::denied);
    EXPECT_THAT(found(), ElementsAre("permissions"));
    seen = true;
  }
  EXPECT_TRUE(seen);
}

TEST_F(DoctorTest, WhateverFailsItEndsAndLeavesNothing) {
  const auto before = disk_.names();
  for (std::uint64_t n = 0; n < 60; ++n) {
    disk_.fail_operation(n);
    found();
    disk_.fail_nothing();
    for (const std::string& name : disk_.names()) {
      if (name.find("/doctor-") != std::string::npos) disk_.delete_tree("/" + name);  // removing it failed
    }
    EXPECT_EQ(disk_.names(), before);
  }
}

TEST_F(DoctorTest, FileSystemsWithoutLocksAreFound) {
  disk_.set_has_locks(false);
  EXPECT_THAT(found(), ElementsAre("locks", "locks"));
}

TEST_F(DoctorTest, FileSystemsThatDoNotTellOfChangesAreFound) {
  put_config("source_root=/slow/s\n");
  EXPECT_THAT(found(), ElementsAre("watches"));
  EXPECT_THAT(report_.findings[0].problem, HasSubstr("/slow/s is on fuse.sshfs"));
}

TEST_F(DoctorTest, LimitsOfWatchesAreFound) {
  disk_.put("/proc/sys/fs/inotify/max_user_watches", "8191\n");
  EXPECT_THAT(found(), ElementsAre("watch-limit"));
  EXPECT_THAT(report_.findings[0].advice, HasSubstr("sysctl fs.inotify.max_user_watches=524288"));
  disk_.delete_tree("/proc/sys/fs/inotify/max_user_watches");
  disk_.put("/proc/sys/fs/inotify/max_user_instances", "1\n");
  EXPECT_THAT(found(), ElementsAre("watch-limit"));
}

TEST_F(DoctorTest, AStoreOnTheNetworkIsFound) {
  put_config("shared_dir=/home/u/net work/store\n");
  EXPECT_THAT(found(), ElementsAre("store-mount"));
  EXPECT_THAT(report_.findings[0].problem, HasSubstr("on nfs4"));
}

TEST_F(DoctorTest, ClocksThatDifferAreFound) {
  clock_of_disk_.advance(2);
  EXPECT_THAT(found(), IsEmpty());
  clock_of_disk_.advance(1);
  EXPECT_THAT(found(), ElementsAre("clock"));
  EXPECT_THAT(report_.findings[0].problem, HasSubstr("3 s ahead of"));
  clock_of_disk_.advance(-60);
  EXPECT_THAT(found(), ElementsAre("clock"));
  EXPECT_THAT(report_.findings[0].problem, HasSubstr("57 s behind"));
}

TEST_F(DoctorTest, DisksThatAreNearlyFullAreFound) {
  space_ = {3ULL << 30, 200ULL << 30};  // little of a large one
  EXPECT_THAT(found(), ElementsAre("disk-space", "disk-space"));
  space_ = {3ULL << 30, 10ULL << 30};
  EXPECT_THAT(found(), IsEmpty());
  space_ = {0, 0};  // not known
  EXPECT_THAT(found(), IsEmpty());
}

TEST(DoctorTextTest, FileSystemTypeIsThatOfTheInnermostMount) {
  EXPECT_EQ(file_system_type(kMounts, "/home/u/x"), "ext4");
  EXPECT_EQ(file_system_type(kMounts, "/home/u/net work/x"), "nfs4");
  EXPECT_EQ(file_system_type(kMounts, "/home/u/net works"), "ext4");
  EXPECT_EQ(file_system_type(kMounts, "/slow"), "fuse.sshfs");
  EXPECT_EQ(file_system_type(std::string(kMounts) + "50 41 0:60 / /slow rw - tmpfs t rw\n", "/slow/x"),
            "tmpfs");
  EXPECT_EQ(file_system_type("", "/x"), "");
  EXPECT_EQ(file_system_type("22 1 8:1 / / rw\nnonsense\n\n - \n", "/x"), "");
}

TEST(DoctorTextTest, CMakeCacheIsReadAsCMakeWritesIt) {
  const auto values =
      parse_cmake_cache("# A:B=C\n//D:E=F\nA:STRING=x=y:z\r\nB:BOOL=\nnothing\nC:X\nA:STRING=last");
  EXPECT_EQ(values, (std::map<std::string, std::string>{{"A", "last"}, {"B", ""}}));
}

}  // namespace
}  // namespace compiler_cache
