#include "helper/variant_codec.h"

#include <gtest/gtest.h>

#include "helper/codec.h"
#include "helper/hasher.h"
#include "helper/sealed_bytes.h"
#include "tests/unit/damage.h"

namespace compiler_cache {
namespace {

StoredVariant example() {
  StoredVariant stored;
  stored.context = hash_bytes("context");
  stored.variant.inputs = {{"/src/a.cc", hash_bytes("a")},
                           {"/usr/include/x.h", hash_bytes("x")},
                           {"/usr/include/bits/y.h", hash_bytes("y")},
                           {"/root_file", hash_bytes("r")},
                           {"no-slash", hash_bytes("n")},
                           {"", hash_bytes("e")},
                           {"/folder/", hash_bytes("f")}};
  stored.variant.times = {0, 1'700'000'000'123'456'789, -5, 1, 2, 3, 4};
  stored.variant.absent = {{"/src", "x.h"}, {"/usr/local/include", "bits/y.h"}, {"", ""}, {"/", "z"}};
  stored.variant.artifact.outputs = {{OutputRole::object, hash_bytes("object"), 12345},
                                     {kLastOutputRole, hash_bytes("last"), 0}};
  stored.variant.artifact.standard_error = hash_bytes("warning");
  stored.variant.artifact.depfile_targets = {"a.o", std::string("odd\0name", 8)};
  stored.variant.artifact.compile_us = 987654321;
  return stored;
}

ErrorKind encode_error(const StoredVariant& stored) {
  const auto encoded = encode_variant(stored);
  EXPECT_FALSE(encoded.ok());
  return encoded.ok() ? ErrorKind::io : encoded.error().kind;
}

TEST(VariantCodec, ComesBackTheSame) {
  for (const StoredVariant& stored : {StoredVariant{}, example()}) {
    const auto bytes = encode_variant(stored);
    ASSERT_TRUE(bytes.ok());
    const auto back = decode_variant(bytes.value());
    ASSERT_TRUE(back.ok()) << back.error().message;
    EXPECT_EQ(back.value(), stored);
    const auto file = encode_variant_file(stored);
    ASSERT_TRUE(file.ok());
    const auto from_file = decode_variant_file(file.value());
    ASSERT_TRUE(from_file.ok());
    EXPECT_EQ(from_file.value(), stored);
  }
}

TEST(VariantCodec, SharedFoldersAreWrittenOnce) {
  StoredVariant stored;
  const std::string folder = "/a/rather/long/folder/name/that/would/add/up";
  for (int i = 0; i < 100; ++i) {
    stored.variant.inputs.push_back({folder + "/f" + std::to_string(i), Digest{}});
    stored.variant.absent.push_back({folder + std::to_string(i % 10), "x.h"});
  }
  EXPECT_LT(encode_variant(stored).value().size(), 100 * (Digest::kSize + 12 + 8) + 500);
}

TEST(VariantCodec, EveryDamageToAFileShows) {
  for_each_damage(encode_variant_file(example()).value(), [](const std::string& damaged) {
    const auto back = decode_variant_file(damaged);
    ASSERT_FALSE(back.ok());
    EXPECT_EQ(back.error().kind, ErrorKind::corrupt);
  });
}

TEST(VariantCodec, DamageToBareBytesNeverCrashes) {
  for_each_damage(encode_variant(example()).value(),
                  [](const std::string& damaged) { static_cast<void>(decode_variant(damaged)); });
}

TEST(VariantCodec, OtherVersionsAreNotRead) {
  std::string bytes = encode_variant(example()).value();
  // The version stands after the array's one-byte header, as a one-byte number.
  ASSERT_EQ(bytes[1], 2);
  bytes[1] = 3;
  EXPECT_EQ(decode_variant(bytes).error().kind, ErrorKind::unsupported);
  bytes[1] = 1;
  EXPECT_EQ(decode_variant(bytes).error().kind, ErrorKind::invalid);
  EXPECT_EQ(decode_variant_file(seal({"CCvr", 1, 1000}, {}, "past").value()).error().kind,
            ErrorKind::invalid);
  EXPECT_EQ(decode_variant_file(seal({"CCvr", 3, 1000}, {}, "future").value()).error().kind,
            ErrorKind::unsupported);
}

TEST(VariantCodec, TimesThatFitNoInputsAreNotWritten) {
  StoredVariant stored = example();
  stored.variant.times.pop_back();
  EXPECT_EQ(encode_error(stored), ErrorKind::invalid);
}

TEST(VariantCodec, MoreThanTheLimitsIsNotWritten) {
  StoredVariant stored;
  stored.variant.artifact.outputs.resize(kMaxVariantOutputs + 1);
  EXPECT_EQ(encode_error(stored), ErrorKind::too_large);
  stored = {};
  stored.variant.inputs.resize(kMaxVariantInputs + 1);
  EXPECT_EQ(encode_error(stored), ErrorKind::too_large);
  stored = {};
  stored.variant.absent.resize(kMaxVariantAbsent + 1);
  EXPECT_EQ(encode_error(stored), ErrorKind::too_large);
  stored = {};
  stored.variant.artifact.depfile_targets.resize(kMaxVariantTargets + 1);
  EXPECT_EQ(encode_error(stored), ErrorKind::too_large);
  stored = {};
  stored.variant.inputs = {{std::string(kMaxVariantPath + 1, 'x'), Digest{}}};
  EXPECT_EQ(encode_error(stored), ErrorKind::too_large);
  stored = {};
  stored.variant.inputs.resize(kMaxVariantPathBytes / kMaxVariantPath + 1,
                               {std::string(kMaxVariantPath, 'x'), Digest{}});
  EXPECT_EQ(encode_error(stored), ErrorKind::too_large);
}

/// A short text whose paths, written out, would fill the memory.
TEST(VariantCodec, ShortTextThatGrowsWithoutBoundIsCorrupt) {
  const std::size_t inputs = kMaxVariantPathBytes / kMaxVariantPath + 2;
  Packer packer;
  packer.array(10).uint(2).bin(Digest{}.view());
  packer.array(2).uint(0).bin(std::string(kMaxVariantPath - 2, 'x'));
  packer.array(3 * inputs);
  for (std::size_t i = 0; i < inputs; ++i) packer.uint(1).bin("y").bin(Digest{}.view());
  packer.array(0).array(0).array(2).bin(Digest{}.view()).bin(Digest{}.view()).array(0).uint(0).array(0);
  EXPECT_EQ(decode_variant(packer.bytes()).error().kind, ErrorKind::corrupt);
}

TEST(VariantCodec, NumbersOutOfRangeAreCorrupt) {
  const std::string digest(Digest{}.view());
  auto with = [&](std::uint64_t folder, std::uint64_t shared, std::uint64_t role, std::size_t times = 0) {
    Packer packer;
    packer.array(10).uint(2).bin(digest);
    packer.array(2).uint(shared).bin("/x");
    packer.array(3).uint(folder).bin("y").bin(digest);
    packer.array(0).array(3).uint(role).bin(digest).uint(1);
    packer.array(2).bin(digest).bin(digest).array(0).uint(0).array(times);
    for (std::size_t i = 0; i < times; ++i) packer.uint(i);
    return decode_variant(packer.bytes());
  };
  EXPECT_TRUE(with(1, 0, 0).ok());
  EXPECT_FALSE(with(2, 0, 0).ok());
  EXPECT_FALSE(with(1, 1, 0).ok());
  EXPECT_FALSE(with(1, 0, 200).ok());
  EXPECT_TRUE(with(1, 0, 0, 1).ok());
  EXPECT_FALSE(with(1, 0, 0, 2).ok());  // more times than inputs
}

}  // namespace
}  // namespace compiler_cache
