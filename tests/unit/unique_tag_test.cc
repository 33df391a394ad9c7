#include "helper/unique_tag.h"

#include <gtest/gtest.h>

namespace compiler_cache {
namespace {

TEST(UniqueTag, IsSixteenHexadecimalDigitsAndNeverTheSame) {
  const std::string first = unique_tag();
  EXPECT_EQ(first.size(), 16U);
  EXPECT_EQ(first.find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_NE(first, unique_tag());
}

}  // namespace
}  // namespace compiler_cache
