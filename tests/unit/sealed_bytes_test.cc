#include "helper/sealed_bytes.h"

#include <gtest/gtest.h>

#include "tests/unit/damage.h"

namespace compiler_cache {
namespace {

constexpr SealKind kKind{"Test", 2, 1000};
constexpr SealKind kOlder{"Test", 1, 1000};
constexpr SealKind kOtherKind{"Tast", 2, 1000};

std::string sealed(const SealKind& kind, std::string_view label, std::string_view payload) {
  auto file = seal(kind, label, payload);
  EXPECT_TRUE(file.ok());
  return std::move(*file);
}

TEST(SealedBytes, PayloadComesBackTheSame) {
  for (const std::string& payload : {std::string(), std::string("payload"), std::string(1000, 'x')}) {
    const std::string file = sealed(kKind, "label", payload);
    const Unsealed back = unseal(kKind, "label", file);
    EXPECT_EQ(back.state, SealState::good);
    EXPECT_EQ(back.payload, payload);
    EXPECT_EQ(back.checksum, seal_checksum(file));
  }
}

TEST(SealedBytes, EveryCutAndEveryChangedByteShows) {
  for_each_damage(sealed(kKind, "label", "the payload"), [](const std::string& damaged) {
    EXPECT_EQ(unseal(kKind, "label", damaged).state, SealState::damaged);
  });
}

TEST(SealedBytes, AddedBytesShow) {
  EXPECT_EQ(unseal(kKind, "label", sealed(kKind, "label", "p") + "x").state, SealState::damaged);
}

TEST(SealedBytes, AnotherLabelOrKindIsDamage) {
  EXPECT_EQ(unseal(kKind, "other", sealed(kKind, "label", "p")).state, SealState::damaged);
  EXPECT_EQ(unseal(kOtherKind, "label", sealed(kKind, "label", "p")).state, SealState::damaged);
}

TEST(SealedBytes, OtherVersionsAreToldFromDamageAndNotRead) {
  const Unsealed newer = unseal(kOlder, "", sealed(kKind, "", "p"));
  EXPECT_EQ(newer.state, SealState::newer);
  EXPECT_EQ(newer.payload, "");
  EXPECT_EQ(unseal(kKind, "", sealed(kOlder, "", "p")).state, SealState::older);
}

TEST(SealedBytes, TheStateIsToldWithoutThePayload) {
  EXPECT_EQ(seal_state(kOlder, "", sealed(kKind, "", "p")), SealState::newer);
  EXPECT_EQ(seal_state(kKind, "", sealed(kOlder, "", "p")), SealState::older);
  const std::string file = sealed(kKind, "label", "the payload");
  EXPECT_EQ(seal_state(kKind, "label", file), SealState::good);
  EXPECT_EQ(seal_state(kKind, "other", file), SealState::damaged);
  for_each_damage(file, [](const std::string& damaged) {
    EXPECT_EQ(seal_state(kKind, "label", damaged), SealState::damaged);
  });
}

TEST(SealedBytes, MoreThanTheLimitIsNeitherWrittenNorRead) {
  const auto refused = seal(kKind, "", std::string(1001, 'x'));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind, ErrorKind::too_large);
  constexpr SealKind kWider{"Test", 2, 5000};
  EXPECT_EQ(unseal(kKind, "", sealed(kWider, "", std::string(1001, 'x'))).state, SealState::damaged);
}

}  // namespace
}  // namespace compiler_cache
