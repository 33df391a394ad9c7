#include "helper/driver_mode.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace compiler_cache {
namespace {

using Words = std::vector<std::string>;

TEST(DriverModeTest, TheNameOfTheProgramDecides) {
  for (const char* name :
       {"cl", "cl.exe", "/x/clang-cl", "clang-cl-14", "clang-cl-14.0.6", "clang-cl14", "CL/cl",
        "x86_64-pc-windows-msvc-clang-cl", "C:\\VC\\bin\\cl.exe", "clang-cl.exe"}) {
    EXPECT_EQ(driver_mode(name, {}), DriverMode::cl) << name;
  }
  for (const char* name :
       {"clang", "clang++", "gcc", "g++-12", "cc", "c++", "/cl/clang", "clang-14", "clang-cpp", ""}) {
    EXPECT_EQ(driver_mode(name, {}), DriverMode::gnu) << name;
  }
}

TEST(DriverModeTest, TheLastModeThatIsGivenWins) {
  EXPECT_EQ(driver_mode("clang", {"--driver-mode=cl", "-c"}), DriverMode::cl);
  EXPECT_EQ(driver_mode("clang-cl", {"--driver-mode=gcc"}), DriverMode::gnu);
  EXPECT_EQ(driver_mode("clang-cl", {"--driver-mode=gcc", "--driver-mode=cl"}), DriverMode::cl);
  EXPECT_EQ(driver_mode_arguments({"clang", "--driver-mode=cl", "-c"}), Words{"--driver-mode=cl"});
}

TEST(DriverModeTest, QuestionsAreInTheRightDialect) {
  EXPECT_EQ(question_for_programs(DriverMode::gnu, "c++"),
            (Words{"-###", "-x", "c++", "-S", "/dev/null", "-o", "/dev/null"}));
  EXPECT_EQ(question_for_programs(DriverMode::cl, "c++"), (Words{"-###", "/c", "/TP", "/dev/null"}));
  EXPECT_EQ(question_for_search_path(DriverMode::cl, "c"), (Words{"/TC", "/E", "-v", "/dev/null"}));
}

TEST(DriverModeTest, TheBannerOfClIsItsFirstLine) {
  EXPECT_EQ(banner_of_cl("Microsoft (R) C/C++ Optimizing Compiler Version 19.38.33130 for x64\r\nCopyright"),
            "Microsoft (R) C/C++ Optimizing Compiler Version 19.38.33130 for x64");
  EXPECT_EQ(banner_of_cl("Microsoft (R) C/C++-Optimierungscompiler Version 19.38 f\xc3\xbcr x64\n").empty(),
            false);
  EXPECT_EQ(banner_of_cl("clang version 14.0.6\n"), "");
  EXPECT_EQ(banner_of_cl("Microsoft (R) Incremental Linker Version 14\n"), "");
}

}  // namespace
}  // namespace compiler_cache
