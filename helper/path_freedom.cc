#include "helper/path_freedom.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <vector>

#include "helper/path_text.h"

namespace compiler_cache {
namespace {

/// Versions from which on __builtin_FILE and std::source_location are mapped, too. Tried: 12.2 and 14.0.
constexpr int kFirstMappingGcc = 10;
constexpr int kFirstMappingClang = 13;

struct FreeOption {
  std::string_view spelling;
  bool joined = false;  ///< whatever follows
};

/// Options that put no path into a result, and need no further output. What is not here binds, so that a
/// missing row costs hits, never rightness. Those of -g, of -f...-prefix-map and of paths are elsewhere.
constexpr auto kFreeOptions = std::to_array<FreeOption>({
    {"-c"},
    {"--compile"},
    {"-x"},
    {"-std=", true},
    {"--std=", true},
    {"-ansi"},
    {"-O", true},
    {"-D", true},
    {"-U", true},
    {"-w"},
    {"-pedantic"},
    {"-pedantic-errors"},
    {"-pipe"},
    {"-pthread"},
    {"-MD"},
    {"-MMD"},
    {"-MP"},
    {"-MF"},  // of /dev/null
    {"-nostdinc"},
    {"-nostdinc++"},
    {"-nostdlib"},
    {"-nostdlibinc"},
    {"-trigraphs"},
    {"-target"},
    {"--target=", true},
    {"-stdlib=", true},
    {"--stdlib=", true},
    {"--param"},
    {"--param=", true},
    {"-Qunused-arguments"},
    {"-integrated-as"},
    {"-rdynamic"},
    {"-shared"},
    {"-static"},
    {"-static-libgcc"},
    {"-static-libstdc++"},
    {"-pie"},
    {"-no-pie"},
    {"-s"},
    {"-l", true},
    {"-p"},
    {"-pg"},
    {"-Wl,", true},
    {"-Wp,-MD"},
    {"-Wp,-MMD"},
    {"-Wp,-MP"},
    {"-Wa,--noexecstack"},
    {"-march=", true},
    {"-mcpu=", true},
    {"-mtune=", true},
    {"-mabi=", true},
    {"-mcmodel=", true},
    {"-mfpmath=", true},
    {"-mfpu=", true},
    {"-mfloat-abi=", true},
    {"-mpreferred-stack-boundary=", true},
    {"-mprefer-vector-width=", true},
    {"-mbranch-protection=", true},
    {"-mbranch-cost=", true},
    {"-mtls-dialect=", true},
    {"-mlong-double-", true},
    {"-mstack-protector-guard", true},
    {"-fPIC"},
    {"-fPIE"},
    {"-fpic"},
    {"-fpie"},
    {"-fplt"},
    {"-fno-plt"},
    {"-fexceptions"},
    {"-fno-exceptions"},
    {"-fasynchronous-unwind-tables"},
    {"-fno-asynchronous-unwind-tables"},
    {"-funwind-tables"},
    {"-fno-unwind-tables"},
    {"-frtti"},
    {"-fno-rtti"},
    {"-fstrict-aliasing"},
    {"-fno-strict-aliasing"},
    {"-fstrict-overflow"},
    {"-fno-strict-overflow"},
    {"-fwrapv"},
    {"-fno-wrapv"},
    {"-ftrapv"},
    {"-fomit-frame-pointer"},
    {"-fno-omit-frame-pointer"},
    {"-fno-optimize-sibling-calls"},
    {"-foptimize-sibling-calls"},
    {"-ffunction-sections"},
    {"-fdata-sections"},
    {"-fno-function-sections"},
    {"-fno-data-sections"},
    {"-fcommon"},
    {"-fno-common"},
    {"-fvisibility=", true},
    {"-fvisibility-inlines-hidden"},
    {"-fno-semantic-interposition"},
    {"-fsemantic-interposition"},
    {"-fstack-protector"},
    {"-fstack-protector-strong"},
    {"-fstack-protector-all"},
    {"-fno-stack-protector"},
    {"-fstack-clash-protection"},
    {"-fno-stack-clash-protection"},
    {"-fcf-protection"},
    {"-fcf-protection=", true},
    {"-fzero-call-used-regs=", true},
    {"-ftrivial-auto-var-init=", true},
    {"-fbuiltin"},
    {"-fno-builtin"},
    {"-fno-builtin-", true},
    {"-ffreestanding"},
    {"-fhosted"},
    {"-fshort-enums"},
    {"-fno-short-enums"},
    {"-fshort-wchar"},
    {"-fsigned-char"},
    {"-funsigned-char"},
    {"-fsigned-bitfields"},
    {"-fgnu89-inline"},
    {"-fno-ms-extensions"},
    {"-fpermissive"},
    {"-fchar8_t"},
    {"-fno-char8_t"},
    {"-fcoroutines"},
    {"-fconcepts"},
    {"-faligned-new"},
    {"-faligned-new=", true},
    {"-fsized-deallocation"},
    {"-fno-sized-deallocation"},
    {"-fabi-version=", true},
    {"-fthreadsafe-statics"},
    {"-fno-threadsafe-statics"},
    {"-fuse-cxa-atexit"},
    {"-fno-enforce-eh-specs"},
    {"-fnew-inheriting-ctors"},
    {"-fno-gnu-keywords"},
    {"-fno-operator-names"},
    {"-fno-implicit-templates"},
    {"-ftemplate-depth=", true},
    {"-ftemplate-depth-", true},
    {"-fconstexpr-depth=", true},
    {"-fconstexpr-steps=", true},
    {"-fconstexpr-loop-limit=", true},
    {"-fconstexpr-ops-limit=", true},
    {"-fbracket-depth=", true},
    {"-fstrict-enums"},
    {"-fdelete-null-pointer-checks"},
    {"-fno-delete-null-pointer-checks"},
    {"-fmath-errno"},
    {"-fno-math-errno"},
    {"-ffast-math"},
    {"-fno-fast-math"},
    {"-ffinite-math-only"},
    {"-fno-finite-math-only"},
    {"-funsafe-math-optimizations"},
    {"-fno-unsafe-math-optimizations"},
    {"-fassociative-math"},
    {"-freciprocal-math"},
    {"-fno-signed-zeros"},
    {"-fno-trapping-math"},
    {"-fno-rounding-math"},
    {"-frounding-math"},
    {"-ffp-contract=", true},
    {"-ffp-model=", true},
    {"-fexcess-precision=", true},
    {"-fsingle-precision-constant"},
    {"-finline"},
    {"-fno-inline"},
    {"-finline-functions"},
    {"-fno-inline-functions"},
    {"-finline-limit=", true},
    {"-fkeep-inline-functions"},
    {"-funroll-loops"},
    {"-fno-unroll-loops"},
    {"-funroll-all-loops"},
    {"-fpeel-loops"},
    {"-fvectorize"},
    {"-fno-vectorize"},
    {"-fslp-vectorize"},
    {"-ftree-vectorize"},
    {"-fno-tree-vectorize"},
    {"-ftree-slp-vectorize"},
    {"-fprefetch-loop-arrays"},
    {"-fgcse-after-reload"},
    {"-fipa-pta"},
    {"-fipa-cp-clone"},
    {"-fno-ipa-sra"},
    {"-fno-gcse"},
    {"-fno-ident"},
    {"-fident"},
    {"-fno-merge-constants"},
    {"-fmerge-all-constants"},
    {"-fno-toplevel-reorder"},
    {"-fno-reorder-functions"},
    {"-fno-jump-tables"},
    {"-fno-tree-loop-distribute-patterns"},
    {"-falign-functions=", true},
    {"-falign-loops=", true},
    {"-fno-lto"},
    {"-fno-ipa-icf"},
    {"-ftls-model=", true},
    {"-fno-zero-initialized-in-bss"},
    {"-fno-addrsig"},
    {"-fno-modules"},
    {"-fno-diagnostics-show-option"},
    {"-fdiagnostics-color"},
    {"-fdiagnostics-color=", true},
    {"-fno-diagnostics-color"},
    {"-fcolor-diagnostics"},
    {"-fno-color-diagnostics"},
    {"-fansi-escape-codes"},
    {"-fdiagnostics-show-option"},
    {"-fmessage-length=", true},
    {"-fmax-errors=", true},
    {"-ferror-limit=", true},
    {"-fmacro-backtrace-limit=", true},
    {"-ftemplate-backtrace-limit=", true},
    {"-fno-caret-diagnostics"},
    {"-fno-show-column"},
    {"-fno-elide-type"},
    {"-fdiagnostics-absolute-paths"},
    {"-fexec-charset=", true},
    {"-fwide-exec-charset=", true},
    {"-fobjc-arc"},
    {"-fblocks"},
    {"-fno-canonical-system-headers"},
});

/// Their values are paths that say where something is looked for.
constexpr auto kFreePaths = std::to_array<std::string_view>(
    {"-I", "-isystem", "-iquote", "-idirafter", "-include", "-imacros", "--sysroot=", "--sysroot",
     "-isysroot", "-B", "-L", "--gcc-toolchain=", "--include-directory=", "-resource-dir="});

constexpr std::string_view kFileMap = "-ffile-prefix-map=";
constexpr std::string_view kMacroMap = "-fmacro-prefix-map=";
constexpr std::string_view kDebugMap = "-fdebug-prefix-map=";

/// One macro, by -Wp,-DX or -Wp,-UX: what a comma parts is more than that.
bool hands_on_macro(std::string_view text) {
  constexpr std::string_view kHanded = "-Wp,-D";
  const bool macro = text.starts_with(kHanded) || text.starts_with("-Wp,-U");
  return macro && text.size() > kHanded.size() && text.find(',', kHanded.size()) == std::string_view::npos;
}

/// Beyond the families of -W and -m, of which no member without a value writes anything.
bool is_free_option(std::string_view text) {
  const bool family = text.starts_with("-W") || text.starts_with("-m");
  const bool handed_on = text.starts_with("-Wa,") || text.starts_with("-Wp,") || text.starts_with("-Wl,");
  if (family && !handed_on && text != "-mllvm" && text.find('/') == std::string_view::npos &&
      (text.starts_with("-W") || text.find('=') == std::string_view::npos))
    return true;
  if (hands_on_macro(text)) return true;
  return std::any_of(kFreeOptions.begin(), kFreeOptions.end(), [&](const FreeOption& option) {
    return option.joined ? text.starts_with(option.spelling) : text == option.spelling;
  });
}

std::string_view without_blank(std::string_view text) {
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

/// The first number of the compiler's version; 0 when it is not told.
int major_version(std::string_view name) {
  const std::size_t at = name.find("version ");
  if (at == std::string_view::npos) return 0;
  int number = 0;
  const char* const begin = name.data() + at + std::string_view("version ").size();
  std::from_chars(begin, name.data() + name.size(), number);
  return number;
}

bool is_language(Language language) {
  return language == Language::c || language == Language::cxx || language == Language::objective_c ||
         language == Language::objective_cxx;
}

class Judge {
 public:
  Judge(const ContextInput& input, const RootTokens& roots) : input_(input), roots_(roots) {}

  CommandFreedom judge() {
    if (!judge_surroundings() || !judge_options() || !judge_places()) return bound_;
    const bool macros = covered({kFileMap, kMacroMap});
    const bool debug = covered({kFileMap, kDebugMap});
    if (debug_ && !(macros && debug)) {
      bind(BoundReason::debug_information);
      return bound_;
    }
    if (!macros) return {Freedom::unmapped};
    if (!maps_everything()) {
      bind(BoundReason::old_compiler, input_.identity.name);
      return bound_;
    }
    return {Freedom::mapped};
  }

 private:
  bool bind(BoundReason reason, std::string_view detail = {}) {
    bound_ = {Freedom::bound, reason, std::string(detail)};
    return false;
  }

  bool judge_surroundings() {
    const Command& command = input_.command;
    if (!roots_.usable()) return bind(BoundReason::working_folder);
    if (input_.identity.is_script) return bind(BoundReason::compiler);
    if (speaks_msvc(command.family) || input_.identity.msvc_target) return bind(BoundReason::compiler);
    if (command.makes_precompiled_header() || !command.precompiled_headers.empty())
      return bind(BoundReason::precompiled_header);
    if (command.action != Action::compile || !is_language(command.language))
      return bind(BoundReason::language);
    if (command.records_command_line) return bind(BoundReason::option, "the command line is recorded");
    for (const OutputFile& output : command.extra_outputs) {
      // The object holds the name of its .dwo, which no map changes.
      if (output.role != OutputRole::split_dwarf || output.path.starts_with('/'))
        return bind(BoundReason::extra_output, output.path);
    }
    for (const std::string& entry : input_.keyed_environment) {
      if (roots_.mentioned_in(entry))
        return bind(BoundReason::environment, std::string_view(entry).substr(0, entry.find('=')));
    }
    return true;
  }

  bool judge_options() {
    const std::vector<KeyItem>& items = input_.command.key;
    for (std::size_t i = 0; i < items.size(); ++i) {
      const KeyItem& item = items[i];
      const std::string_view option = without_blank(item.prefix.empty() ? item.text : item.prefix);
      if (option == kFileMap || option == kMacroMap || option == kDebugMap) {
        if (++i == items.size() || !take_map(option, item.text, items[i].text)) return false;
      } else if (item.tag == KeyTag::path) {
        if (!judge_path(option, item.text)) return false;
      } else if (option.starts_with("-g")) {
        if (!take_debug(option)) return false;
      } else if (option == "language") {
        continue;
      } else if (!is_free_option(item.prefix.starts_with("-Wp,") ? item.prefix + item.text
                                                                 : std::string(option)) ||
                 roots_.mentioned_in(item.text)) {
        return bind(BoundReason::option, item.prefix + item.text);
      }
    }
    return true;
  }

  bool judge_path(std::string_view option, std::string_view path) {
    // There only where the object holds it.
    const bool relative_output = option == "-o" && !path.starts_with('/');
    const bool known =
        relative_output || std::find(kFreePaths.begin(), kFreePaths.end(), option) != kFreePaths.end();
    if (!known) return bind(BoundReason::option, std::string(option).append(path));
    if (roots_.is_below_root(path) ? roots_.to_token(path).has_value() : !roots_.mentioned_in(path))
      return true;
    return bind(BoundReason::input_place, path);
  }

  bool take_map(std::string_view option, const std::string& from, std::string_view to) {
    if (roots_.mentioned_in(to) || (!roots_.is_below_root(from) && roots_.mentioned_in(from)))
      return bind(BoundReason::option, std::string(option).append(from).append(to));
    maps_.push_back({option, from});
    return true;
  }

  bool take_debug(std::string_view option) {
    constexpr auto kOff = std::to_array<std::string_view>({"-g0", "-ggdb0"});
    constexpr auto kBinding = std::to_array<std::string_view>(
        {"-gsplit-dwarf=single", "-grecord-gcc-switches", "-grecord-command-line", "-gcodeview",
         "-gembed-source", "-gmodules"});
    if (std::find(kBinding.begin(), kBinding.end(), option) != kBinding.end())
      return bind(BoundReason::option, option);
    // GCC maps no path in the line table that the macros of -g3 need in a .dwo; compressed, none would be
    // found.
    if (splits_debug() && (option.ends_with('3') || option.starts_with("-gz")))
      return bind(BoundReason::option, option);
    debug_ = debug_ || std::find(kOff.begin(), kOff.end(), option) == kOff.end();
    return true;
  }

  bool splits_debug() const {
    const std::vector<OutputFile>& outputs = input_.command.extra_outputs;
    return std::any_of(outputs.begin(), outputs.end(),
                       [](const OutputFile& output) { return output.role == OutputRole::split_dwarf; });
  }

  bool judge_places() {
    // Another name of the working directory is written where the compiler writes one.
    if (!input_.logical_cwd.empty()) return bind(BoundReason::linked_folder, input_.logical_cwd);
    if (!roots_.is_below_root(input_.cwd) || !roots_.to_token(input_.cwd))
      return bind(BoundReason::working_folder, input_.cwd);
    if (!roots_.to_token(absolute_path(input_.cwd, input_.command.input)))
      return bind(BoundReason::input_place, input_.command.input);
    if (roots_.mentioned_in(input_.argv.front())) return bind(BoundReason::compiler, input_.argv.front());
    return true;
  }

  /// Whether maps of these kinds give both roots, and so all below them, another name.
  bool covered(std::initializer_list<std::string_view> kinds) const {
    const auto has = [&](const std::string& root) {
      return std::any_of(maps_.begin(), maps_.end(), [&](const Map& map) {
        if (std::find(kinds.begin(), kinds.end(), map.option) == kinds.end()) return false;
        // With a slash at the end it leaves the root itself as it is, which only the working directory is.
        return map.from == root || (map.from == root + "/" && root != input_.cwd);
      });
    };
    const bool build_in_source = roots_.build().starts_with(roots_.source() + "/");
    const bool source_in_build = roots_.source().starts_with(roots_.build() + "/");
    return (has(roots_.source()) || (source_in_build && has(roots_.build()))) &&
           (has(roots_.build()) || (build_in_source && has(roots_.source())));
  }

  bool maps_everything() const {
    const int first = is_clang(input_.command.family) ? kFirstMappingClang : kFirstMappingGcc;
    return major_version(input_.identity.name) >= first;
  }

  struct Map {
    std::string_view option;
    std::string from;
  };

  const ContextInput& input_;
  const RootTokens& roots_;
  CommandFreedom bound_;
  std::vector<Map> maps_;
  bool debug_ = false;
};

}  // namespace

CommandFreedom judge_command(const ContextInput& input, const RootTokens& roots) {
  return Judge(input, roots).judge();
}

}  // namespace compiler_cache
