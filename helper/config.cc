#include "helper/config.h"

#include <charconv>
#include <limits>

#include "helper/text_split.h"

namespace compiler_cache {
namespace {

constexpr std::string_view kHeader = "compiler-cache-config 1";
constexpr std::uint64_t kMaxConfigBytes = 1U << 20;
/// A launcher that waits for longer gives up.
constexpr std::uint64_t kMaxRemoteTimeoutMs = 4000;

using Setter = bool (*)(Config& config, std::string_view value);

bool parse_number(std::string_view text, std::uint64_t& number) {
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && stop == end;
}

bool parse_size(std::string_view text, std::uint64_t& bytes) {
  constexpr std::string_view kUnits = "KMGT";
  unsigned shift = 0;
  if (!text.empty()) {
    if (const std::size_t unit = kUnits.find(text.back()); unit != std::string_view::npos) {
      shift = 10 * static_cast<unsigned>(unit + 1);
      text.remove_suffix(1);
    }
  }
  std::uint64_t number = 0;
  if (!parse_number(text, number)) return false;
  if (number > std::numeric_limits<std::uint64_t>::max() >> shift) return false;
  bytes = number << shift;
  return true;
}

bool parse_restore(std::string_view text, RestoreMode& mode) {
  constexpr struct {
    std::string_view name;
    RestoreMode mode;
  } kModes[] = {
      {"auto", RestoreMode::automatic}, {"copy", RestoreMode::copy}, {"reflink", RestoreMode::reflink}};
  for (const auto& row : kModes) {
    if (row.name != text) continue;
    mode = row.mode;
    return true;
  }
  return false;
}

bool parse_remote_mode(std::string_view text, RemoteMode& mode) {
  if (text == "read-write") {
    mode = RemoteMode::read_write;
  } else if (text == "read-only") {
    mode = RemoteMode::read_only;
  } else if (text == "ci") {
    mode = RemoteMode::write_from_ci;
  } else {
    return false;
  }
  return true;
}

/// Our files in a tree are named by absolute paths: the helper does not run where the module did.
bool parse_folder(std::string_view text, std::string& folder) {
  if (text.empty() || text.front() != '/') return false;
  folder = text;
  return true;
}

bool parse_optional_folder(std::string_view text, std::string& folder) {
  folder.clear();
  return text.empty() || parse_folder(text, folder);
}

struct Key {
  std::string_view name;
  std::string_view expected;  ///< what a value must be, for people
  Setter set;
};

constexpr Key kKeys[] = {
    {"source_root", "an absolute path",
     [](Config& config, std::string_view value) { return parse_folder(value, config.source_root); }},
    {"build_root", "an absolute path",
     [](Config& config, std::string_view value) { return parse_folder(value, config.build_root); }},
    {"shared_dir", "an absolute path or nothing",
     [](Config& config, std::string_view value) { return parse_optional_folder(value, config.shared_dir); }},
    {"max_size", "a number of bytes",
     [](Config& config, std::string_view value) { return parse_size(value, config.max_size); }},
    {"idle_timeout", "a number of seconds",
     [](Config& config, std::string_view value) { return parse_number(value, config.idle_timeout_s); }},
    {"restore", "auto, copy or reflink",
     [](Config& config, std::string_view value) { return parse_restore(value, config.restore); }},
    {"extra_root", "an absolute path",
     [](Config& config, std::string_view value) {
       return parse_folder(value, config.extra_roots.emplace_back());
     }},
    {"note_prefix", "any text",
     [](Config& config, std::string_view value) {
       config.note_prefix = value;
       return true;
     }},
    {"header_list", "depfile or notes",
     [](Config& config, std::string_view value) {
       config.notes_instead_of_depfile = value == "notes";
       return value == "notes" || value == "depfile";
     }},
    {"compile_prefix", "any text",
     [](Config& config, std::string_view value) {
       config.compile_prefix = value;
       return true;
     }},
    {"remote", "a URL",
     [](Config& config, std::string_view value) {
       config.remotes.emplace_back(value);
       return !value.empty();
     }},
    {"remote_mode", "read-write, read-only or ci",
     [](Config& config, std::string_view value) { return parse_remote_mode(value, config.remote_mode); }},
    {"remote_namespace", "any text",
     [](Config& config, std::string_view value) {
       config.remote_namespace = value;
       return !value.empty();
     }},
    {"remote_timeout", "milliseconds from 1 to 4000",
     [](Config& config, std::string_view value) {
       return parse_number(value, config.remote_timeout_ms) && config.remote_timeout_ms > 0 &&
              config.remote_timeout_ms <= kMaxRemoteTimeoutMs;
     }},
    {"remote_expiry", "a number of seconds",
     [](Config& config, std::string_view value) { return parse_number(value, config.remote_expiry_s); }},
    {"remote_project", "any text",
     [](Config& config, std::string_view value) {
       config.remote_project = value;
       return true;
     }},
    {"remote_key_file", "an absolute path or nothing",
     [](Config& config, std::string_view value) {
       return parse_optional_folder(value, config.remote_key_file);
     }},
    {"remote_credentials_file", "an absolute path or nothing",
     [](Config& config, std::string_view value) {
       return parse_optional_folder(value, config.remote_credentials_file);
     }},
    {"remote_ca_file", "an absolute path or nothing",
     [](Config& config, std::string_view value) {
       return parse_optional_folder(value, config.remote_ca_file);
     }},
    {"version", "a version",
     [](Config& config, std::string_view value) {
       config.version = value;
       return true;
     }},
};

Error bad_line(std::size_t number, const std::string& problem) {
  return {ErrorKind::invalid, "line " + std::to_string(number) + ": " + problem};
}

Status apply_line(Config& config, std::string_view line, std::size_t number) {
  const std::size_t equals = line.find('=');
  if (equals == std::string_view::npos) return bad_line(number, "expected key=value");
  const std::string_view name = line.substr(0, equals);
  const std::string_view value = line.substr(equals + 1);
  for (const Key& key : kKeys) {
    if (key.name != name) continue;
    if (key.set(config, value)) return {};
    return bad_line(number, std::string(name) + " must be " + std::string(key.expected) + ", not \"" +
                                std::string(value) + "\"");
  }
  return {};
}

}  // namespace

Result<Config> parse_config(std::string_view text, const std::string& build_root) {
  if (take_text_line(text) != kHeader) return bad_line(1, "expected \"" + std::string(kHeader) + "\"");
  Config config;
  config.build_root = build_root;
  for (std::size_t number = 2; !text.empty(); ++number) {
    const std::string_view line = take_text_line(text);
    if (line.empty()) continue;
    if (Status status = apply_line(config, line, number); !status) return status.error();
  }
  return config;
}

Result<Config> load_config(FileSystem& files, const std::string& build_root) {
  const std::string path = build_root + "/" + kTreeFolderName + "/" + kConfigName;
  Result<std::string> text = files.read(path, kMaxConfigBytes);
  if (!text) {
    if (text.error().kind != ErrorKind::not_found) return text.error();
    Config config;
    config.build_root = build_root;
    return config;
  }
  Result<Config> config = parse_config(*text, build_root);
  if (!config) return Error{config.error().kind, path + ": " + config.error().message};
  return config;
}

}  // namespace compiler_cache
