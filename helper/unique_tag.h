// What tells this process's temporaries from those of others in the same folder.
#pragma once

#include <cstdint>
#include <string>

namespace compiler_cache {

/// 32 bits from the system's source of randomness.
std::uint32_t random_number();

/// 16 hexadecimal digits, different at each call.
std::string unique_tag();

}  // namespace compiler_cache
