// Little-endian numbers in strings, for the formats on disk.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace compiler_cache {

inline void put_little_endian(std::string& out, std::uint64_t value, int size) {
  for (int i = 0; i < size; ++i) out.push_back(static_cast<char>(value >> (8 * i) & 0xff));
}
inline void put_u32(std::string& out, std::uint32_t value) { put_little_endian(out, value, 4); }
inline void put_u64(std::string& out, std::uint64_t value) { put_little_endian(out, value, 8); }

/// The first `size` bytes of `bytes`, which must have them.
inline std::uint64_t get_little_endian(std::string_view bytes, int size) {
  std::uint64_t value = 0;
  if constexpr (std::endian::native == std::endian::little) {  // sessions have millions of these
    std::memcpy(&value, bytes.data(), static_cast<std::size_t>(size));
    return value;
  }
  for (int i = 0; i < size; ++i) {
    value |= std::uint64_t{static_cast<unsigned char>(bytes[static_cast<std::size_t>(i)])} << (8 * i);
  }
  return value;
}
inline std::uint32_t get_u32(std::string_view bytes) {
  return static_cast<std::uint32_t>(get_little_endian(bytes, 4));
}
inline std::uint64_t get_u64(std::string_view bytes) { return get_little_endian(bytes, 8); }

}  // namespace compiler_cache
