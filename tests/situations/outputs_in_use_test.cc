// Outputs beyond the object, from a hit, given to the tools that read them. Each time the cache has two
// results, and what lies there before the hit is the other one.
#include "tests/situations/situation.h"

namespace compiler_cache::situations {
namespace {

class OutputsInUse : public Situation {
 protected:
  static std::string source(const std::string& name) {
    return "struct marker { int " + name + "; };\nint " + name + "(struct marker* m) { return m->" + name +
           "; }\nint main(void) {\n  struct marker m = {0};\n  return " + name + "(&m);\n}\n";
  }
  /// A result for m.c with `alpha`, one with `beta`, and then a hit that must be the first again.
  void restore_alpha(const Words& options, Compare compare) const {
    Words words = options;
    words.insert(words.end(), {"-c", "m.c", "-o", "m.o"});
    write("m.c", source("alpha"));
    expect_cached(words, {}, compare);
    write("m.c", source("beta"));
    expect("miss", words, {}, compare);
    write("m.c", source("alpha"));
    expect("hit", words, {}, compare);
  }
  void link(const Words& options) const {
    Words words = options;
    words.insert(words.end(), {"m.o", "-o", "m"});
    const Effect linked = alone(words);
    ASSERT_EQ(linked.ending.exit_code(), 0) << linked.ending.error;
  }
  static bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
  }
  /// Two runs of the same command differ where GCC makes up a number.
  Compare bytes() const { return is_gcc() ? Compare::all_but_bytes : Compare::everything; }
};
INSTANTIATE_COMPILERS(OutputsInUse);

TEST_P(OutputsInUse, the_debugger_reads_the_dwo_file) {
  if (!has_tool("gdb")) GTEST_SKIP() << "gdb is not installed";
  restore_alpha({"-g", "-gsplit-dwarf"}, bytes());
  link({"-g"});
  const Ending found = tool("gdb", {"-nx", "-batch", "-ex", "ptype struct marker", "m"});
  EXPECT_TRUE(has(found.output, "int alpha;")) << found.output << found.error;
  // And it is from there that the debugger knows.
  remove("m.dwo");
  EXPECT_FALSE(has(tool("gdb", {"-nx", "-batch", "-ex", "ptype struct marker", "m"}).output, "alpha"));
}

TEST_P(OutputsInUse, the_coverage_tool_reads_the_gcno_file) {
  const std::string reader = is_gcc() ? "gcov" : "llvm-cov";
  if (!has_tool(reader)) GTEST_SKIP() << reader << " is not installed";
  restore_alpha({"--coverage"}, bytes());
  link({"--coverage"});
  EXPECT_EQ(tool(path("m"), {}).exit_code(), 0);
  const Ending found = is_gcc() ? tool(reader, {"-f", "m.c"}) : tool(reader, {"gcov", "-f", "m.c"});
  EXPECT_TRUE(has(found.output, "Function 'alpha'\nLines executed:100.00% of 1"))
      << found.output << found.error;
}

TEST_P(OutputsInUse, the_stack_usage_is_of_this_source) {
  restore_alpha({"-fstack-usage"}, Compare::everything);
  EXPECT_TRUE(has(read("m.su"), "alpha\t")) << read("m.su");
  EXPECT_FALSE(has(read("m.su"), "beta\t"));
}

TEST_P(OutputsInUse, the_call_graph_is_of_this_source) {
  if (!is_gcc()) GTEST_SKIP() << "Clang has no -fcallgraph-info";
  restore_alpha({"-fcallgraph-info"}, Compare::everything);
  EXPECT_TRUE(has(read("m.ci"), "sourcename: \"main\" targetname: \"alpha\"")) << read("m.ci");
}

TEST_P(OutputsInUse, the_serialized_diagnostics_can_be_read) {
  if (is_gcc()) GTEST_SKIP() << "GCC has no --serialize-diagnostics";
  if (!has_tool("llvm-bcanalyzer")) GTEST_SKIP() << "llvm-bcanalyzer is not installed";
  const Words words = {"--serialize-diagnostics", "w.dia", "-c", "w.c", "-o", "w.o"};
  write("w.c", "int* alpha = 5L;\n");
  expect_cached(words);
  write("w.c", "int beta(void) { }\n");
  expect("miss", words);
  write("w.c", "int* alpha = 5L;\n");
  expect("hit", words);
  const Ending found = tool("llvm-bcanalyzer", {"-dump", "w.dia"});
  EXPECT_TRUE(has(found.output, "incompatible integer to pointer conversion")) << found.output;
}

TEST_P(OutputsInUse, the_optimization_record_can_be_read) {
  restore_alpha({"-O2", "-fsave-optimization-record"}, bytes());
  std::string record = read("m.opt.yaml");
  if (is_gcc()) {
    if (!has_tool("python3")) GTEST_SKIP() << "python3 is not installed";
    const char* const dump = "import gzip, json, sys; print(json.dumps(json.load(gzip.open(sys.argv[1]))))";
    const Ending read = tool("python3", {"-c", dump, "m.c.opt-record.json.gz"});
    EXPECT_EQ(read.exit_code(), 0) << read.error;
    record = read.output;
  }
  EXPECT_TRUE(has(record, "alpha")) << record;
  EXPECT_FALSE(has(record, "beta"));
}

}  // namespace
}  // namespace compiler_cache::situations
