// A BLAKE2b-256 value: the name of a blob, a content, a context, a variant. How it is computed is in
// hasher.h.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <string>
#include <string_view>

namespace compiler_cache {

struct Digest {
  static constexpr std::size_t kSize = 32;
  std::array<std::uint8_t, kSize> bytes{};

  friend auto operator<=>(const Digest&, const Digest&) = default;

  bool is_zero() const { return *this == Digest{}; }

  /// 64 lower-case hexadecimal characters.
  std::string hex() const {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string text;
    text.reserve(2 * kSize);
    for (std::uint8_t byte : bytes) {
      text.push_back(kDigits[byte >> 4]);
      text.push_back(kDigits[byte & 15]);
    }
    return text;
  }

  /// False unless `text` is exactly 64 lower-case hexadecimal characters.
  static bool parse(std::string_view text, Digest& out) {
    if (text.size() != 2 * kSize) return false;
    auto nibble = [](char c) {
      return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    };
    for (std::size_t i = 0; i < kSize; ++i) {
      const int high = nibble(text[2 * i]);
      const int low = nibble(text[2 * i + 1]);
      if (high < 0 || low < 0) return false;
      out.bytes[i] = static_cast<std::uint8_t>(high << 4 | low);
    }
    return true;
  }

  /// Its beginning, where telling apart what one tree has is enough.
  std::uint64_t beginning() const {
    std::uint64_t number = 0;
    std::memcpy(&number, bytes.data(), sizeof number);
    return number;
  }

  /// The 32 bytes as they are, for encoding.
  std::string_view view() const { return {reinterpret_cast<const char*>(bytes.data()), kSize}; }

  /// False unless `raw` has exactly 32 bytes.
  static bool from_bytes(std::string_view raw, Digest& out) {
    if (raw.size() != kSize) return false;
    std::memcpy(out.bytes.data(), raw.data(), kSize);
    return true;
  }
};

}  // namespace compiler_cache

template <>
struct std::hash<compiler_cache::Digest> {
  std::size_t operator()(const compiler_cache::Digest& digest) const noexcept {
    std::size_t value;
    std::memcpy(&value, digest.bytes.data(), sizeof value);
    return value;
  }
};
