#include "helper/unique_tag.h"

#include <random>

namespace compiler_cache {

std::uint32_t random_number() {
  static thread_local std::random_device device;
  return device();
}

std::string unique_tag() {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string tag;
  for (int word = 0; word < 2; ++word) {
    std::uint32_t bits = random_number();
    for (int digit = 0; digit < 8; ++digit, bits >>= 4) tag.push_back(kDigits[bits & 15]);
  }
  return tag;
}

}  // namespace compiler_cache
