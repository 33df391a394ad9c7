#include "helper/remote_entry.h"

#include <gtest/gtest.h>

#include "helper/hasher.h"

namespace compiler_cache {
namespace {

RemoteEntry some_entry() {
  RemoteEntry entry;
  entry.variant.inputs = {{"/s/a.cc", hash_bytes("a")}, {"/s/x.h", hash_bytes("x")}};
  entry.variant.absent = {{"/s/include", "x.h"}};
  const std::string object(1000, 'o');
  entry.variant.artifact.outputs = {{OutputRole::object, hash_bytes(object), object.size()}};
  entry.variant.artifact.standard_error = hash_bytes("warning");
  entry.variant.artifact.compile_us = 12345;
  entry.blobs = {pack_remote_blob(hash_bytes(object), object).row,
                 pack_remote_blob(hash_bytes("warning"), "warning").row};
  return entry;
}

const Digest kContext = hash_bytes("context");

TEST(RemoteEntryTest, ComesBackAsItWent) {
  for (const char* key : {"", "a key of some length"}) {
    const RemoteSeal seal(key, "ours");
    const Result<std::string> bytes = seal.encode(kContext, some_entry());
    ASSERT_TRUE(bytes.ok());
    const Result<RemoteEntry> entry = seal.decode(kContext, *bytes);
    ASSERT_TRUE(entry.ok()) << entry.error().message;
    EXPECT_EQ(*entry, some_entry());
  }
}

TEST(RemoteEntryTest, WithoutTheKeyNothingIsBelieved) {
  const RemoteSeal ours("the key of this team", "ours");
  for (const char* key : {"", "the key of that team"}) {
    const Result<std::string> forged = RemoteSeal(key, "ours").encode(kContext, some_entry());
    EXPECT_EQ(ours.decode(kContext, *forged).error().kind, ErrorKind::denied);
    const Result<std::string> roster = RemoteSeal(key, "ours").encode_roster("project", {kContext});
    EXPECT_EQ(ours.decode_roster("project", *roster).error().kind, ErrorKind::denied);
  }
}

TEST(RemoteEntryTest, IsOnlyGoodInItsPlace) {
  const RemoteSeal seal("the key of this team", "ours");
  const Result<std::string> bytes = seal.encode(kContext, some_entry());
  EXPECT_EQ(seal.decode(hash_bytes("another"), *bytes).error().kind, ErrorKind::denied);
  EXPECT_EQ(RemoteSeal("the key of this team", "theirs").decode(kContext, *bytes).error().kind,
            ErrorKind::denied);
}

TEST(RemoteEntryTest, NoChangedByteIsTaken) {
  const RemoteSeal seal("the key of this team", "ours");
  const std::string bytes = *seal.encode(kContext, some_entry());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::string changed = bytes;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(seal.decode(kContext, changed).ok()) << i;
    EXPECT_FALSE(seal.decode(kContext, bytes.substr(0, i)).ok()) << i;
  }
}

TEST(RemoteEntryTest, ATableThatDoesNotCoverTheResultIsNotTaken) {
  const RemoteSeal seal("", "ours");
  RemoteEntry lacking = some_entry();
  lacking.blobs.pop_back();
  EXPECT_EQ(seal.decode(kContext, *seal.encode(kContext, lacking)).error().kind, ErrorKind::corrupt);
  RemoteEntry longer = some_entry();
  longer.blobs[0].size += 1;
  EXPECT_EQ(seal.decode(kContext, *seal.encode(kContext, longer)).error().kind, ErrorKind::corrupt);
  RemoteEntry huge = some_entry();
  huge.blobs[1].stored = kMaxRemoteBlobBytes + 1;
  huge.blobs[1].compressed = true;
  EXPECT_EQ(seal.decode(kContext, *seal.encode(kContext, huge)).error().kind, ErrorKind::corrupt);
}

TEST(RemoteEntryTest, RostersComeBackInTheirOrder) {
  const RemoteSeal seal("", "ours");
  const std::vector<Digest> contexts{hash_bytes("2"), hash_bytes("1"), hash_bytes("3")};
  const Result<std::vector<Digest>> back =
      seal.decode_roster("project", *seal.encode_roster("project", contexts));
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(*back, contexts);
  EXPECT_FALSE(seal.decode_roster("another", *seal.encode_roster("project", contexts)).ok());
}

TEST(RemoteBlobTest, SmallOnesAreStoredAsTheyAreAndLargeOnesPacked) {
  const PackedBlob small = pack_remote_blob(hash_bytes("abc"), "abc");
  EXPECT_FALSE(small.row.compressed);
  EXPECT_EQ(small.bytes, "abc");
  const std::string text(100'000, 'x');
  const PackedBlob large = pack_remote_blob(hash_bytes(text), text);
  EXPECT_TRUE(large.row.compressed);
  EXPECT_LT(large.bytes.size(), text.size());
  EXPECT_EQ(*unpack_remote_blob(large.row, large.bytes), text);
}

TEST(RemoteBlobTest, NothingElseThanTheBlobIsTaken) {
  const std::string text(100'000, 'x');
  const PackedBlob packed = pack_remote_blob(hash_bytes(text), text);
  EXPECT_FALSE(unpack_remote_blob(packed.row, packed.bytes + "x").ok());
  EXPECT_FALSE(unpack_remote_blob(packed.row, packed.bytes.substr(1)).ok());
  const std::string other(100'000, 'y');
  PackedBlob exchanged = pack_remote_blob(hash_bytes(other), other);
  exchanged.row.blob = packed.row.blob;
  EXPECT_FALSE(unpack_remote_blob(exchanged.row, exchanged.bytes).ok()) << "another blob under its name";
  const PackedBlob small = pack_remote_blob(hash_bytes("abc"), "abc");
  EXPECT_FALSE(unpack_remote_blob(small.row, "abd").ok());
}

TEST(RemoteListTest, ComesBackAndDamageIsSeen) {
  const std::vector<std::string> entries{"one", "", std::string(70'000, 'x')};
  const std::string text = join_remote_entries(entries);
  EXPECT_EQ(*split_remote_entries(text), entries);
  EXPECT_FALSE(split_remote_entries("").ok());
  EXPECT_FALSE(split_remote_entries("<html>").ok());
  EXPECT_FALSE(split_remote_entries(text.substr(0, text.size() - 1)).ok());
  EXPECT_FALSE(split_remote_entries(join_remote_entries(std::vector<std::string>(17, "x"))).ok());
}

}  // namespace
}  // namespace compiler_cache
