// The parts of a session that hold the tree's knowledge: how the stat cache, compiler identities and search
// paths stand on disk (the graph: graph_codec.h), and what records of the journal do to the graph. Each part
// is one msgpack array with its version first.
//
//   files      = [2, [path...], stats, contents]   of each file: 8 numbers of 8 bytes, little endian; 32
//   bytes identities = [1, [identity...]] searches   = [1, [search...]]
//
// A part that does not follow its grammar to the letter is `corrupt` and nothing of it is used. Parts are
// only ever read from the tree's own folder, behind a checksum.
//
// Version history
//   1  first version
//   2  of the stat cache: numbers of stat as bytes
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

inline constexpr char kFilesPart[] = "files";
inline constexpr char kIdentitiesPart[] = "identities";
inline constexpr char kSearchesPart[] = "searches";

/// First byte of a journal record; an encoded variant, or encoded counters, is the rest.
inline constexpr char kVariantRecord = 'v';
inline constexpr char kCountersRecord = 'c';
inline constexpr char kDropRecord = 'd';  ///< results for what that variant's inputs are were wrong

/// What a record of the journal did to the graph. Success for records that have nothing to do with it.
Status replay_in_graph(std::string_view record, Graph& graph);

std::string encode_files(const ContentIndex& index, const PathTable& paths, const ContentTable& contents);
Status decode_files(std::string_view bytes, ContentIndex& index, PathTable& paths, ContentTable& contents);

std::string encode_identities(const IdentityCache& identities);
Status decode_identities(std::string_view bytes, IdentityCache& identities);

std::string encode_searches(const SearchPathCache& searches);
Status decode_searches(std::string_view bytes, SearchPathCache& searches);

}  // namespace compiler_cache
