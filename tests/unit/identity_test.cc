#include "helper/identity.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/fake_compiler.h"
#include "tests/unit/stepped_clock.h"

namespace compiler_cache {
namespace {

class IdentityTest : public testing::Test {
 protected:
  IdentityTest() {
    disk_.put_folder("/w");
    disk_.put_folder("/usr/local/bin");
    clock_.settle();
  }

  static IdentityQuestion question(const std::string& compiler = "g++") {
    return {compiler, "c++", {}, {"PATH=/usr/local/bin:/usr/bin"}, "/w"};
  }
  Result<Identity> probe(const IdentityQuestion& asked = question(), const ProgramMemo& memo = {}) {
    return probe_identity(disk_, clock_, compiler_.processes, asked, memo);
  }
  bool same(const Identity& identity) { return still_same(disk_, clock_, identity); }
  static bool has_file(const Identity& identity, const std::string& path) {
    return std::any_of(identity.files.begin(), identity.files.end(),
                       [&](const ProgramFile& file) { return file.path == path; });
  }
  void edit(const std::string& path, const std::string& bytes) {
    clock_.tick();
    disk_.put(path, bytes, 0755);
    clock_.settle();
  }

  SteppedClock clock_;
  FakeFileSystem disk_{clock_};
  FakeCompiler compiler_{disk_};
};

TEST_F(IdentityTest, KnowsGccByWhatItSays) {
  const Result<Identity> identity = probe();
  ASSERT_TRUE(identity.ok());
  EXPECT_TRUE(identity->supported);
  EXPECT_EQ(identity->family, CompilerFamily::gcc);
  EXPECT_EQ(identity->name, "gcc version 12.2.0 (Fake)");
  EXPECT_FALSE(identity->is_cache);
  EXPECT_FALSE(identity->is_script);
}

TEST_F(IdentityTest, KnowsClangAlsoBehindADistributionsName) {
  for (const char* version : {"clang version 14.0.6", "Debian clang version 14.0.6"}) {
    compiler_.version = version;
    const Result<Identity> identity = probe();
    ASSERT_TRUE(identity.ok());
    EXPECT_TRUE(identity->supported);
    EXPECT_EQ(identity->family, CompilerFamily::clang);
    EXPECT_EQ(identity->name, version);
  }
}

TEST_F(IdentityTest, OtherCompilersAreNotSupported) {
  compiler_.version = "icc version 2021";
  const Result<Identity> identity = probe();
  ASSERT_TRUE(identity.ok());
  EXPECT_FALSE(identity->supported);
}

TEST_F(IdentityTest, CoversDriverProgramsAndTheirLibraries) {
  const Result<Identity> identity = probe();
  ASSERT_TRUE(identity.ok());
  for (const char* path :
       {"/usr/bin/g++", "/usr/lib/gcc/12/cc1plus", "/usr/bin/as", "/lib/libc.so.6", "/lib/ld.so"}) {
    EXPECT_TRUE(has_file(*identity, path)) << path;
  }
  EXPECT_EQ(identity->files.size(), 5U);
}

TEST_F(IdentityTest, CoversSpecsAndConfigurationFiles) {
  disk_.put("/usr/lib/gcc/12/specs.txt", "specs");
  disk_.put("/etc/clang.cfg", "-O2");
  compiler_.extra_lines =
      "Reading specs from /usr/lib/gcc/12/specs.txt\nConfiguration file: /etc/clang.cfg\n";
  const Result<Identity> identity = probe();
  ASSERT_TRUE(identity.ok());
  EXPECT_TRUE(has_file(*identity, "/usr/lib/gcc/12/specs.txt"));
  EXPECT_TRUE(has_file(*identity, "/etc/clang.cfg"));
}

TEST_F(IdentityTest, LibrariesAreListedByTheLoaderNotByRunningTheProgram) {
  ASSERT_TRUE(probe().ok());
  for (const FakeProcesses::Call& call : compiler_.processes.calls()) {
    if (call.argv[0] != "/usr/bin/g++") {
      EXPECT_TRUE(call.has_variable("LD_TRACE_LOADED_OBJECTS=1")) << call.argv[0];
    }
  }
}

TEST_F(IdentityTest, ProgramWithoutInterpreterIsNotAskedForLibraries) {
  edit("/usr/bin/as", "#!/bin/sh\n");
  ASSERT_TRUE(probe().ok());
  for (const FakeProcesses::Call& call : compiler_.processes.calls()) EXPECT_NE(call.argv[0], "/usr/bin/as");
}

TEST_F(IdentityTest, LoaderLinesOfEveryKindAreRead) {
  disk_.put("/opt/with space/lib.so", "x");
  disk_.put("/lib/libnone.so", "y");
  compiler_.libraries =
      "\tlinux-vdso.so.1 (0x1)\n\tlibx.so => /opt/with space/lib.so (0x2)\n\tlibgone.so => not found\n"
      "\t/lib/libnone.so (0x3)\nstatically linked\n";
  const Result<Identity> identity = probe();
  ASSERT_TRUE(identity.ok());
  EXPECT_TRUE(has_file(*identity, "/opt/with space/lib.so"));
  EXPECT_TRUE(has_file(*identity, "/lib/libnone.so"));
  EXPECT_EQ(identity->files.size(), 5U);
}

TEST_F(IdentityTest, DigestIsThatOfContentsNotOfTimes) {
  const Digest before = probe()->digest;
  edit("/usr/bin/g++", elf_program("driver"));
  EXPECT_EQ(probe()->digest, before);
}

TEST_F(IdentityTest, EveryChangeOfACompilersFileChangesItsDigest) {
  Digest last = probe()->digest;
  for (const char* path : {"/usr/bin/g++", "/usr/lib/gcc/12/cc1plus", "/usr/bin/as", "/lib/libc.so.6"}) {
    edit(path, elf_program("another"));
    const Digest now = probe()->digest;
    EXPECT_NE(now, last) << path;
    last = now;
  }
  compiler_.extra_lines = "Configured with: ../src/configure --another\n";
  EXPECT_NE(probe()->digest, last);
}

TEST_F(IdentityTest, UnchangedCompilerIsTheSameAtOneStatPerFile) {
  const Result<Identity> identity = probe();
  disk_.take_recorded();
  EXPECT_TRUE(same(*identity));
  const std::vector<std::string> recorded = disk_.take_recorded();
  EXPECT_EQ(recorded.size(), identity->files.size() + identity->watched.size() + identity->absent.size());
  for (const std::string& operation : recorded) EXPECT_TRUE(operation.starts_with("stat ")) << operation;
}

TEST_F(IdentityTest, ChangedOrRemovedFileIsNotTheSame) {
  for (const char* path : {"/usr/bin/g++", "/usr/lib/gcc/12/cc1plus", "/usr/bin/as", "/lib/libc.so.6"}) {
    const Result<Identity> identity = probe();
    ASSERT_TRUE(identity.ok());
    EXPECT_TRUE(same(*identity));
    edit(path, elf_program("driver"));
    EXPECT_FALSE(same(*identity)) << path;
  }
  const Result<Identity> identity = probe();
  disk_.delete_tree("/usr/lib/gcc/12/cc1plus");
  EXPECT_FALSE(same(*identity));
}

TEST_F(IdentityTest, CompilerInstalledAMomentAgoIsNotTrustedYet) {
  disk_.put("/usr/bin/g++", elf_program("driver"), 0755);
  clock_.tick();
  const Result<Identity> identity = probe();
  EXPECT_FALSE(same(*identity));
}

TEST_F(IdentityTest, ProgramThatAppearsEarlierInPathIsNoticed) {
  const Result<Identity> identity = probe();
  ASSERT_TRUE(identity.ok());
  disk_.put("/usr/local/bin/g++", "not executable", 0644);
  EXPECT_TRUE(same(*identity));
  disk_.delete_tree("/usr/local/bin/g++");
  disk_.put("/usr/local/bin/as", elf_program("shadow"), 0755);
  EXPECT_FALSE(same(*identity));
  disk_.delete_tree("/usr/local/bin/as");
  disk_.put("/usr/local/bin/g++", elf_program("shadow"), 0755);
  EXPECT_FALSE(same(*identity));
}

TEST_F(IdentityTest, SpecsFileThatAppearsIsNoticed) {
  const Result<Identity> identity = probe();
  ASSERT_TRUE(identity.ok());
  disk_.put("/usr/lib/gcc/12/specs", "*cc1:\n");
  EXPECT_FALSE(same(*identity));
}

TEST_F(IdentityTest, SpecsThatAppearInAFolderOfLibrariesAreNoticed) {
  disk_.put_folder("/own/libs");
  compiler_.search_folders = "programs: =/usr/lib/gcc/12/\nlibraries: =/own/libs/x86/12/:/own/libs/\n";
  for (const char* place : {"/own/libs/specs", "/own/libs/x86/12/specs"}) {
    const Result<Identity> identity = probe();
    ASSERT_TRUE(identity.ok());
    EXPECT_TRUE(same(*identity));
    disk_.put(place, "*cc1:\n");
    EXPECT_FALSE(same(*identity)) << place;
    clock_.settle();
  }
}

TEST_F(IdentityTest, AssemblerThatAppearsInAGccsOwnFolderIsNoticed) {
  compiler_.extra_lines = "Target: x86_64-linux-gnu\n";
  compiler_.search_folders = "programs: =/usr/lib/gcc/12/:/usr/x86/bin/\nlibraries: =/lib/\n";
  for (const char* place : {"/usr/lib/gcc/12/as", "/usr/lib/gcc/12/x86_64-linux-gnu-as", "/usr/x86/bin/as"}) {
    const Result<Identity> identity = probe();
    ASSERT_TRUE(identity.ok());
    EXPECT_TRUE(same(*identity));
    disk_.put(place, elf_program("another"), 0755);
    EXPECT_FALSE(same(*identity)) << place;
    disk_.delete_tree(place);
    if (place == std::string("/usr/x86/bin/as")) disk_.delete_tree("/usr/x86");
  }
}

TEST_F(IdentityTest, LibraryThatAppearsWhereTheLoaderLookedFirstIsNoticed) {
  disk_.put_folder("/early");
  compiler_.loader_debug =
      "  1:\t  trying file=/early/v3/libc.so.6\n  1:\t  trying file=/early/libc.so.6\n  1:\t  trying "
      "file=/lib/libc.so.6\n";
  const Result<Identity> identity = probe();
  ASSERT_TRUE(identity.ok());
  EXPECT_TRUE(same(*identity));
  disk_.put("/early/libc.so.6", "another");
  EXPECT_FALSE(same(*identity));
  disk_.delete_tree("/early/libc.so.6");
  EXPECT_TRUE(same(*identity));
  disk_.put_folder("/early/v3");
  EXPECT_FALSE(same(*identity));
}

TEST_F(IdentityTest, LoadersOwnFilesAreWatchedButNotPartOfTheCompiler) {
  disk_.put("/etc/ld.so.cache", "old");
  clock_.settle();
  const Result<Identity> identity = probe();
  ASSERT_TRUE(identity.ok());
  EXPECT_TRUE(same(*identity));
  edit("/etc/ld.so.cache", "new");
  EXPECT_FALSE(same(*identity));
  EXPECT_EQ(probe()->digest, identity->digest);
  const Result<Identity> now = probe();
  disk_.put("/etc/ld.so.preload", "/lib/spy.so");
  EXPECT_FALSE(same(*now));
}

TEST_F(IdentityTest, GccInAFolderThatClangPassedOverIsNoticed) {
  compiler_.version = "clang version 14.0.6";
  disk_.put_folder("/usr/lib/gcc/x86_64/12");
  disk_.put_folder("/usr/lib64");
  clock_.settle();
  compiler_.extra_lines = "Selected GCC installation: /usr/lib/gcc/x86_64/12\n";
  const Result<Identity> identity = probe();
  ASSERT_TRUE(identity.ok());
  EXPECT_TRUE(same(*identity));
  disk_.put_folder("/usr/lib64/gcc");
  EXPECT_FALSE(same(*identity));
}

TEST_F(IdentityTest, GccBesideTheOneThatClangSelectedCounts) {
  compiler_.version = "clang version 14.0.6";
  disk_.put_folder("/usr/lib/gcc/x86_64/12");
  clock_.settle();
  compiler_.extra_lines = "Selected GCC installation: /usr/lib/gcc/x86_64/12\n";
  const Result<Identity> identity = probe();
  ASSERT_TRUE(identity.ok());
  EXPECT_TRUE(same(*identity));
  clock_.tick();
  disk_.put_folder("/usr/lib/gcc/x86_64/13");
  EXPECT_FALSE(same(*identity));
}

TEST_F(IdentityTest, CacheInTheCompilersPlaceIsRecognised) {
  disk_.put("/usr/bin/ccache", elf_program("ccache"), 0755);
  disk_.put_folder("/usr/lib/ccache");
  disk_.put_symlink("/usr/lib/ccache/g++", "../../bin/ccache");
  for (const char* compiler : {"/usr/lib/ccache/g++", "ccache"}) {
    const Result<Identity> identity = probe(question(compiler));
    ASSERT_TRUE(identity.ok());
    EXPECT_TRUE(identity->is_cache);
  }
  EXPECT_TRUE(compiler_.processes.calls().empty());  // it was not run
}

TEST_F(IdentityTest, LinkThatNoLongerLeadsToACacheIsNoticed) {
  disk_.put("/usr/bin/ccache", elf_program("ccache"), 0755);
  disk_.put_symlink("/usr/local/bin/g++", "../../bin/ccache");
  const Result<Identity> identity = probe();
  ASSERT_TRUE(identity.ok() && identity->is_cache);
  ASSERT_TRUE(disk_.remove("/usr/local/bin/g++").ok());
  EXPECT_FALSE(same(*identity));
}

TEST_F(IdentityTest, WrapperScriptIsKnownByItsContentAndByWhatIsBehindIt) {
  disk_.put("/w/wrapper", "#!/bin/sh\nexec g++ \"$@\"\n", 0755);
  clock_.settle();
  const Result<Identity> identity = probe(question("/w/wrapper"));
  ASSERT_TRUE(identity.ok());
  EXPECT_TRUE(identity->is_script);
  EXPECT_TRUE(has_file(*identity, "/w/wrapper"));
  EXPECT_TRUE(has_file(*identity, "/usr/lib/gcc/12/cc1plus"));
  edit("/w/wrapper", "#!/bin/sh\nexec g++ -O3 \"$@\"\n");
  EXPECT_NE(probe(question("/w/wrapper"))->digest, identity->digest);
}

TEST_F(IdentityTest, FilesThatAWrappersOptionsNameCount) {
  disk_.put("/usr/bin/g++", "#!/bin/sh\nexec real-g++ -fprofile-use=/data/p -fmap=/none \"$@\"\n", 0755);
  disk_.put("/data/p", "profile");
  disk_.put("/list", "list");
  compiler_.extra_lines =
      " /usr/lib/gcc/12/cc1plus -fprofile-use=/data/p \"-l\" /list -fmap=/none -dir=/data\n";
  clock_.settle();
  const Result<Identity> identity = probe();
  ASSERT_TRUE(identity.ok());
  EXPECT_TRUE(has_file(*identity, "/data/p"));
  EXPECT_TRUE(has_file(*identity, "/list"));
  EXPECT_FALSE(has_file(*identity, "/data"));
  EXPECT_TRUE(same(*identity));
  edit("/none", "appears");
  EXPECT_FALSE(same(*identity));
  disk_.delete_tree("/none");
  EXPECT_TRUE(same(*identity));
  edit("/data/p", "another profile");
  EXPECT_FALSE(same(*identity));
  EXPECT_NE(probe()->digest, identity->digest);
}

TEST_F(IdentityTest, OptionsOfAWrapperThatReadNobodyKnowsWhatAreNotSupported) {
  disk_.put("/p", "there");
  disk_.put_folder("/folder");
  for (const char* word :
       {"-fplugin=/p", "-load /p", "-fmodules-ts", "-ivfsoverlay /p", "-fprofile-use", "-fprofile-use=p",
        "-fprofile-use=/none", "-fprofile-use=/folder", "-fprofile-instrument-use-path=default.profdata"}) {
    compiler_.extra_lines = std::string(" /usr/lib/gcc/12/cc1plus -quiet ") + word + "\n";
    const Result<Identity> identity = probe();
    ASSERT_FALSE(identity.ok()) << word;
    EXPECT_EQ(identity.error().kind, ErrorKind::unsupported) << word;
  }
}

TEST_F(IdentityTest, CompilerThatFailsWhenAskedIsNotSupported) {
  compiler_.processes.set_answer([this](const FakeProcesses::Call& call) {
    Result<ProcessOutput> output = compiler_.answer(call);
    if (output.ok() && call.has("-###")) output->exit_code = 1;
    return output;
  });
  EXPECT_EQ(probe().error().kind, ErrorKind::unsupported);
}

TEST_F(IdentityTest, CompilerThatComplainsWhenAskedIsNotSupported) {
  ASSERT_TRUE(probe().ok());
  compiler_.extra_lines = "g++: error: no such file or directory: 'p.prof'\n";
  ASSERT_FALSE(probe().ok());
  EXPECT_EQ(probe().error().kind, ErrorKind::unsupported);
}

TEST_F(IdentityTest, MissingCompilerIsNotFound) {
  EXPECT_EQ(probe(question("clang++")).error().kind, ErrorKind::not_found);
  EXPECT_EQ(probe(question("/none/g++")).error().kind, ErrorKind::not_found);
}

TEST_F(IdentityTest, CompilerThatCannotBeRunOrReadIsAnError) {
  compiler_.processes.set_answer(nullptr);
  EXPECT_FALSE(probe().ok());
  compiler_.processes.set_answer([](const FakeProcesses::Call&) -> Result<ProcessOutput> {
    return Error{ErrorKind::timed_out, "hangs"};
  });
  EXPECT_EQ(probe().error().kind, ErrorKind::timed_out);
}

TEST_F(IdentityTest, EveryFailingDiskOperationIsAnErrorOrHarmless) {
  const Digest right = probe()->digest;
  for (std::uint64_t n = 0; n < 60; ++n) {
    disk_.fail_operation(n);
    const Result<Identity> identity = probe();
    disk_.fail_nothing();
    // Finding nothing where something is gives another identity; the same one must be complete.
    if (identity.ok() && identity->digest == right) {
      EXPECT_EQ(identity->files.size(), 5U) << n;
    }
  }
}

TEST_F(IdentityTest, RememberedFilesAreNotReadAgain) {
  const Result<Identity> first = probe();
  ProgramMemo memo;
  for (const ProgramFile& file : first->files) memo[file.path] = file;
  disk_.take_recorded();
  EXPECT_EQ(probe(question(), memo)->digest, first->digest);
  for (const std::string& operation : disk_.take_recorded()) {
    EXPECT_FALSE(operation == "read /lib/libc.so.6" || operation == "read /lib/ld.so") << operation;
  }
  edit("/lib/libc.so.6", "another");
  EXPECT_NE(probe(question(), memo)->digest, first->digest);
}

TEST_F(IdentityTest, FindsProgramsLikeTheShell) {
  disk_.put("/w/tool", "", 0755);
  disk_.put("/usr/bin/tool", "", 0755);
  disk_.put_folder("/usr/local/bin/tool");
  std::vector<AbsentName> passed;
  const auto find = [&](const std::string& name, const std::string& path) {
    passed.clear();
    return find_program(disk_, name, path, "/w", passed);
  };
  EXPECT_EQ(find("tool", "/usr/local/bin:/usr/bin"), "/usr/bin/tool");  // a folder is no program
  EXPECT_EQ(passed, (std::vector<AbsentName>{{"/usr/local/bin", "tool"}}));
  EXPECT_EQ(find("tool", ":/usr/bin"), "/w/tool");
  EXPECT_EQ(find("tool", "/none:"), "/w/tool");
  EXPECT_EQ(find("tool", "../usr/bin"), "/w/../usr/bin/tool");
  EXPECT_EQ(find("./tool", "/usr/bin"), "/w/./tool");
  EXPECT_EQ(find("/usr/bin/tool", ""), "/usr/bin/tool");
  EXPECT_EQ(find("absent", "/usr/bin"), "");
  EXPECT_TRUE(passed.empty());
}

TEST_F(IdentityTest, QuestionIsNamedByWhatChoosesPrograms) {
  const Digest key = identity_key(question());
  const auto changed = [&](auto change) {
    IdentityQuestion other = question();
    change(other);
    return identity_key(other) != key;
  };
  EXPECT_TRUE(changed([](IdentityQuestion& q) { q.compiler = "gcc"; }));
  EXPECT_TRUE(changed([](IdentityQuestion& q) { q.language = "c"; }));
  EXPECT_TRUE(changed([](IdentityQuestion& q) { q.arguments = {"-B/x"}; }));
  EXPECT_TRUE(changed([](IdentityQuestion& q) { q.environment = {"PATH=/usr/bin"}; }));
  EXPECT_TRUE(changed([](IdentityQuestion& q) { q.environment.emplace_back("COMPILER_PATH=/x"); }));
  EXPECT_TRUE(changed([](IdentityQuestion& q) { q.environment.emplace_back("LD_PRELOAD=/x"); }));
  EXPECT_TRUE(changed([](IdentityQuestion& q) { q.environment.emplace_back("LIBRARY_PATH=/x"); }));
  EXPECT_FALSE(changed([](IdentityQuestion& q) { q.environment.emplace_back("SHLVL=2"); }));
  EXPECT_FALSE(changed([](IdentityQuestion& q) { q.cwd = "/elsewhere"; }));
}

TEST_F(IdentityTest, FolderCountsWhereItTakesPartInTheSearch) {
  const auto key_in = [](IdentityQuestion asked, const std::string& cwd) {
    asked.cwd = cwd;
    return identity_key(asked);
  };
  IdentityQuestion relative_path = question();
  relative_path.environment = {"PATH=/usr/bin:tools"};
  IdentityQuestion empty_entry = question();
  empty_entry.environment = {"PATH=/usr/bin:"};
  for (const IdentityQuestion& asked : {question("./g++"), relative_path, empty_entry}) {
    EXPECT_NE(key_in(asked, "/a"), key_in(asked, "/b"));
  }
}

}  // namespace
}  // namespace compiler_cache
