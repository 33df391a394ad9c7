// The parts of a session that hold the tree's knowledge: how the graph, the stat cache, compiler identities
// and search paths stand on disk. Each part is one msgpack array with its version first.
//
//   graph      = [2, [path...], contents, [context...]]
//     contents = 32 bytes each
//     context  = [digest, [entry...]]                 most recently used entry first
//     entry    = [inputs, times, absent, artifact]
//     inputs   = 8 bytes each: path, content          both little-endian u32 indexes
//     times    = nothing, or 8 bytes for each input: its mtime in nanoseconds, little endian
//     absent   = 8 bytes each: folder, name           both indexes of paths
//     artifact = [[role, blob, size, ...], stdout blob, stderr blob, [target...], compile us]
//   files      = [1, [path...], [stat numbers...], contents]   one of each per file
//   identities = [1, [identity...]]
//   searches   = [1, [search...]]
//
// A part that does not follow its grammar to the letter is `corrupt` and nothing of it is used. Parts are
// only ever read from the tree's own folder, behind a checksum.
//
// Version history
//   1  first version
//   2  of the graph only: times
#pragma once

#include <string>
#include <string_view>

#include "base/status.h"
#include "helper/content_index.h"
#include "helper/graph.h"
#include "helper/identity_cache.h"
#include "helper/names.h"
#include "helper/search_path_cache.h"

namespace compiler_cache {

inline constexpr char kGraphPart[] = "graph";
inline constexpr char kFilesPart[] = "files";
inline constexpr char kIdentitiesPart[] = "identities";
inline constexpr char kSearchesPart[] = "searches";

/// First byte of a journal record; an encoded variant, or encoded counters, is the rest.
inline constexpr char kVariantRecord = 'v';
inline constexpr char kCountersRecord = 'c';
inline constexpr char kDropRecord = 'd';  ///< results for what that variant's inputs are were wrong

std::string encode_graph(const Graph& graph, const PathTable& paths, const ContentTable& contents);
Status decode_graph(std::string_view bytes, Graph& graph, PathTable& paths, ContentTable& contents);
/// What a record of the journal did to the graph. Success for records that have nothing to do with it.
Status replay_in_graph(std::string_view record, Graph& graph);

std::string encode_files(const ContentIndex& index, const PathTable& paths, const ContentTable& contents);
Status decode_files(std::string_view bytes, ContentIndex& index, PathTable& paths, ContentTable& contents);

std::string encode_identities(const IdentityCache& identities);
Status decode_identities(std::string_view bytes, IdentityCache& identities);

std::string encode_searches(const SearchPathCache& searches);
Status decode_searches(std::string_view bytes, SearchPathCache& searches);

}  // namespace compiler_cache
