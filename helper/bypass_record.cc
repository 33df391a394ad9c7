#include "helper/bypass_record.h"

#include <array>
#include <cstdint>

#include "protocol/protocol.h"

namespace compiler_cache {
namespace {

constexpr struct {
  protocol::BypassCode code;
  BypassReason reason;
} kCodes[] = {
    {protocol::kBypassDisabled, BypassReason::disabled},
    {protocol::kBypassNoHelper, BypassReason::no_helper},
    {protocol::kBypassNoAnswer, BypassReason::no_answer},
    {protocol::kBypassBadAnswer, BypassReason::bad_answer},
    {protocol::kBypassNotOwner, BypassReason::not_owner},
};

/// A year of builds without a helper stays below; a file beyond is not ours.
constexpr std::uint64_t kMaxRecordBytes = 64U << 20;

Status count_file(FileSystem& files, const std::string& path, ReasonCounts& counts) {
  Result<std::string> codes = files.read(path, kMaxRecordBytes);
  if (!codes) return codes.error().kind == ErrorKind::not_found ? Status() : codes.status();
  for (char code : *codes) ++counts[name_of(bypass_reason_of(code))];
  return {};
}

/// Removed before it is counted: what cannot be removed would be counted again each time.
Status take_file(FileSystem& files, const std::string& path, ReasonCounts& counts) {
  ReasonCounts found;
  if (Status status = count_file(files, path, found); !status) return status;
  if (Status status = files.remove(path); !status) {
    return status.error().kind == ErrorKind::not_found ? Status() : status;
  }
  for (const auto& [name, count] : found) counts[name] += count;
  return {};
}

}  // namespace

BypassReason bypass_reason_of(char code) {
  for (const auto& row : kCodes) {
    if (static_cast<char>(row.code) == code) return row.reason;
  }
  return BypassReason::other;
}

Result<ReasonCounts> peek_bypassed(FileSystem& files, const std::string& folder) {
  ReasonCounts counts;
  for (const char* name : {protocol::kBypassedFoldingName, protocol::kBypassedName}) {
    if (Status status = count_file(files, folder + "/" + name, counts); !status) return status.error();
  }
  return counts;
}

Result<ReasonCounts> fold_bypassed(FileSystem& files, const std::string& folder) {
  const std::string folding = folder + "/" + protocol::kBypassedFoldingName;
  ReasonCounts counts;
  // A helper that died while folding left this behind; the rename below would overwrite it.
  if (Status status = take_file(files, folding, counts); !status) return status.error();
  if (Status status = files.rename(folder + "/" + protocol::kBypassedName, folding); !status) {
    // What was taken is gone from the disk, so it must be returned whatever comes after.
    if (status.error().kind == ErrorKind::not_found || !counts.empty()) return counts;
    return status.error();
  }
  if (Status status = take_file(files, folding, counts); !status && counts.empty()) return status.error();
  return counts;
}

}  // namespace compiler_cache
