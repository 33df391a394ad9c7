// The three macros that tell the time, and pieces of their names that ## can join. Internal to depscan.
#pragma once

#include <cstddef>
#include <string_view>

#include "depscan/token_scan.h"

namespace compiler_cache {

/// Sets the flags of every macro that `word` names, or begins with at least `least` bytes.
void note_time_name_or_start(std::string_view word, std::size_t least, ScanFacts& facts);
/// Sets the flags of every macro that ends in `word`, a part of at least `least` bytes.
void note_time_name_end(std::string_view word, std::size_t least, ScanFacts& facts);
/// For a text that uses ##: looks for words that could be its right-hand side, anywhere.
void note_time_name_ends_in(std::string_view text, ScanFacts& facts);
/// For a text that pastes something to "__": looks for the bare middle parts, anywhere.
void note_time_name_middles_in(std::string_view text, ScanFacts& facts);

}  // namespace compiler_cache
