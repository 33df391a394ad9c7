#include "helper/context_key.h"

#include <algorithm>
#include <array>

namespace compiler_cache {
namespace {

/// Raised when the meaning of a key item, or of a variant, changes.
constexpr std::uint64_t kKeyVersion = 7;
/// The same for results that any folder may use. Those carry kKeyVersion, too.
constexpr std::uint64_t kPathFreeVersion = 2 + 1000 * kKeyVersion;

bool below(std::string_view path, std::string_view root) {
  return !root.empty() && path.starts_with(root) && (path.size() == root.size() || path[root.size()] == '/');
}

/// A path with the root that it lies below replaced by that root's token: which folder the root is enters the
/// key once, in the binding.
void add_path(Hasher& hasher, const ContextInput& input, std::string_view path) {
  if (below(path, input.build_root)) {
    hasher.item("build", path.substr(input.build_root.size()));
  } else if (below(path, input.source_root)) {
    hasher.item("source", path.substr(input.source_root.size()));
  } else {
    hasher.item("path", path);
  }
}

void add_command(Hasher& hasher, const ContextInput& input) {
  const Command& command = input.command;
  hasher.item("language", static_cast<std::uint64_t>(command.language));
  hasher.item("action", static_cast<std::uint64_t>(command.action));
  hasher.item("depfile",
              static_cast<std::uint64_t>(command.depfile.empty() ? DepfileMode::none : command.depfile_mode));
  hasher.item("phony", command.phony_targets ? 1 : 0);
  hasher.item("items", command.key.size());
  for (const KeyItem& item : command.key) {
    hasher.item("prefix", item.prefix);
    if (item.tag == KeyTag::path) {
      add_path(hasher, input, item.text);
    } else {
      hasher.item("flag", item.text);
    }
  }
  hasher.item("input", "");
  add_path(hasher, input, command.input);
  hasher.item("extra outputs", command.extra_outputs.size());
  for (const OutputFile& output : command.extra_outputs)
    hasher.item("role", static_cast<std::uint64_t>(output.role));
  if (!command.records_command_line) return;
  hasher.item("argv", input.argv.size());
  for (const std::string& argument : input.argv) hasher.item("argument", argument);
  // And what response files hold.
  hasher.item("expanded", command.expanded_argv.size());
  for (const std::string& argument : command.expanded_argv) hasher.item("argument", argument);
}

/// Everything but the binding.
void add_unbound(Hasher& hasher, const ContextInput& input) {
  hasher.item("compiler", input.identity.digest.view());
  // The driver's own name decides its language and lands in some objects.
  hasher.item("argv[0]", input.argv.front());
  add_command(hasher, input);
  hasher.item("colored", input.colored ? 1 : 0).item("native", input.native_machine);
  hasher.item("environment", input.keyed_environment.size());
  for (const std::string& entry : input.keyed_environment) hasher.item("variable", entry);
}

}  // namespace

Digest context_key(const ContextInput& input) {
  Hasher hasher;
  hasher.item("compiler-cache context", kKeyVersion);
  add_unbound(hasher, input);
  // The binding: where all this lies.
  hasher.item("cwd", input.cwd).item("PWD", input.logical_cwd);
  hasher.item("source root", input.source_root).item("build root", input.build_root);
  return hasher.finish();
}

Digest path_free_key(const ContextInput& input, std::string_view layout) {
  Hasher hasher;
  hasher.item("compiler-cache path-free context", kPathFreeVersion);
  add_unbound(hasher, input);
  hasher.item("cwd", "");
  add_path(hasher, input, input.cwd);
  // What a map of one root makes of the other, where that lies in it.
  hasher.item("layout", layout);
  return hasher.finish();
}

std::string native_machine_text(std::string_view cpuinfo) {
  constexpr auto kKept = std::to_array<std::string_view>(
      {"vendor_id", "cpu family", "model", "model name", "stepping", "cache size", "flags", "Features",
       "CPU implementer", "CPU architecture", "CPU variant", "CPU part", "isa", "cpu"});
  std::string text;
  while (!cpuinfo.empty()) {
    const std::size_t end = std::min(cpuinfo.find('\n'), cpuinfo.size());
    const std::string_view line = cpuinfo.substr(0, end);
    if (line.empty()) break;  // the first processor ends here
    std::string_view name = line.substr(0, line.find(':'));
    while (name.ends_with(' ') || name.ends_with('\t')) name.remove_suffix(1);
    if (std::find(kKept.begin(), kKept.end(), name) != kKept.end()) text.append(line).append("\n");
    cpuinfo.remove_prefix(std::min(end + 1, cpuinfo.size()));
  }
  return text;
}

}  // namespace compiler_cache
