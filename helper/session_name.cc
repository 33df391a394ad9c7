#include "helper/session_name.h"

#include <cstdio>

namespace compiler_cache {
namespace {

constexpr std::string_view kPrefix = "s-";
constexpr std::size_t kSequenceDigits = 10;
constexpr std::size_t kRandomDigits = 8;
constexpr std::string_view kLockSuffix = ".lock";
constexpr std::string_view kWorkingSuffix = "-working";
constexpr std::string_view kRemovedSuffix = "-removed";

/// False unless `text` is digits of `base` (lower case) only.
bool parse_number(std::string_view text, unsigned base, std::uint64_t& out) {
  out = 0;
  for (const char c : text) {
    unsigned digit = base;
    if (c >= '0' && c <= '9') digit = static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'f') digit = static_cast<unsigned>(c - 'a') + 10;
    if (digit >= base) return false;
    out = out * base + digit;
  }
  return true;
}

}  // namespace

std::string SessionName::text() const {
  char start[32];
  std::snprintf(start, sizeof start, "s-%010llu-%08x", static_cast<unsigned long long>(id.sequence),
                id.random);
  switch (kind) {
    case SessionNameKind::lock:
      return std::string(start).append(kLockSuffix);
    case SessionNameKind::working:
      return std::string(start).append(kWorkingSuffix);
    case SessionNameKind::removed:
      return std::string(start).append(kRemovedSuffix);
    case SessionNameKind::finished:
      break;
  }
  return std::string(start) + "-" + digest.hex();
}

bool SessionName::parse(std::string_view text, SessionName& out) {
  constexpr std::size_t kRandomOffset = kPrefix.size() + kSequenceDigits + 1;
  constexpr std::size_t kSuffixOffset = kRandomOffset + kRandomDigits;
  if (text.size() <= kSuffixOffset || !text.starts_with(kPrefix) || text[kRandomOffset - 1] != '-')
    return false;
  SessionName name;
  std::uint64_t random = 0;
  if (!parse_number(text.substr(kPrefix.size(), kSequenceDigits), 10, name.id.sequence) ||
      !parse_number(text.substr(kRandomOffset, kRandomDigits), 16, random)) {
    return false;
  }
  name.id.random = static_cast<std::uint32_t>(random);
  const std::string_view suffix = text.substr(kSuffixOffset);
  if (suffix == kLockSuffix) {
    name.kind = SessionNameKind::lock;
  } else if (suffix == kWorkingSuffix) {
    name.kind = SessionNameKind::working;
  } else if (suffix == kRemovedSuffix) {
    name.kind = SessionNameKind::removed;
  } else {
    name.kind = SessionNameKind::finished;
    if (suffix[0] != '-' || !Digest::parse(suffix.substr(1), name.digest)) return false;
  }
  out = name;
  return true;
}

}  // namespace compiler_cache
