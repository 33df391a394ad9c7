#include "helper/options_linker.h"

#include <algorithm>
#include <array>

namespace compiler_cache {
namespace {

using enum LinkerEffect;
using enum LinkerValue;

// Not here, on purpose: what prints (--verbose, --trace, --stats, --print-map, --cref), what reads or writes
// more than it names (--plugin, --plugin-opt, --reproduce, --thinlto-cache-dir, --out-implib), relocatable
// output.
constexpr auto kOptions = std::to_array<LinkerOption>({
    {"add-needed"},
    {"allow-multiple-definition"},
    {"allow-shlib-undefined"},
    {"apply-dynamic-relocs"},
    {"as-needed"},
    {"Bdynamic"},
    {"Bno-symbolic"},
    {"Bstatic"},
    {"Bsymbolic"},
    {"Bsymbolic-functions"},
    {"Bsymbolic-non-weak-functions"},
    {"build-id", optional},
    {"check-sections"},
    {"color-diagnostics", optional},
    {"compress-debug-sections", needed},
    {"copy-dt-needed-entries"},
    {"defsym", needed},
    {"demangle", optional},
    {"dependency-file", needed, list},
    {"detect-odr-violations"},
    {"disable-new-dtags"},
    {"discard-all"},
    {"discard-locals"},
    {"discard-none"},
    {"dynamic-linker", needed},
    {"dynamic-list", needed, input},
    {"dynamic-list-cpp-new"},
    {"dynamic-list-cpp-typeinfo"},
    {"dynamic-list-data"},
    {"eh-frame-hdr"},
    {"emit-relocs"},
    {"enable-new-dtags"},
    {"end-group"},
    {"entry", needed},
    {"exclude-libs", needed},
    {"export-dynamic"},
    {"export-dynamic-symbol", needed},
    {"export-dynamic-symbol-list", needed, input},
    {"fatal-warnings"},
    {"fini", needed},
    {"gc-sections"},
    {"gdb-index"},
    {"hash-style", needed},
    {"icf", needed},
    {"image-base", needed},
    {"init", needed},
    {"just-symbols", needed, input},
    {"Map", needed, map},
    {"nmagic"},
    {"no-add-needed"},
    {"no-allow-shlib-undefined"},
    {"no-apply-dynamic-relocs"},
    {"no-as-needed"},
    {"no-check-sections"},
    {"no-color-diagnostics"},
    {"no-copy-dt-needed-entries"},
    {"no-demangle"},
    {"no-detect-odr-violations"},
    {"no-dynamic-linker"},
    {"no-eh-frame-hdr"},
    {"no-export-dynamic"},
    {"no-fatal-warnings"},
    {"no-gc-sections"},
    {"no-gdb-index"},
    {"no-keep-memory"},
    {"no-ld-generated-unwind-info"},
    {"no-omagic"},
    {"no-pie"},
    {"no-relax"},
    {"no-rosegment"},
    {"no-threads"},
    {"no-undefined"},
    {"no-undefined-version"},
    {"no-warn-execstack"},
    {"no-warn-mismatch"},
    {"no-warn-rwx-segments"},
    {"no-warn-symbol-ordering"},
    {"no-whole-archive"},
    {"omagic"},
    {"orphan-handling", needed},
    {"pack-dyn-relocs", needed},
    {"pic-executable"},
    {"pie"},
    {"pop-state"},
    {"push-state"},
    {"reduce-memory-overheads"},
    {"relax"},
    {"require-defined", needed},
    {"retain-symbols-file", needed, input},
    {"rosegment"},
    {"rpath", needed, folder},
    {"rpath-link", needed, folder},
    {"script", needed, input},
    {"section-ordering-file", needed, input},
    {"section-start", needed},
    {"shared"},
    {"soname", needed},
    {"sort-common", optional},
    {"sort-section", needed},
    {"start-group"},
    {"static"},
    {"strip-all"},
    {"strip-debug"},
    {"symbol-ordering-file", needed, input},
    {"Tbss", needed},
    {"Tdata", needed},
    {"Ttext", needed},
    {"Ttext-segment", needed},
    {"Trodata-segment", needed},
    {"thread-count", needed},
    {"threads", optional},
    {"undefined", needed},
    {"undefined-version"},
    {"unresolved-symbols", needed},
    {"version-script", needed, input},
    {"warn-alternate-em"},
    {"warn-common"},
    {"warn-execstack"},
    {"warn-once"},
    {"warn-rwx-segments"},
    {"warn-shared-textrel"},
    {"warn-symbol-ordering"},
    {"warn-unresolved-symbols"},
    {"whole-archive"},
    {"wrap", needed},
});

// With one dash only.
constexpr auto kLetters = std::to_array<LinkerOption>({
    {"(", none},
    {")", none},
    {"E", none},
    {"N", none},
    {"O", joined},
    {"S", none},
    {"T", joined, input},
    {"X", none},
    {"e", joined},
    {"h", joined},
    {"m", joined},
    {"n", none},
    {"q", none},
    {"s", none},
    {"u", joined},
    {"x", none},
    {"z", joined},
});

FoundLinkerOption found(const LinkerOption& option, std::string_view rest) {
  const bool has_value = rest.starts_with('=');
  switch (option.value) {
    case none:
      return has_value ? FoundLinkerOption{} : FoundLinkerOption{&option, {}, false};
    case optional:
      return {&option, has_value ? rest.substr(1) : rest, false};
    case needed:
      return {&option, has_value ? rest.substr(1) : rest, !has_value};
    case joined:
      return {&option, rest, rest.empty()};
  }
  return {};
}

}  // namespace

FoundLinkerOption find_linker_option(std::string_view word) {
  if (word.size() < 2 || word.front() != '-') return {};
  const bool two = word[1] == '-';
  const std::string_view text = word.substr(two ? 2 : 1);
  const std::string_view name = text.substr(0, text.find('='));
  const auto option = std::find_if(kOptions.begin(), kOptions.end(),
                                   [&](const LinkerOption& row) { return row.name == name; });
  if (option != kOptions.end()) return found(*option, text.substr(name.size()));
  // lld's -mllvm hands the next word to LLVM.
  if (two || name == "mllvm") return {};
  const auto letter = std::find_if(kLetters.begin(), kLetters.end(), [&](const LinkerOption& row) {
    return text.starts_with(row.name) && (row.value == joined || text.size() == row.name.size());
  });
  return letter == kLetters.end() ? FoundLinkerOption{} : found(*letter, text.substr(letter->name.size()));
}

}  // namespace compiler_cache
