// How the graph stands on disk, as the part of a session that is by far the longest: thousands of contexts
// with hundreds of inputs each. So contexts are packed in sections, and most of them are only unpacked when
// one of them is asked for: the first answer of a helper waits for one section, not for all.
//
//   graph    = [3, [path...], contents, [context...], [section...]]
//   contents = 32 bytes each
//   context  = [digest, [entry...]]                 most recently used entry first
//   entry    = [inputs, times, absent, artifact]
//   inputs   = 8 bytes each: path, content          both little-endian u32 indexes
//   times    = nothing, or 8 bytes for each input: its mtime in nanoseconds, little endian
//   absent   = 8 bytes each: folder, name           both indexes of paths
//   artifact = [[role, blob, size, ...], stdout blob, stderr blob, [target...], compile us]
//   section  = [digests, variants, frame]           frame: [context...] of those digests, by zstd
//
// Contexts that made a precompiled header are in no section: others ask what such a header was made from.
//
// The part is behind a checksum that covers every section. One that does not follow this grammar to the
// letter is `corrupt` and nothing of it is used; in a section, the same goes for that section.
//
// Version history
//   1  first version
//   2  times
//   3  sections
#pragma once

#include <string>
#include <string_view>

#include "base/status.h"
#include "helper/graph.h"
#include "helper/names.h"

namespace compiler_cache {

inline constexpr char kGraphPart[] = "graph";
/// Contexts are put into a section until it is that long, unpacked: half a millisecond's work.
inline constexpr std::size_t kGraphSectionBytes = 256U << 10;
/// The longest that one context can make a section.
inline constexpr std::uint64_t kMaxGraphSection = std::uint64_t{1} << 30;

std::string encode_graph(const Graph& graph, const PathTable& paths, const ContentTable& contents);
/// The tables get all names at once, the graph gets its sections unread. Nothing of `bytes` is used
/// afterwards.
Status decode_graph(std::string_view bytes, Graph& graph, PathTable& paths, ContentTable& contents);

}  // namespace compiler_cache
