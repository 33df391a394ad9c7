// What stands in a remote store: entries, one for each variant of a context, and blobs as they are stored
// there. The grammar and its reasons are in docs/store-format.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "helper/digest.h"
#include "helper/variant.h"

namespace compiler_cache {

/// Of one entry, as it is stored; and of what it says, unpacked.
inline constexpr std::uint64_t kMaxRemoteEntryBytes = std::uint64_t{4} << 20;
inline constexpr std::uint64_t kMaxRemotePayloadBytes = std::uint64_t{64} << 20;
/// Entries of one context that are kept and read, newest first.
inline constexpr std::size_t kMaxRemoteEntries = 16;
/// No larger blob is written or read; a result with one stays on this machine.
inline constexpr std::uint64_t kMaxRemoteBlobBytes = std::uint64_t{64} << 20;
/// The same once it is unpacked.
inline constexpr std::uint64_t kMaxUnpackedBlobBytes = std::uint64_t{256} << 20;
/// Contexts that a roster lists.
inline constexpr std::size_t kMaxRosterContexts = 100'000;

/// A blob as a remote store has it: where, and what it must turn out to be.
struct RemoteBlob {
  Digest blob;               ///< of its bytes
  std::uint64_t size = 0;    ///< of its bytes
  Digest address;            ///< of what is stored (content_address.h)
  std::uint64_t stored = 0;  ///< bytes that are stored
  bool compressed = false;   ///< what is stored is a zstd frame

  friend bool operator==(const RemoteBlob&, const RemoteBlob&) = default;
};

struct RemoteEntry {
  Variant variant;
  std::vector<RemoteBlob> blobs;  ///< one for each blob that the variant names

  friend bool operator==(const RemoteEntry&, const RemoteEntry&) = default;
};

/// Makes and checks entries, and says where they are. With a key each entry carries a MAC; without one, a
/// checksum that anybody can make.
class RemoteSeal {
 public:
  RemoteSeal(std::string key, std::string name_space);

  /// Where the entries of this context are; where the list of contexts of this project's builds is.
  Digest place_of_context(const Digest& context) const;
  Digest place_of_roster(std::string_view project) const;

  Result<std::string> encode(const Digest& context, const RemoteEntry& entry) const;
  /// `denied` when the MAC is not ours; `corrupt` when it is and the rest makes no sense, a blob is missing
  /// from the table among it; `unsupported` for another version.
  Result<RemoteEntry> decode(const Digest& context, std::string_view bytes) const;

  Result<std::string> encode_roster(std::string_view project, const std::vector<Digest>& contexts) const;
  Result<std::vector<Digest>> decode_roster(std::string_view project, std::string_view bytes) const;

  bool keyed() const { return !key_.empty(); }

 private:
  Result<std::string> close(const Digest& place, std::string_view payload) const;
  Result<std::string> open(const Digest& place, std::string_view bytes) const;
  Digest mac(const Digest& place, std::string_view start, std::string_view rest) const;

  const std::string key_;
  const std::string name_space_;
};

/// Every blob that the artifact names, each once.
std::vector<Digest> blobs_of(const Artifact& artifact);

struct PackedBlob {
  RemoteBlob row;
  std::string bytes;  ///< to be stored
};
/// For a worker thread.
PackedBlob pack_remote_blob(const Digest& blob, std::string_view bytes);
/// The blob's bytes; `corrupt` unless they are what `row` says. For a worker thread.
Result<std::string> unpack_remote_blob(const RemoteBlob& row, std::string stored);

/// Several entries as one text, for stores that know no lists.
std::string join_remote_entries(const std::vector<std::string>& entries);
/// `corrupt` for what join_remote_entries does not write.
Result<std::vector<std::string>> split_remote_entries(std::string_view text);

}  // namespace compiler_cache
