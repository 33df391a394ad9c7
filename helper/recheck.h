// Recheck mode: a compile that could have been a hit is run all the same, and what it wrote is held against
// what the cache would have handed out. A difference means that a hit would have been wrong.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "helper/artifact.h"
#include "helper/capture.h"
#include "helper/digest.h"
#include "helper/variant.h"

namespace compiler_cache {

/// Name of the variable in a compile's environment: the share of hits that are compiled again, in percent.
inline constexpr char kRecheckVariable[] = "COMPILER_CACHE_RECHECK";

/// 0 to 100, in digits alone; nothing for any other text. Empty is 0, as if the variable were not set.
std::optional<unsigned> recheck_percent(std::string_view text);

/// Chooses that share of the hits, evenly and always the same ones: each 4th of 25 %.
class RecheckShare {
 public:
  bool take(unsigned percent) {
    credit_ += percent;
    if (credit_ < 100) return false;
    credit_ -= 100;
    return true;
  }

 private:
  unsigned credit_ = 0;
};

/// What a hit would have given.
struct Recheck {
  struct Output {
    OutputRole role = OutputRole::object;
    Digest digest;
  };

  Variant kept;                 ///< the entry, so that it can be found again
  std::vector<Output> outputs;  ///< the depfile as it would be for this request
  /// The compiler itself writes other bytes each time: what it compiles to cannot be compared. Depfile,
  /// diagnostics and which files there are still can.
  bool bytes_vary = false;
};

/// What differs, for people: "the object", "standard error". Empty when nothing does.
std::string recheck_difference(const Recheck& recheck, const std::vector<CapturedOutput>& found,
                               std::string_view standard_output, std::string_view standard_error);

/// What a variant is the result of: context and inputs. Two with the same claim cannot both be right unless
/// they have the same result.
Digest claim_of(const Digest& context, const Variant& variant);

}  // namespace compiler_cache
