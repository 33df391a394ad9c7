// The context key: which compile this is, without the content of its inputs. docs/key.md argues item by item
// why it is enough.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "helper/command.h"
#include "helper/digest.h"
#include "helper/hasher.h"
#include "helper/identity.h"

namespace compiler_cache {

struct ContextInput {
  const Identity& identity;
  const Command& command;
  const std::vector<std::string>& argv;               ///< as it came
  const std::vector<std::string>& keyed_environment;  ///< see environment_for_key
  std::string_view cwd;
  std::string_view logical_cwd;  ///< $PWD, when the compiler would believe it; else empty
  std::string_view source_root;
  std::string_view build_root;
  bool colored = false;             ///< the compiler is told to colour its diagnostics
  std::string_view native_machine;  ///< what `-march=native` means here; empty when the command does not ask
};

Digest context_key(const ContextInput& input);

/// The key of a result that other folders may use, of a command that path_freedom allows it: without the
/// binding. `layout`: RootTokens::layout().
Digest path_free_key(const ContextInput& input, std::string_view layout);

/// What /proc/cpuinfo says of the first processor that can change what `native` means.
std::string native_machine_text(std::string_view cpuinfo);

}  // namespace compiler_cache
