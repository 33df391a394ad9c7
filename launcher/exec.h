// Becoming the compiler.
#pragma once

namespace compiler_cache::launcher {

/// Looks argv[0] up in PATH and executes it, as a shell would: a file that the kernel cannot execute is run
/// by /bin/sh. Returns only on failure, with the errno to report. Safe in a vfork'ed child.
int try_exec(char** argv);

/// Says why `name` cannot be run, and gives the exit status that shells give for it.
int report_cannot_run(const char* name, int error);

/// The compiler in this process's place; ends the process in any case.
[[noreturn]] void exec_compiler(char** argv);

}  // namespace compiler_cache::launcher
