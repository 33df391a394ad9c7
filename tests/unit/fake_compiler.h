// A GCC on a fake disk: its programs, and what it answers when asked about itself.
#pragma once

#include <string>
#include <vector>

#include "tests/unit/fake_file_system.h"
#include "tests/unit/fake_processes.h"

namespace compiler_cache {

/// The smallest ELF program that has an interpreter, and so shared libraries to list.
inline std::string elf_program(const std::string& content) {
  std::string bytes(64 + 56, '\0');
  bytes.replace(0, 6, "\177ELF\2\1");
  bytes[32] = 64;  // program headers begin
  bytes[54] = 56;  // size of one
  bytes[56] = 1;   // how many
  bytes[64] = 3;   // PT_INTERP
  return bytes + content;
}

struct FakeCompiler {
  explicit FakeCompiler(FakeFileSystem& files) : disk(files) {
    disk.put("/usr/bin/g++", elf_program("driver"), 0755);
    disk.put("/usr/lib/gcc/12/cc1plus", elf_program("compiler proper"), 0755);
    disk.put("/usr/bin/as", elf_program("assembler"), 0755);
    disk.put("/lib/libc.so.6", "libc");
    disk.put("/lib/ld.so", "loader");
    disk.put_folder("/usr/include");
    processes.set_answer([this](const FakeProcesses::Call& call) { return answer(call); });
  }

  Result<ProcessOutput> answer(const FakeProcesses::Call& call) const {
    if (!disk.files().contains(call.argv[0])) return Error{ErrorKind::not_found, call.argv[0]};
    ProcessOutput output;
    if (call.has_variable("LD_TRACE_LOADED_OBJECTS=1")) {
      output.standard_output = libraries;
      output.standard_error = loader_debug;
    } else if (call.has("-###")) {
      output.standard_error = "Using built-in specs.\nCOLLECT_GCC=" + call.argv[0] + "\n" + version + "\n" +
                              extra_lines +
                              " /usr/lib/gcc/12/cc1plus \"-quiet\" -o /dev/null\n as \"-o\" x.o\n";
    } else if (call.has("-print-prog-name=as")) {
      output.standard_output = assembler + "\n";
    } else if (call.has("-print-search-dirs")) {
      output.standard_output = search_folders;
    } else if (call.has("-v") && call.has("-E")) {
      output.standard_error = search_path;
    } else {
      output.exit_code = 1;
    }
    return output;
  }

  FakeFileSystem& disk;
  FakeProcesses processes;
  std::string version = "gcc version 12.2.0 (Fake)";
  std::string extra_lines;  ///< of the answer to -###
  std::string assembler = "as";
  std::string libraries =
      "\tlinux-vdso.so.1 (0x00007ffc)\n\tlibc.so.6 => /lib/libc.so.6 (0x00007f1c)\n\t/lib/ld.so "
      "(0x00007f1d)\n";
  std::string loader_debug;    ///< what LD_DEBUG=libs prints
  std::string search_folders;  ///< answer to -print-search-dirs
  std::string search_path =
      "#include \"...\" search starts here:\n#include <...> search starts here:\n /usr/include\nEnd of "
      "search "
      "list.\n";
};

}  // namespace compiler_cache
