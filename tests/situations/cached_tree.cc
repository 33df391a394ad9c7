#include "tests/situations/cached_tree.h"

#include <stdlib.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <thread>

#include "tests/situations/run.h"

namespace compiler_cache::situations {
namespace {

namespace fs = std::filesystem;

// The object behind `"name": {`, up to its end; enough for the flat objects in what `stats --json` prints.
std::string_view object_in(std::string_view json, const std::string& name) {
  const std::size_t at = json.find("\"" + name + "\": {");
  if (at == std::string_view::npos) return {};
  const std::size_t open = json.find('{', at);
  int depth = 0;
  for (std::size_t i = open; i < json.size(); ++i) {
    if (json[i] == '{') ++depth;
    if (json[i] == '}' && --depth == 0) return json.substr(open + 1, i - open - 1);
  }
  return {};
}

// The numbers of an object, those of objects inside it left out.
std::map<std::string, long> numbers_in(std::string_view object) {
  std::map<std::string, long> numbers;
  int depth = 0;
  for (std::size_t i = 0; i < object.size(); ++i) {
    if (object[i] == '{') ++depth;
    if (object[i] == '}') --depth;
    if (object[i] != '"') continue;
    const std::size_t end = object.find('"', i + 1);
    const std::string name(object.substr(i + 1, end - i - 1));
    const std::size_t value = object.find_first_not_of(": ", end + 1);
    if (depth == 0 && value < object.size() && object[value] >= '0' && object[value] <= '9') {
      numbers[name] = std::strtol(object.data() + value, nullptr, 10);
    }
    i = end;
  }
  return numbers;
}

bool runs_from(const fs::path& process, const std::string& folder) {
  std::error_code error;
  const std::string program = fs::read_symlink(process / "exe", error).string();
  return !error && program.starts_with(folder + "/");
}

}  // namespace

std::string Counts::outcome(const Counts& before, const Counts& after) {
  std::string text;
  for (const auto& [name, number] : after.numbers) {
    auto old = before.numbers.find(name);
    const long more = number - (old == before.numbers.end() ? 0 : old->second);
    if (more == 0 || name == "time_saved_ms" || name.starts_with("bytes_")) continue;
    if (name == "requests" && more == 1) continue;
    if (name == "uncacheable" && more == 1) {
      for (const auto& [reason, count] : after.reasons) {
        auto earlier = before.reasons.find(reason);
        if (count != (earlier == before.reasons.end() ? 0 : earlier->second)) text += reason;
      }
    } else if (more == 1) {
      text += name == "hits" ? "hit" : name == "misses" ? "miss" : name == "errors" ? "error" : name;
    } else {
      text += std::to_string(more) + " " + name + " more; ";
    }
  }
  return text.empty() ? "nothing was counted" : text;
}

CachedTree::CachedTree(const std::string& config) {
  std::string pattern = fs::temp_directory_path() / "situations-XXXXXX";
  if (mkdtemp(pattern.data()) == nullptr) perror("mkdtemp");
  path_ = fs::canonical(pattern);
  const std::string folder = path_ + "/.compiler-cache";
  fs::create_directories(folder + "/bin");
  fs::copy_file(LAUNCHER_PROGRAM, launcher());
  fs::copy_file(HELPER_PROGRAM, helper());
  std::ofstream(folder + "/config") << "compiler-cache-config 1\nsource_root=" << path_
                                    << "\nbuild_root=" << path_ << "\nshared_dir=\nidle_timeout=60\n"
                                    << config;
}

CachedTree::~CachedTree() {
  stop();
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

Counts CachedTree::counts() const {
  const Ending ending =
      run({{helper(), "stats", "--tree", path_, "--json"}, "/", {{"PATH", "/usr/bin:/bin"}}, 022, false});
  const std::string_view total = object_in(ending.output, "total");
  return {numbers_in(total), numbers_in(object_in(total, "uncacheable_reasons"))};
}

Counts CachedTree::counts_after(long requests) const {
  constexpr std::chrono::seconds kLimit(20);
  const auto end = std::chrono::steady_clock::now() + kLimit;
  Counts counted = counts();
  while (counted.numbers["requests"] < requests && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    counted = counts();
  }
  return counted;
}

bool CachedTree::stop() const {
  const Ending ending =
      run({{helper(), "stop", "--tree", path_}, "/", {{"PATH", "/usr/bin:/bin"}}, 022, false});
  if (ending.exit_code() != 0) return false;
  for (const fs::directory_entry& process : fs::directory_iterator("/proc")) {
    if (runs_from(process.path(), path_)) return false;
  }
  return true;
}

}  // namespace compiler_cache::situations
