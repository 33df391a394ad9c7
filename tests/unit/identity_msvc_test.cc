// Compilers of the MSVC dialect, and what Clang looks at when it compiles for Microsoft's platform.
#include "helper/identity.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/fake_compiler.h"
#include "tests/unit/stepped_clock.h"

namespace compiler_cache {
namespace {

constexpr char kBanner[] = "Microsoft (R) C/C++ Optimizing Compiler Version 19.38.33130 for x64";

/// A clang-cl, under any name, or a cl.exe.
class IdentityMsvcTest : public testing::Test {
 protected:
  IdentityMsvcTest() {
    for (const char* folder : {"/w", "/usr/local/bin", "/vc"}) disk_.put_folder(folder);
    for (const char* program : {"/usr/bin/clang-cl", "/usr/bin/clang", "/usr/bin/any"})
      disk_.put(program, elf_program("driver"), 0755);
    for (const char* part : {"cl.exe", "c1.dll", "c1xx.dll", "c2.dll"})
      disk_.put(std::string("/vc/") + part, "MZ", 0755);
    clock_.settle();
    processes_.set_answer([this](const FakeProcesses::Call& call) { return answer(call); });
  }

  Result<ProcessOutput> answer(const FakeProcesses::Call& call) const {
    ProcessOutput output;
    if (call.has_variable("LD_TRACE_LOADED_OBJECTS=1")) return output;
    if (call.argv[0] == "/vc/cl.exe") {
      output.standard_error = std::string(kBanner) + "\r\nCopyright (C)\r\n\r\ncl : fatal error D8003\r\n";
      output.exit_code = 2;
      return output;
    }
    output.standard_error = "clang version 14.0.6\nTarget: x86_64-pc-windows-msvc\nInstalledDir: /usr/bin\n";
    if (!call.has("-###")) return output;
    if (call.has("/c")) {
      output.exit_code = speaks_cl_ ? 0 : 1;
      output.standard_error += " \"/usr/bin/clang\" \"-cc1\" \"-fms-compatibility\" " + arguments_ + "\n";
    } else if (speaks_cl_) {
      output.standard_error = "warning: unknown argument ignored in clang-cl: '-x'\n" + output.standard_error;
    } else {
      output.standard_error += " \"/usr/bin/clang\" \"-cc1\" " + arguments_ + "\n";
    }
    return output;
  }

  Result<Identity> probe(const std::string& compiler, const std::vector<std::string>& arguments = {},
                         const std::vector<std::string>& environment = {}) {
    IdentityQuestion question{compiler, "c++", arguments, {"PATH=/usr/local/bin:/usr/bin"}, "/w"};
    question.environment.insert(question.environment.end(), environment.begin(), environment.end());
    return probe_identity(disk_, clock_, processes_, question, {});
  }
  void put_later(const std::string& path) {
    clock_.tick();
    disk_.put(path, "new", 0755);
    clock_.settle();
  }
  bool same(const Identity& identity) { return still_same(disk_, clock_, identity); }

