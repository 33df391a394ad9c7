// Rows that every table of options has many of.
#pragma once

#include "helper/option_table.h"

namespace compiler_cache::option_rows {

constexpr OptionRow refused(std::string_view spelling, ValueStyle style, Families families,
                            UncacheableReason reason) {
  return {spelling, style, families, Effect::refuse, reason};
}

constexpr OptionRow folder(std::string_view spelling, ValueStyle style, Families families,
                           SearchFolderKind kind) {
  return {spelling, style, families, Effect::search_folder, UncacheableReason::unknown_option, kind};
}

}  // namespace compiler_cache::option_rows
