// Any bytes as a static library: no crash, and what is counted is what is there.
#include "helper/archive_format.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "tests/unit/archive_bytes.h"

namespace {

void check(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using compiler_cache::archive_member;
  using compiler_cache::summarize_archive;
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const auto summary = summarize_archive(bytes);
  if (!summary.ok()) return 0;
  check(size >= compiler_cache::kArchiveStart.size());
  check(summary->thin == bytes.starts_with(compiler_cache::kThinArchiveStart));
  check(summary->members * archive_member("", "", {}, true).size() < size);
  if (size % 2 == 1) return 0;  // the last member's padding may be missing

  const auto longer = summarize_archive(bytes + archive_member("new/", "odd", {}, summary->thin));
  check(longer.ok() && longer->members == summary->members + 1 && longer->stamped == summary->stamped);
  const auto stamped = summarize_archive(bytes + archive_member("new/", "x", {"1"}, summary->thin));
  check(stamped.ok() && stamped->stamped);
  check(!summarize_archive(bytes + "no header").ok());
  const std::string cut = archive_member("new/", "cut off", {}, false);
  if (!summary->thin) check(!summarize_archive(bytes + cut.substr(0, cut.size() - 4)).ok());
  return 0;
}
