#include "helper/environment.h"

#include <algorithm>
#include <array>

namespace compiler_cache {
namespace {

/// Variables that GCC, Clang, their assemblers or the dynamic loader below them read. PATH, COMPILER_PATH and
/// GCC_EXEC_PREFIX also choose programs; that part is the compiler identity's.
constexpr auto kKeyed = std::to_array<std::string_view>({
    "CCC_OVERRIDE_OPTIONS",
    "CLANG_CONFIG_FILE_SYSTEM_DIR",
    "CLANG_CONFIG_FILE_USER_DIR",
    "CLICOLOR_FORCE",
    "CL",
    "COMPILER_PATH",
    "CPATH",
    "CPLUS_INCLUDE_PATH",
    "C_INCLUDE_PATH",
    "EXTERNAL_INCLUDE",
    "GCC_COLORS",
    "GCC_COMPARE_DEBUG",
    "GCC_EXEC_PREFIX",
    "GCC_EXTRA_DIAGNOSTIC_OUTPUT",
    "GCC_URLS",
    "INCLUDE",
    "LANG",
    "LANGUAGE",
    "LC_ALL",
    "LC_CTYPE",
    "LC_MESSAGES",
    "LD_AUDIT",
    "LD_LIBRARY_PATH",
    "LD_PRELOAD",
    "LIB",
    "LIBRARY_PATH",
    "LOCPATH",
    "MACOSX_DEPLOYMENT_TARGET",
    "OBJCPLUS_INCLUDE_PATH",
    "NLSPATH",
    "OBJC_INCLUDE_PATH",
    "OUTPUT_CHARSET",
    "QA_OVERRIDE_GCC3_OPTIONS",
    "SDKROOT",
    "SOURCE_DATE_EPOCH",
    "TEMP",
    "TEMPDIR",
    "TERM_URLS",
    "TMP",
    "TMPDIR",
    "TZ",
    "VCINSTALLDIR",
    "VCToolsInstallDir",
    "VSLANG",
    "_CL_",
});

/// Differs from one call of the same build to the next, or from terminal to terminal, and no compiler wrapper
/// has a reason to look at it.
constexpr auto kVolatile = std::to_array<std::string_view>({
    "_",
    "BASH_EXECUTION_STRING",
    "COLUMNS",
    "DBUS_SESSION_BUS_ADDRESS",
    "DISPLAY",
    "HISTFILE",
    "INVOCATION_ID",
    "JOURNAL_STREAM",
    "LESS",
    "LINES",
    "LS_COLORS",
    "MAKEFLAGS",
    "MAKELEVEL",
    "MAKE_TERMERR",
    "MAKE_TERMOUT",
    "MFLAGS",
    "NINJA_STATUS",
    "OLDPWD",
    "PAGER",
    "PS1",
    "PWD",
    "SHLVL",
    "SSH_AGENT_PID",
    "SSH_AUTH_SOCK",
    "SSH_CLIENT",
    "SSH_CONNECTION",
    "SSH_TTY",
    "TERM",
    "TERM_PROGRAM",
    "TERM_PROGRAM_VERSION",
    "TERM_SESSION_ID",
    "TMUX",
    "TMUX_PANE",
    "VTE_VERSION",
    "WAYLAND_DISPLAY",
    "WINDOWID",
    "XAUTHORITY",
    "XDG_SESSION_ID",
});

std::string_view name_of_entry(std::string_view entry) { return entry.substr(0, entry.find('=')); }

bool is_volatile(std::string_view name) {
  return std::find(kVolatile.begin(), kVolatile.end(), name) != kVolatile.end() ||
         name.starts_with("COMPILER_CACHE_");
}

}  // namespace

std::optional<std::string_view> Environment::get(std::string_view name) const {
  for (const std::string& entry : entries_) {
    if (entry.size() > name.size() && entry[name.size()] == '=' && entry.starts_with(name)) {
      return std::string_view(entry).substr(name.size() + 1);
    }
  }
  return std::nullopt;
}

std::vector<std::string> environment_for_key(const Environment& environment, bool whole) {
  std::vector<std::string> keyed;
  if (whole) {
    for (const std::string& entry : environment.entries()) {
      if (!is_volatile(name_of_entry(entry))) keyed.push_back(entry);
    }
    std::sort(keyed.begin(), keyed.end());
    return keyed;
  }
  for (std::string_view name : kKeyed) {
    if (auto value = environment.get(name)) keyed.push_back(std::string(name) + "=" + std::string(*value));
  }
  return keyed;
}

std::vector<std::string> environment_for_link(const Environment& environment) {
  constexpr auto kPrefixes = std::to_array<std::string_view>(
      {"BFD_", "BINUTILS_", "COLLECT_", "GNUTARGET=", "LDEMULATION=", "LD_", "LLD_", "LTO_", "MOLD_"});
  std::vector<std::string> keyed = environment_for_key(environment, false);
  for (const std::string& entry : environment.entries()) {
    const bool read = std::any_of(kPrefixes.begin(), kPrefixes.end(),
                                  [&](std::string_view prefix) { return entry.starts_with(prefix); });
    if (read && std::find(keyed.begin(), keyed.end(), entry) == keyed.end()) keyed.push_back(entry);
  }
  return keyed;
}

std::vector<std::string> environment_for_probe(const Environment& environment) {
  std::vector<std::string> entries;
  for (const std::string& entry : environment.entries()) {
    const std::string_view name = name_of_entry(entry);
    const bool drop = name == "LC_ALL" || name == "LANGUAGE" || name == "DEPENDENCIES_OUTPUT" ||
                      name == "SUNPRO_DEPENDENCIES" || name == "MAKEFLAGS";
    if (!drop) entries.push_back(entry);
  }
  entries.emplace_back("LC_ALL=C");
  return entries;
}

}  // namespace compiler_cache
