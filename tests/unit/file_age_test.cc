#include "helper/file_age.h"

#include <gtest/gtest.h>

namespace compiler_cache {
namespace {

TEST(FileAge, ATimeAheadOfTheClockIsAsOldAsItIsFar) {
  EXPECT_EQ(file_age_ns(70 * kSecondNs, 100 * kSecondNs), 30 * kSecondNs);
  EXPECT_EQ(file_age_ns(130 * kSecondNs, 100 * kSecondNs), 30 * kSecondNs);
}

}  // namespace
}  // namespace compiler_cache
