#include "helper/pass_through.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace compiler_cache {
namespace {

enum class Match : unsigned char { exact, prefix, next };

struct Row {
  std::string_view spelling;
  Match match;
};

template <std::size_t size>
PassThrough look_up(const std::array<Row, size>& rows, std::string_view argument) {
  for (const Row& row : rows) {
    if (row.match == Match::prefix ? argument.starts_with(row.spelling) : argument == row.spelling) {
      return row.match == Match::next ? PassThrough::takes_next : PassThrough::known;
    }
  }
  return PassThrough::refused;
}

// GNU as 2.40 and Clang's integrated assembler. Not here: -a (listings, with times in them), -o, -I (the
// depfile doesn't show what .include finds), --MD.
constexpr auto kAssembler = std::to_array<Row>({
    {"--noexecstack", Match::exact},
    {"--execstack", Match::exact},
    {"--fatal-warnings", Match::exact},
    {"--no-warn", Match::exact},
    {"--warn", Match::exact},
    {"-W", Match::exact},
    {"--no-pad-sections", Match::exact},
    {"--32", Match::exact},
    {"--64", Match::exact},
    {"--x32", Match::exact},
    {"-g", Match::exact},
    {"--gen-debug", Match::exact},
    {"--gdwarf-", Match::prefix},
    {"-gdwarf-", Match::prefix},
    {"--gstabs", Match::exact},
    {"-L", Match::exact},
    {"--keep-locals", Match::exact},
    {"-R", Match::exact},
    {"-Z", Match::exact},
    {"-J", Match::exact},
    {"-K", Match::exact},
    {"-f", Match::exact},
    {"--compress-debug-sections", Match::prefix},
    {"--nocompress-debug-sections", Match::exact},
    {"--generate-missing-build-notes=", Match::prefix},
    {"--elf-stt-common=", Match::prefix},
    {"--sectname-subst", Match::exact},
    {"--size-check=", Match::prefix},
    {"--strip-local-absolute", Match::exact},
    {"--reduce-memory-overheads", Match::exact},
    {"--hash-size=", Match::prefix},
    {"--defsym", Match::next},
    {"--divide", Match::exact},
    {"--debug-prefix-map", Match::next},
    {"-defsym", Match::next},
    {"-march=", Match::prefix},
    {"-mtune=", Match::prefix},
    {"-mcpu=", Match::prefix},
    {"-mfpu=", Match::prefix},
    {"-mfloat-abi=", Match::prefix},
    {"-mabi=", Match::prefix},
    {"-meabi=", Match::prefix},
    {"-mimplicit-it=", Match::prefix},
    {"-mrelax-relocations=", Match::prefix},
    {"-mrelax", Match::exact},
    {"-mno-relax", Match::exact},
    {"-mthumb", Match::exact},
    {"-marm", Match::exact},
    {"-EB", Match::exact},
    {"-EL", Match::exact},
    {"-mbig-obj", Match::exact},
    {"-mbranches-within-32B-boundaries", Match::exact},
    {"-malign-branch", Match::prefix},
    {"-mx86-used-note=", Match::prefix},
    {"-mshared", Match::exact},
    {"-msyntax=", Match::prefix},
    {"-mmnemonic=", Match::prefix},
    {"-mnaked-reg", Match::exact},
    {"-momit-lock-prefix=", Match::prefix},
    {"-mfence-as-lock-add=", Match::prefix},
    {"-mlfence-", Match::prefix},
    {"-msse-check=", Match::prefix},
    {"-moperand-check=", Match::prefix},
    {"-mavxscalar=", Match::prefix},
    {"-mvexwig=", Match::prefix},
    {"-mevex", Match::prefix},
    {"-mpower", Match::prefix},
    {"-maltivec", Match::exact},
    {"-many", Match::exact},
    {"-mips", Match::prefix},
});

// Bare -D and -U, with a value of their own, are left out on purpose: joined is how everyone writes them.
constexpr auto kPreprocessor = std::to_array<Row>({
    {"-MP", Match::exact},
    {"-undef", Match::exact},
    {"-trigraphs", Match::exact},
    {"-traditional", Match::exact},
    {"-P", Match::exact},
    {"-w", Match::exact},
});

// Front-end options of Clang 14 that projects hand over by -Xclang and that write nothing and read no file.
constexpr auto kFrontend = std::to_array<Row>({
    {"-disable-llvm-passes", Match::exact},
    {"-disable-llvm-optzns", Match::exact},
    {"-disable-llvm-verifier", Match::exact},
    {"-disable-lifetime-markers", Match::exact},
    {"-disable-O0-optnone", Match::exact},
    {"-disable-red-zone", Match::exact},
    {"-discard-value-names", Match::exact},
    {"-opaque-pointers", Match::exact},
    {"-no-opaque-pointers", Match::exact},
    {"-enable-noundef-analysis", Match::exact},
    {"-debug-info-kind=", Match::prefix},
    {"-dwarf-column-info", Match::exact},
    {"-gno-column-info", Match::exact},
    {"-gnu-pubnames", Match::exact},
    {"-gcodeview", Match::exact},
    {"-mconstructor-aliases", Match::exact},
    {"-mno-constructor-aliases", Match::exact},
    {"-mlong-double-128", Match::exact},
    {"-munwind-tables", Match::exact},
    {"-menable-no-infs", Match::exact},
    {"-menable-no-nans", Match::exact},
    {"-menable-unsafe-fp-math", Match::exact},
    {"-mreassociate", Match::exact},
    {"-masm-verbose", Match::exact},
    {"-fno-experimental-new-pass-manager", Match::exact},
    {"-fexperimental-new-pass-manager", Match::exact},
    {"-fexperimental-assignment-tracking", Match::prefix},
    {"-fexperimental-new-constant-interpreter", Match::exact},
    {"-fcuda-allow-variadic-functions", Match::exact},
    {"-fno-cxx-exceptions", Match::exact},
    {"-fcxx-exceptions", Match::exact},
    {"-fexceptions", Match::exact},
    {"-fno-rtti", Match::exact},
    {"-fno-wchar", Match::exact},
    {"-fwchar-type=", Match::prefix},
    {"-fno-signed-wchar", Match::exact},
    {"-fnative-half-type", Match::exact},
    {"-fnative-half-arguments-and-returns", Match::exact},
    {"-fallow-half-arguments-and-returns", Match::exact},
    {"-fdefault-calling-conv=", Match::prefix},
    {"-fcolor-diagnostics", Match::exact},
    {"-fdiagnostics-format", Match::next},
    {"-fansi-escape-codes", Match::exact},
    {"-fblocks", Match::exact},
    {"-fcoroutines-ts", Match::exact},
    {"-fconcepts-ts", Match::exact},
    {"-fchar8_t", Match::exact},
    {"-fno-char8_t", Match::exact},
    {"-fdelayed-template-parsing", Match::exact},
    {"-fno-delayed-template-parsing", Match::exact},
    {"-ffast-math", Match::exact},
    {"-ffp-contract=", Match::prefix},
    {"-fmerge-functions", Match::exact},
    {"-fmessage-length", Match::next},
    {"-fmessage-length=", Match::prefix},
    {"-fno-inline", Match::exact},
    {"-fpcc-struct-return", Match::exact},
    {"-freg-struct-return", Match::exact},
    {"-frelaxed-template-template-args", Match::exact},
    {"-fno-relaxed-template-template-args", Match::exact},
    {"-fsized-deallocation", Match::exact},
    {"-ftrivial-auto-var-init=", Match::prefix},
    {"-ftype-visibility=", Match::prefix},
    {"-ftype-visibility", Match::next},
    {"-fvisibility", Match::next},
    {"-fuse-ctor-homing", Match::exact},
    {"-fno-use-ctor-homing", Match::exact},
    {"-fwhole-program-vtables", Match::exact},
    {"-fstrict-vtable-pointers", Match::exact},
    {"-fstrict-enums", Match::exact},
    {"-fopenmp", Match::exact},
    {"-fdebug-compilation-dir=", Match::prefix},
    {"-fdebug-compilation-dir", Match::next},
    {"-fcoverage-compilation-dir=", Match::prefix},
    {"-fsanitize-address-use-after-return=", Match::prefix},
    {"-fno-math-builtin", Match::exact},
    {"-triple", Match::next},
    {"-target-cpu", Match::next},
    {"-target-feature", Match::next},
    {"-target-abi", Match::next},
    {"-mrelocation-model", Match::next},
    {"-mframe-pointer=", Match::prefix},
    {"-mthread-model", Match::next},
    {"-stack-protector", Match::next},
    {"-vectorize-loops", Match::exact},
    {"-vectorize-slp", Match::exact},
    {"-finclude-default-header", Match::exact},
    {"-W", Match::prefix},
    {"-Rpass", Match::prefix},
    {"-O", Match::prefix},
    {"-std=", Match::prefix},
});

// Optimiser options of LLVM 14. Prefixes are of passes' own settings; what writes files or prints the time
// (-info-output-file, -stats, -time-passes, -print-*, -view-*, -*-dot, -track-memory) has other names.
constexpr auto kOptimizer = std::to_array<Row>({
    {"-aarch64-", Match::prefix},
    {"-align-all-", Match::prefix},
    {"-allow-unroll-and-jam", Match::prefix},
    {"-amdgpu-", Match::prefix},
    {"-arm-", Match::prefix},
    {"-asan-", Match::prefix},
    {"-basic-aa-recphi", Match::prefix},
    {"-disable-", Match::prefix},
    {"-dse-", Match::prefix},
    {"-emulated-tls", Match::exact},
    {"-enable-constraint-elimination", Match::exact},
    {"-enable-cse-in-", Match::prefix},
    {"-enable-dfa-jump-thread", Match::prefix},
    {"-enable-gvn-hoist", Match::prefix},
    {"-enable-gvn-sink", Match::prefix},
    {"-enable-interleaved-mem-accesses", Match::prefix},
    {"-enable-load-pre", Match::prefix},
    {"-enable-loop-distribute", Match::prefix},
    {"-enable-loop-flatten", Match::prefix},
    {"-enable-loopinterchange", Match::prefix},
    {"-enable-name-compression", Match::prefix},
    {"-enable-newgvn", Match::prefix},
    {"-enable-npm-", Match::prefix},
    {"-enable-unroll-and-jam", Match::prefix},
    {"-experimental-debug-variable-locations", Match::prefix},
    {"-extra-vectorizer-passes", Match::prefix},
    {"-force-vector-", Match::prefix},
    {"-generate-arange-section", Match::prefix},
    {"-generate-type-units", Match::prefix},
    {"-gvn-", Match::prefix},
    {"-hot-cold-split", Match::prefix},
    {"-hwasan-", Match::prefix},
    {"-inline-threshold=", Match::prefix},
    {"-inlinehint-threshold=", Match::prefix},
    {"-inlinecold-threshold=", Match::prefix},
    {"-inline-cost-", Match::prefix},
    {"-inline-savings-", Match::prefix},
    {"-instcombine-", Match::prefix},
    {"-jump-table-density=", Match::prefix},
    {"-jump-threading-threshold=", Match::prefix},
    {"-large-interval-", Match::prefix},
    {"-licm-", Match::prefix},
    {"-loop-unroll", Match::prefix},
    {"-lower-", Match::prefix},
    {"-max-jump-table-size=", Match::prefix},
    {"-min-jump-table-entries=", Match::prefix},
    {"-mergefunc-", Match::prefix},
    {"-memcmp-", Match::prefix},
    {"-max-loads-per-memcmp", Match::prefix},
    {"-msan-", Match::prefix},
    {"-openmp-", Match::prefix},
    {"-polly", Match::exact},
    {"-polly-vectorizer=", Match::prefix},
    {"-polly-parallel", Match::exact},
    {"-pragma-unroll-threshold=", Match::prefix},
    {"-prefer-predicate-over-epilogue", Match::prefix},
    {"-preserve-alignment-assumptions", Match::prefix},
    {"-relax-elf-relocations", Match::prefix},
    {"-riscv-", Match::prefix},
    {"-sanitizer-coverage-", Match::prefix},
    {"-scalar-evolution-", Match::prefix},
    {"-slp-", Match::prefix},
    {"-sroa-", Match::prefix},
    {"-static-func-full-module-prefix", Match::prefix},
    {"-stackmap-version=", Match::prefix},
    {"-tail-merge-", Match::prefix},
    {"-treat-scalable-fixed-error-as-warning", Match::prefix},
    {"-tsan-", Match::prefix},
    {"-unroll-", Match::prefix},
    {"-use-unknown-locations=", Match::prefix},
    {"-vectorize-", Match::prefix},
    {"-vp-", Match::prefix},
    {"-vector-library=", Match::prefix},
    {"-x86-", Match::prefix},
});

}  // namespace

PassThrough assembler_argument(std::string_view argument) { return look_up(kAssembler, argument); }

PassThrough preprocessor_argument(std::string_view argument) {
  const bool macro = argument.starts_with("-D") || argument.starts_with("-U") || argument.starts_with("-W");
  if (macro && argument.size() > 2) return PassThrough::known;
  return look_up(kPreprocessor, argument);
}

PassThrough frontend_argument(std::string_view argument) { return look_up(kFrontend, argument); }

PassThrough optimizer_argument(std::string_view argument) {
  if (argument.starts_with("--")) argument.remove_prefix(1);
  // Passes have options such as -x86-lvi-load-dot, which write graphs, among their settings.
  for (const std::string_view word : {"dot", "dump", "file", "output", "log"}) {
    if (argument.find(word) != std::string_view::npos) return PassThrough::refused;
  }
  return look_up(kOptimizer, argument);
}

}  // namespace compiler_cache
