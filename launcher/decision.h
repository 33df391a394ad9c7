// What a launcher may decide, one row each: the log's words and the byte that the helper counts it by.
#pragma once

#include "protocol/protocol.h"

namespace compiler_cache::launcher {

enum class Decision {
  disabled,
  no_tree,
  no_cwd,
  compile_check,
  closed_stdio,
  stalled,
  not_owner,
  no_helper,
  no_answer,
  bad_answer,
  too_large,
  told_to_run,
  restore_failed,
  not_for_the_cache,
  hit,
  miss,
};

struct DecisionRow {
  Decision decision;
  const char* what;  ///< stable, for the log
  const char* why;   ///< a sentence for people
  uint8_t bypass;    ///< a BypassCode, or 0: the helper has counted it, or it is none of its business
};

const DecisionRow& row_of(Decision decision);

/// Appends one line to the file that COMPILER_CACHE_LOG names, if it is set: pid, what, why, `detail` (may be
/// empty).
void log_decision(const DecisionRow& row, const char* detail);

}  // namespace compiler_cache::launcher
