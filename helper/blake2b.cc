#include "helper/blake2b.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

namespace compiler_cache {
namespace {

using Word = std::uint64_t;

constexpr std::array<Word, 8> kInitial{0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b,
                                       0xa54ff53a5f1d36f1, 0x510e527fade682d1, 0x9b05688c2b3e6c1f,
                                       0x1f83d9abfb41bd6b, 0x5be0cd19137e2179};
/// Digest length, fan-out and depth of one; the key's length comes into the second byte.
constexpr Word kParameters = 0x01010000 ^ Blake2b::kResult;

constexpr std::size_t kRounds = 12;
constexpr std::uint8_t kOrder[10][16] = {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
                                         {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
                                         {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
                                         {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
                                         {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
                                         {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
                                         {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
                                         {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
                                         {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
                                         {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0}};

Word little_endian(Word word) {
  if constexpr (std::endian::native == std::endian::little) return word;
  Word swapped = 0;
  for (int i = 0; i < 8; ++i) swapped = swapped << 8 | (word >> 8 * i & 0xff);
  return swapped;
}

inline void mix(Word& a, Word& b, Word& c, Word& d, Word x, Word y) {
  a += b + x;
  d = std::rotr(d ^ a, 32);
  c += d;
  b = std::rotr(b ^ c, 24);
  a += b + y;
  d = std::rotr(d ^ a, 16);
  c += d;
  b = std::rotr(b ^ c, 63);
}

/// Its order known to the compiler, a round needs no look into the table.
template <std::size_t kRound>
inline void round(Word (&v)[16], const Word (&m)[16]) {
  constexpr const std::uint8_t(&order)[16] = kOrder[kRound % 10];
  mix(v[0], v[4], v[8], v[12], m[order[0]], m[order[1]]);
  mix(v[1], v[5], v[9], v[13], m[order[2]], m[order[3]]);
  mix(v[2], v[6], v[10], v[14], m[order[4]], m[order[5]]);
  mix(v[3], v[7], v[11], v[15], m[order[6]], m[order[7]]);
  mix(v[0], v[5], v[10], v[15], m[order[8]], m[order[9]]);
  mix(v[1], v[6], v[11], v[12], m[order[10]], m[order[11]]);
  mix(v[2], v[7], v[8], v[13], m[order[12]], m[order[13]]);
  mix(v[3], v[4], v[9], v[14], m[order[14]], m[order[15]]);
}

template <std::size_t... kRound>
inline void all_rounds(Word (&v)[16], const Word (&m)[16], std::index_sequence<kRound...>) {
  (round<kRound>(v, m), ...);
}

}  // namespace

Blake2b::Blake2b(std::string_view key) : state_(kInitial) {
  key = key.substr(0, kLongestKey);
  state_[0] ^= kParameters ^ Word { key.size() } << 8;
  if (key.empty()) return;
  std::array<char, kBlock> block{};
  key.copy(block.data(), key.size());
  update({block.data(), block.size()});
}

void Blake2b::compress(const std::uint8_t* block, bool last) {
  Word m[16];
  std::memcpy(m, block, kBlock);
  for (Word& word : m) word = little_endian(word);
  Word v[16];
  std::copy(state_.begin(), state_.end(), v);
  std::copy(kInitial.begin(), kInitial.end(), v + 8);
  v[12] ^= hashed_;
  if (last) v[14] = ~v[14];
  all_rounds(v, m, std::make_index_sequence<kRounds>());
  for (std::size_t i = 0; i < 8; ++i) state_[i] ^= v[i] ^ v[i + 8];
}

void Blake2b::update(std::string_view data) {
  while (!data.empty()) {
    if (waiting_size_ == kBlock) {
      hashed_ += kBlock;
      compress(waiting_.data(), false);
      waiting_size_ = 0;
    }
    // Whole blocks as they lie there, but for the last.
    for (; waiting_size_ == 0 && data.size() > kBlock; data.remove_prefix(kBlock)) {
      hashed_ += kBlock;
      compress(reinterpret_cast<const std::uint8_t*>(data.data()), false);
    }
    const std::size_t taken = std::min(kBlock - waiting_size_, data.size());
    std::memcpy(waiting_.data() + waiting_size_, data.data(), taken);
    waiting_size_ += taken;
    data.remove_prefix(taken);
  }
}

std::array<std::uint8_t, Blake2b::kResult> Blake2b::finish() {
  hashed_ += waiting_size_;
  std::fill(waiting_.begin() + static_cast<std::ptrdiff_t>(waiting_size_), waiting_.end(), std::uint8_t{0});
  compress(waiting_.data(), true);
  std::array<std::uint8_t, kResult> result;
  for (std::size_t i = 0; i < kResult / sizeof(Word); ++i) {
    const Word word = little_endian(state_[i]);
    std::memcpy(result.data() + i * sizeof word, &word, sizeof word);
  }
  return result;
}

}  // namespace compiler_cache
