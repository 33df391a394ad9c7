// Any bytes as a source: no crash, and facts that agree with each other.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "depscan/token_scan.h"

namespace {

void check(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto facts = compiler_cache::scan_c_family(text);
  for (const auto& include : facts.includes) {
    check((include.form == compiler_cache::IncludeSpelling::Form::computed) <= include.name.empty());
    check(include.name.find('\n') == std::string_view::npos);
  }
  for (const auto& probe : facts.probes) check(probe.form != compiler_cache::IncludeSpelling::Form::computed);
  check(facts.has_embed <= facts.embed);
  check(facts == compiler_cache::scan_c_family(text));
  const auto assembler = compiler_cache::scan_assembler(text);
  const auto first_half = compiler_cache::scan_assembler(text.substr(0, text.rfind('\n') + 1));
  check(first_half.incbin <= assembler.incbin && first_half.asm_include <= assembler.asm_include);
  return 0;
}