  SteppedClock clock_;
  FakeFileSystem disk_{clock_};
  FakeProcesses processes_;
  bool speaks_cl_ = true;
  std::string arguments_;
};

TEST_F(IdentityMsvcTest, ClangClIsKnownByItsName) {
  const Result<Identity> identity = probe("clang-cl");
  ASSERT_TRUE(identity.ok());
  EXPECT_EQ(identity->family, CompilerFamily::clang_cl);
  EXPECT_TRUE(identity->supported);
  EXPECT_TRUE(identity->msvc_target);
  EXPECT_EQ(identity->name, "clang version 14.0.6");
}

TEST_F(IdentityMsvcTest, TheModeThatIsGivenCounts) {
  const Result<Identity> identity = probe("clang", {"--driver-mode=cl"});
  ASSERT_TRUE(identity.ok());
  EXPECT_EQ(identity->family, CompilerFamily::clang_cl);
  EXPECT_NE(identity->digest, probe("clang-cl")->digest);
}

TEST_F(IdentityMsvcTest, AWrapperOfAnotherNameIsAskedInTheOtherDialect) {
  EXPECT_EQ(probe("any")->family, CompilerFamily::clang_cl);
  speaks_cl_ = false;
  EXPECT_EQ(probe("clang-cl")->family, CompilerFamily::clang);
  EXPECT_EQ(probe("any")->family, CompilerFamily::clang);
}

TEST_F(IdentityMsvcTest, AClangForAnotherPlatformIsNone) {
  speaks_cl_ = false;
  EXPECT_FALSE(probe("clang")->msvc_target);
  arguments_ = "\"-fms-compatibility\"";
  EXPECT_TRUE(probe("clang")->msvc_target);
}

TEST_F(IdentityMsvcTest, AVisualStudioThatAppearsInThePathCounts) {
  const Result<Identity> identity = probe("clang-cl");
  ASSERT_TRUE(identity.ok());
  EXPECT_TRUE(same(*identity));
  put_later("/usr/local/bin/other");
  EXPECT_TRUE(same(*identity));
  put_later("/usr/local/bin/cl.exe");
  EXPECT_FALSE(same(*identity));
}

TEST_F(IdentityMsvcTest, ANewerVersionBelowAFolderThatIsNamedCounts) {
  disk_.put_folder("/sys/VC/Tools/MSVC/14.29.1");
  disk_.put_folder("/sys/Windows Kits/10/Include/10.0.1");
  clock_.settle();
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"/winsysroot", "/sys"}, std::vector<std::string>{"-winsysroot/sys"}}) {
    const Result<Identity> identity = probe("clang-cl", arguments);
    ASSERT_TRUE(identity.ok());
    EXPECT_TRUE(same(*identity));
    clock_.tick();
    disk_.put_folder("/sys/VC/Tools/MSVC/14.30." + std::to_string(arguments.size()));
    disk_.set_times("/sys/VC/Tools/MSVC", clock_.file_now_ns(), clock_.file_now_ns());
    clock_.settle();
    EXPECT_FALSE(same(*identity));
  }
}

TEST_F(IdentityMsvcTest, ClExeIsKnownByItsBannerAndItsParts) {
  const Result<Identity> identity = probe("/vc/cl.exe");
  ASSERT_TRUE(identity.ok());
  EXPECT_EQ(identity->family, CompilerFamily::msvc);
  EXPECT_TRUE(identity->supported);
  EXPECT_EQ(identity->name, kBanner);
  for (const char* part : {"/vc/cl.exe", "/vc/c1.dll", "/vc/c1xx.dll", "/vc/c2.dll"}) {
    const bool listed = std::any_of(identity->files.begin(), identity->files.end(),
                                    [&](const ProgramFile& file) { return file.path == part; });
    EXPECT_TRUE(listed) << part;
  }
  put_later("/vc/c2.dll");
  EXPECT_FALSE(same(*identity));
  EXPECT_NE(probe("/vc/cl.exe")->digest, identity->digest);
}

TEST_F(IdentityMsvcTest, ClExeWithoutItsPartsIsNotKnown) {
  disk_.delete_tree("/vc/c1xx.dll");
  clock_.settle();
  EXPECT_FALSE(probe("/vc/cl.exe").ok());
}

TEST_F(IdentityMsvcTest, VariablesThatHoldOptionsArePartOfTheQuestion) {
  IdentityQuestion question{"clang-cl", "c++", {}, {"PATH=/usr/bin"}, "/w"};
  const Digest without = identity_key(question);
  for (const char* entry : {"CL=--target=x", "_CL_=/m32", "VCToolsInstallDir=/vc", "VCINSTALLDIR=/vc"}) {
    IdentityQuestion other = question;
    other.environment.emplace_back(entry);
    EXPECT_NE(identity_key(other), without) << entry;
  }
}

}  // namespace
}  // namespace compiler_cache
