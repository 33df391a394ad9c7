#include "helper/memory_use.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <memory>
#include <vector>

namespace compiler_cache {
namespace {

std::size_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  std::size_t all = 0;
  std::size_t resident = 0;
  file >> all >> resident;
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

// What lies below something that is in use does not go back by itself.
TEST(MemoryUseTest, WhatIsFreeGoesBackWhenABuildIsOver) {
#if !defined(__GLIBC__) || defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "another allocator";
#endif
  constexpr std::size_t kPieces = 64'000;
  constexpr std::size_t kPiece = 1000;
  std::vector<std::unique_ptr<char[]>> pieces;
  for (std::size_t i = 0; i < kPieces; ++i) {
    pieces.push_back(std::make_unique<char[]>(kPiece));
  }
  const auto above = std::make_unique<char[]>(kPiece);
  pieces.clear();
  const std::size_t before = resident_bytes();
  give_back_memory();
  EXPECT_LT(resident_bytes() + kPieces * kPiece / 2, before);
  EXPECT_EQ(above[0], 0);
}

}  // namespace
}  // namespace compiler_cache
