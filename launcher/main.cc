// compiler-cache-launcher [--archive LIBRARY RANLIB | --link] PROGRAM ARGUMENT...
//
// Asks the build tree's helper for the result of this compile, archive or link (step.h) and puts it in place,
// or runs the program. Whatever goes wrong ends in running the program, as if the launcher were not there; it
// prints nothing of its own.
//
// C headers and kernel interfaces only: starting is most of what a hit costs, and the C++ library would
// double it.
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "launcher/answer.h"
#include "launcher/compile.h"
#include "launcher/compile_check.h"
#include "launcher/connection.h"
#include "launcher/decision.h"
#include "launcher/helper_start.h"
#include "launcher/request.h"
#include "launcher/restore.h"
#include "launcher/step.h"
#include "launcher/tree.h"

namespace compiler_cache::launcher {
namespace {

constexpr char kUsage[] =
    "usage: compiler-cache-launcher [--archive LIBRARY RANLIB | --link] PROGRAM ARGUMENT...\n";
constexpr char kVersionLine[] = "compiler-cache-launcher " COMPILER_CACHE_VERSION "\n";
constexpr int kUsageError = 2;

int print(int descriptor, const char* text, int exit_code) {
  [[maybe_unused]] const ssize_t written = write(descriptor, text, strlen(text));
  return exit_code;
}

bool is_disabled() {
  const char* value = getenv("COMPILER_CACHE_DISABLE");
  return value != nullptr && value[0] != '\0' && strcmp(value, "0") != 0;
}

// Why the helper is not asked, or what came of asking. `*exit_code` is set after a hit or a miss.
Decision decide(const Tree& tree, const Step& step, Text<512>* detail, int* exit_code) {
  static char cwd[PATH_MAX];
  if (getcwd(cwd, sizeof cwd) == nullptr || cwd[0] != '/') return Decision::no_cwd;
  if (is_compile_check(step.argv, cwd)) return Decision::compile_check;

  Connection connection;
  Decision why = Decision::no_helper;
  if (!reach_helper(tree, cwd, &connection, &why)) return why;
  const Asked asked = send_request(step, cwd, &connection);
  if (asked == Asked::too_large) return Decision::too_large;

  if (!connection.is_answering(tree)) return Decision::stalled;
  static Message message;
  // The helper may have refused before it had read all of the question, so listen even when it was cut short.
  const Receipt receipt = connection.receive(&message);
  if (receipt == Receipt::invalid) return Decision::bad_answer;
  if (receipt == Receipt::timed_out) tree.mark_stalled();
  if (receipt != Receipt::received) return Decision::no_answer;

  const Answer answer = decode_answer(message);
  switch (answer.kind) {
    case AnswerKind::invalid:
      return Decision::bad_answer;
    case AnswerKind::run:
      detail->add(answer.reason);
      return Decision::told_to_run;
    case AnswerKind::hit:
      if (!restore(answer.hit, &connection, detail)) return Decision::restore_failed;
      *exit_code = answer.hit.exit_code;
      return Decision::hit;
    case AnswerKind::miss:
      log_decision(row_of(Decision::miss), step.argv[0]);
      if (!compile(step, answer.miss, &connection, detail, exit_code)) return Decision::not_for_the_cache;
      return Decision::miss;
  }
  return Decision::bad_answer;
}

int launch(const char* typed_name, const Step& step) {
  Tree tree;
  const bool in_tree = tree.find(typed_name);
  Text<512> detail;
  int exit_code = 0;
  Decision decision = Decision::no_tree;
  if (is_disabled()) {
    decision = Decision::disabled;
  } else if (in_tree) {
    decision = decide(tree, step, &detail, &exit_code);
  }
  const DecisionRow& row = row_of(decision);
  if (decision == Decision::miss) return exit_code;
  log_decision(row, detail.c_str());
  if (decision == Decision::hit) return exit_code;
  if (in_tree && row.bypass != 0 && step.kind == StepKind::compile)
    tree.record_bypass(static_cast<protocol::BypassCode>(row.bypass));
  run_in_place(step);
}

int run(int argc, char** argv) {
  if (argc == 2 && strcmp(argv[1], "--version") == 0) return print(STDOUT_FILENO, kVersionLine, 0);
  Step step;
  if (!parse_step(argc, argv, &step)) return print(STDERR_FILENO, kUsage, kUsageError);
  return launch(argv[0], step);
}

}  // namespace
}  // namespace compiler_cache::launcher

int main(int argc, char** argv) { _exit(compiler_cache::launcher::run(argc, argv)); }
