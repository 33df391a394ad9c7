#include "helper/remote_entry.h"

#include <algorithm>
#include <utility>

#include "helper/bytes.h"
#include "helper/codec.h"
#include "helper/compress.h"
#include "helper/content_address.h"
#include "helper/hasher.h"
#include "helper/variant_codec.h"

namespace compiler_cache {
namespace {

// An entry: magic, version, MAC, one zstd frame. Version history
//   1  first
constexpr char kRemoteMagic[] = "CCre";
constexpr std::size_t kRemoteMagicSize = 4;
constexpr std::uint32_t kRemoteVersion = 1;
constexpr std::size_t kRemoteStart = kRemoteMagicSize + 4;
constexpr std::size_t kRemoteHeader = kRemoteStart + Digest::kSize;

constexpr char kListMagic[] = "CCrl";
constexpr std::size_t kLengthSize = 4;

constexpr std::size_t kValuesPerBlob = 5;
/// A smaller blob is stored as it is.
constexpr std::size_t kPackFrom = 512;

Error bad_entry(const char* what) {
  return {ErrorKind::corrupt, std::string("remote entry with bad ") + what};
}

const RemoteBlob* row_of(const std::vector<RemoteBlob>& rows, const Digest& blob) {
  const auto found =
      std::find_if(rows.begin(), rows.end(), [&](const RemoteBlob& row) { return row.blob == blob; });
  return found == rows.end() ? nullptr : &*found;
}

bool row_is_possible(const RemoteBlob& row) {
  return row.stored <= kMaxRemoteBlobBytes && row.size <= kMaxUnpackedBlobBytes &&
         (row.compressed || row.size == row.stored);
}

/// Each blob of the artifact must be in the table, with the length that the artifact gives it.
bool covers(const RemoteEntry& entry) {
  for (const ArtifactOutput& output : entry.variant.artifact.outputs) {
    const RemoteBlob* const row = row_of(entry.blobs, output.blob);
    if (row == nullptr || row->size != output.size) return false;
  }
  const std::vector<Digest> named = blobs_of(entry.variant.artifact);
  return std::all_of(named.begin(), named.end(),
                     [&](const Digest& blob) { return row_of(entry.blobs, blob) != nullptr; });
}

bool decode_blobs(const Node& list, std::vector<RemoteBlob>& blobs) {
  if (!list.is_array() || list.size() % kValuesPerBlob != 0) return false;
  if (list.size() / kValuesPerBlob > kMaxVariantOutputs + 2) return false;
  for (std::size_t at = 0; at < list.size(); at += kValuesPerBlob) {
    RemoteBlob& row = blobs.emplace_back();
    if (!list.at(at).get(row.blob) || !list.at(at + 1).get(row.size) || !list.at(at + 2).get(row.address) ||
        !list.at(at + 3).get(row.stored) || !list.at(at + 4).get(row.compressed) || !row_is_possible(row))
      return false;
  }
  return true;
}

}  // namespace

RemoteSeal::RemoteSeal(std::string key, std::string name_space)
    : key_(std::move(key)), name_space_(std::move(name_space)) {}

Digest RemoteSeal::place_of_context(const Digest& context) const {
  return Hasher()
      .item("remote context", kRemoteVersion)
      .item("namespace", name_space_)
      .item("context", context.view())
      .finish();
}

Digest RemoteSeal::place_of_roster(std::string_view project) const {
  return Hasher()
      .item("remote roster", kRemoteVersion)
      .item("namespace", name_space_)
      .item("project", project)
      .finish();
}

Digest RemoteSeal::mac(const Digest& place, std::string_view start, std::string_view rest) const {
  return Hasher(key_).item("start", start).item("place", place.view()).item("rest", rest).finish();
}

Result<std::string> RemoteSeal::close(const Digest& place, std::string_view payload) const {
  if (payload.size() > kMaxRemotePayloadBytes)
    return Error{ErrorKind::too_large, "more than a remote entry may hold"};
  std::string start(kRemoteMagic, kRemoteMagicSize);
  put_u32(start, kRemoteVersion);
  const std::string frame = compress(payload);
  if (kRemoteHeader + frame.size() > kMaxRemoteEntryBytes)
    return Error{ErrorKind::too_large, "more than a remote entry may take"};
  return start + std::string(mac(place, start, frame).view()) + frame;
}

Result<std::string> RemoteSeal::open(const Digest& place, std::string_view bytes) const {
  if (bytes.size() < kRemoteHeader || bytes.size() > kMaxRemoteEntryBytes ||
      bytes.substr(0, kRemoteMagicSize) != std::string_view(kRemoteMagic, kRemoteMagicSize))
    return bad_entry("beginning");
  const std::string_view start = bytes.substr(0, kRemoteStart);
  const std::string_view frame = bytes.substr(kRemoteHeader);
  // Before anything is unpacked: an unpacker is the last thing to give a stranger's bytes to.
  if (mac(place, start, frame).view() != bytes.substr(kRemoteStart, Digest::kSize))
    return Error{ErrorKind::denied, "remote entry with a MAC that is not ours"};
  if (get_u32(start.substr(kRemoteMagicSize)) != kRemoteVersion)
    return Error{ErrorKind::unsupported, "remote entry of another version"};
  const Result<std::uint64_t> size = decompressed_size(frame);
  if (!size.ok() || *size > kMaxRemotePayloadBytes) return bad_entry("size");
  return decompress(frame, *size);
}

Result<std::string> RemoteSeal::encode(const Digest& context, const RemoteEntry& entry) const {
  const Result<std::string> variant = encode_variant({context, entry.variant});
  if (!variant.ok()) return variant.error();
  Packer packer;
  packer.array(2).bin(*variant).array(entry.blobs.size() * kValuesPerBlob);
  for (const RemoteBlob& row : entry.blobs) {
    packer.bin(row.blob.view()).uint(row.size).bin(row.address.view()).uint(row.stored);
    packer.boolean(row.compressed);
  }
  return close(place_of_context(context), packer.bytes());
}

Result<RemoteEntry> RemoteSeal::decode(const Digest& context, std::string_view bytes) const {
  const Result<std::string> payload = open(place_of_context(context), bytes);
  if (!payload.ok()) return payload.error();
  const Result<Document> document = Document::parse(*payload);
  if (!document.ok()) return document.error();
  std::string_view text;
  RemoteEntry entry;
  if (!document->root().at(0).get(text) || !decode_blobs(document->root().at(1), entry.blobs))
    return bad_entry("shape");
  Result<StoredVariant> stored = decode_variant(text);
  if (!stored.ok()) return stored.error();
  if (stored->context != context) return bad_entry("context");
  entry.variant = std::move(stored->variant);
  if (!covers(entry)) return bad_entry("table of blobs");
  return entry;
}

Result<std::string> RemoteSeal::encode_roster(std::string_view project,
                                              const std::vector<Digest>& contexts) const {
  std::string text;
  for (std::size_t i = 0; i < std::min(contexts.size(), kMaxRosterContexts); ++i) text += contexts[i].view();
  return close(place_of_roster(project), text);
}

Result<std::vector<Digest>> RemoteSeal::decode_roster(std::string_view project,
                                                      std::string_view bytes) const {
  const Result<std::string> text = open(place_of_roster(project), bytes);
  if (!text.ok()) return text.error();
  if (text->size() % Digest::kSize != 0 || text->size() / Digest::kSize > kMaxRosterContexts)
    return bad_entry("roster");
  std::vector<Digest> contexts(text->size() / Digest::kSize);
  for (std::size_t i = 0; i < contexts.size(); ++i) {
    if (!Digest::from_bytes(std::string_view(*text).substr(i * Digest::kSize, Digest::kSize), contexts[i]))
      return bad_entry("roster");
  }
  return contexts;
}

std::vector<Digest> blobs_of(const Artifact& artifact) {
  std::vector<Digest> blobs;
  const auto add = [&](const Digest& blob) {
    if (!blob.is_zero() && std::find(blobs.begin(), blobs.end(), blob) == blobs.end()) blobs.push_back(blob);
  };
  for (const ArtifactOutput& output : artifact.outputs) add(output.blob);
  add(artifact.standard_output);
  add(artifact.standard_error);
  return blobs;
}

PackedBlob pack_remote_blob(const Digest& blob, std::string_view bytes) {
  PackedBlob packed;
  if (bytes.size() >= kPackFrom) packed.bytes = compress(bytes);
  packed.row.compressed = !packed.bytes.empty() && packed.bytes.size() < bytes.size();
  if (!packed.row.compressed) packed.bytes = bytes;
  packed.row.blob = blob;
  packed.row.size = bytes.size();
  packed.row.stored = packed.bytes.size();
  packed.row.address = content_address(packed.bytes);
  return packed;
}

Result<std::string> unpack_remote_blob(const RemoteBlob& row, std::string stored) {
  if (stored.size() != row.stored) return Error{ErrorKind::corrupt, "a remote blob has the wrong length"};
  if (row.compressed) {
    Result<std::string> bytes = decompress(stored, row.size);
    if (!bytes.ok()) return Error{ErrorKind::corrupt, "a remote blob cannot be unpacked"};
    stored = std::move(*bytes);
  }
  if (hash_bytes(stored) != row.blob) return Error{ErrorKind::corrupt, "a remote blob has the wrong digest"};
  return stored;
}

std::string join_remote_entries(const std::vector<std::string>& entries) {
  std::string text(kListMagic, kRemoteMagicSize);
  for (const std::string& entry : entries) {
    put_u32(text, static_cast<std::uint32_t>(entry.size()));
    text += entry;
  }
  return text;
}

Result<std::vector<std::string>> split_remote_entries(std::string_view text) {
  const Error bad{ErrorKind::corrupt, "what the remote store has is no list of entries"};
  if (text.substr(0, kRemoteMagicSize) != std::string_view(kListMagic, kRemoteMagicSize)) return bad;
  text.remove_prefix(kRemoteMagicSize);
  std::vector<std::string> entries;
  while (!text.empty()) {
    if (text.size() < kLengthSize || entries.size() == kMaxRemoteEntries) return bad;
    const std::uint32_t length = get_u32(text);
    text.remove_prefix(kLengthSize);
    if (length > text.size() || length > kMaxRemoteEntryBytes) return bad;
    entries.emplace_back(text.substr(0, length));
    text.remove_prefix(length);
  }
  return entries;
}

}  // namespace compiler_cache
