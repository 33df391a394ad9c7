#include "helper/environment.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace compiler_cache {
namespace {

using Entries = std::vector<std::string>;

Entries keyed(const Entries& entries, bool whole = false) {
  return environment_for_key(Environment(entries), whole);
}

TEST(EnvironmentTest, FindsAVariableByItsWholeName) {
  const Entries entries{"PATHS=no", "PATH=/bin", "EMPTY=", "EQUALS=a=b", "BROKEN"};
  const Environment environment(entries);
  EXPECT_EQ(environment.get("PATH"), "/bin");
  EXPECT_EQ(environment.get("EMPTY"), "");
  EXPECT_EQ(environment.get("EQUALS"), "a=b");
  EXPECT_EQ(environment.get("BROKEN"), std::nullopt);
  EXPECT_EQ(environment.get("PAT"), std::nullopt);
  EXPECT_EQ(environment.get(""), std::nullopt);
}

TEST(EnvironmentTest, FirstOfSeveralEntriesWins) {
  const Entries entries{"A=1", "A=2"};
  EXPECT_EQ(Environment(entries).get("A"), "1");
}

TEST(EnvironmentTest, KeyHasWhatACompilerReads) {
  for (const char* name : {"CPATH",
                           "C_INCLUDE_PATH",
                           "CPLUS_INCLUDE_PATH",
                           "OBJC_INCLUDE_PATH",
                           "GCC_EXEC_PREFIX",
                           "COMPILER_PATH",
                           "LD_LIBRARY_PATH",
                           "LD_PRELOAD",
                           "TZ",
                           "TMPDIR",
                           "CCC_OVERRIDE_OPTIONS",
                           "SOURCE_DATE_EPOCH",
                           "LANG",
                           "LC_ALL",
                           "LC_CTYPE",
                           "LC_MESSAGES",
                           "GCC_COLORS",
                           "CL",
                           "_CL_",
                           "INCLUDE",
                           "EXTERNAL_INCLUDE",
                           "LIB",
                           "VCINSTALLDIR",
                           "VCToolsInstallDir",
                           "VSLANG",
                           "SDKROOT"}) {
    const std::string entry = std::string(name) + "=value";
    EXPECT_EQ(keyed({entry}), Entries{entry});
    EXPECT_NE(keyed({std::string(name) + "="}), keyed({})) << name;  // set to nothing is not unset
  }
}

TEST(EnvironmentTest, KeyHasNothingElse) {
  EXPECT_EQ(keyed({"HOME=/root", "SHLVL=2", "TERM=xterm", "PWD=/w", "MY_OWN=1"}), Entries{});
}

TEST(EnvironmentTest, OrderOfTheEntriesDoesNotMatter) {
  EXPECT_EQ(keyed({"TZ=UTC", "CPATH=/i"}), keyed({"CPATH=/i", "TZ=UTC"}));
  EXPECT_EQ(keyed({"X=1", "A=2"}, true), keyed({"A=2", "X=1"}, true));
}

TEST(EnvironmentTest, WrapperScriptIsKeyedByAllButWhatAlwaysDiffers) {
  EXPECT_EQ(keyed({"MY_OWN=1", "SHLVL=2", "PWD=/w", "MAKELEVEL=1", "_=/bin/ninja", "COMPILER_CACHE_LOG=x",
                   "PATH=/bin"},
                  true),
            (Entries{"MY_OWN=1", "PATH=/bin"}));
}

TEST(EnvironmentTest, ProbesSpeakC) {
  const Entries entries{"LC_ALL=de_DE", "LANGUAGE=de", "LANG=de_DE", "PATH=/bin"};
  const Entries probe = environment_for_probe(Environment(entries));
  EXPECT_EQ(Environment(probe).get("LC_ALL"), "C");
  EXPECT_EQ(Environment(probe).get("LANGUAGE"), std::nullopt);
  EXPECT_EQ(Environment(probe).get("PATH"), "/bin");
}

TEST(EnvironmentTest, ProbesWriteNoDependenciesAndHoldNoJobServer) {
  const Entries entries{"DEPENDENCIES_OUTPUT=f", "SUNPRO_DEPENDENCIES=f", "MAKEFLAGS=--jobserver-auth=3,4"};
  EXPECT_EQ(environment_for_probe(Environment(entries)), Entries{"LC_ALL=C"});
}

}  // namespace
}  // namespace compiler_cache
