// The names in `sessions`, and the only file that knows them:
//
//   s-<sequence>-<random>.lock       locked by the owner before its folder is made
//   s-<sequence>-<random>-working    the state of a running helper, or of one that crashed
//   s-<sequence>-<random>-<digest>   a finished state, never modified again
//   s-<sequence>-<random>-removed    being deleted
//
// Sequence: 10 decimal digits; random: 8 hexadecimal ones; digest: 64.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "helper/digest.h"

namespace compiler_cache {

inline constexpr std::uint64_t kMaxSessionSequence = 9'999'999'999;

/// Which session; ordered by sequence first, never by the clock.
struct SessionId {
  std::uint64_t sequence = 0;
  std::uint32_t random = 0;

  friend auto operator<=>(const SessionId&, const SessionId&) = default;
};

enum class SessionNameKind : std::uint8_t { lock, working, finished, removed };

struct SessionName {
  SessionId id;
  SessionNameKind kind = SessionNameKind::lock;
  Digest digest;  ///< of finished ones

  std::string text() const;
  /// False unless `text` is exactly what text() gives.
  static bool parse(std::string_view text, SessionName& out);
};

}  // namespace compiler_cache
