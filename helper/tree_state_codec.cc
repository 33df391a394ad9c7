#include "helper/tree_state_codec.h"

#include <cstring>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

#include "helper/bytes.h"
#include "helper/codec.h"
#include "helper/state_tables.h"
#include "helper/variant_codec.h"

namespace compiler_cache {
namespace {

constexpr std::uint64_t kFilesVersion = 2;  // 2: numbers of stat as bytes
constexpr std::uint64_t kSearchesVersion = 1;
constexpr std::uint64_t kIdentitiesVersion = 2;  // 2: targets, and the MSVC dialect

bool get_signed(Node node, std::int64_t& value) {
  std::uint64_t bits = 0;
  if (!node.get(bits)) return false;
  value = static_cast<std::int64_t>(bits);
  return true;
}

constexpr std::size_t kStatNumbers = 8;

void pack_stat(Packer& packer, const FileStat& stat, std::int64_t hashed_at_ns) {
  packer.array(kStatNumbers).uint(stat.device).uint(stat.inode).uint(stat.size);
  packer.uint(static_cast<std::uint64_t>(stat.mtime_ns)).uint(static_cast<std::uint64_t>(stat.ctime_ns));
  packer.uint(stat.links)
      .uint(static_cast<std::uint64_t>(stat.type))
      .uint(static_cast<std::uint64_t>(hashed_at_ns));
}

bool get_stat(Node node, FileStat& stat, std::int64_t& hashed_at_ns) {
  std::uint64_t type = 0;
  const bool ok = node.size() == kStatNumbers && node.at(0).get(stat.device) && node.at(1).get(stat.inode) &&
                  node.at(2).get(stat.size) && get_signed(node.at(3), stat.mtime_ns) &&
                  get_signed(node.at(4), stat.ctime_ns) && node.at(5).get(stat.links) &&
                  node.at(6).get(type) && type <= static_cast<std::uint64_t>(FileType::other) &&
                  get_signed(node.at(7), hashed_at_ns);
  stat.type = static_cast<FileType>(type);
  return ok;
}

constexpr std::size_t kStatBytes = 8 * kStatNumbers;

/// The same numbers, 8 bytes each: there are thousands of them.
void put_stat(std::string& bytes, const FileStat& stat, std::int64_t hashed_at_ns) {
  for (const std::uint64_t number :
       {stat.device, stat.inode, stat.size, static_cast<std::uint64_t>(stat.mtime_ns),
        static_cast<std::uint64_t>(stat.ctime_ns), std::uint64_t{stat.links},
        static_cast<std::uint64_t>(stat.type), static_cast<std::uint64_t>(hashed_at_ns)})
    put_u64(bytes, number);
}

bool get_stat(std::string_view bytes, FileStat& stat, std::int64_t& hashed_at_ns) {
  const auto number = [bytes](std::size_t i) { return get_u64(bytes.substr(8 * i)); };
  stat.device = number(0);
  stat.inode = number(1);
  stat.size = number(2);
  stat.mtime_ns = static_cast<std::int64_t>(number(3));
  stat.ctime_ns = static_cast<std::int64_t>(number(4));
  stat.links = number(5);
  stat.type = static_cast<FileType>(number(6));
  hashed_at_ns = static_cast<std::int64_t>(number(7));
  return number(6) <= static_cast<std::uint64_t>(FileType::other);
}

void pack_program_files(Packer& packer, const std::vector<ProgramFile>& files) {
  packer.array(files.size());
  for (const ProgramFile& file : files) {
    packer.array(3).bin(file.path).bin(file.content.view());
    pack_stat(packer, file.stat, file.hashed_at_ns);
  }
}

bool get_program_files(Node node, std::vector<ProgramFile>& files) {
  if (!node.is_array()) return false;
  files.resize(node.size());
  for (std::size_t i = 0; i < files.size(); ++i) {
    const Node item = node.at(i);
    const bool ok = item.size() == 3 && item.at(0).get(files[i].path) && item.at(1).get(files[i].content) &&
                    get_stat(item.at(2), files[i].stat, files[i].hashed_at_ns);
    if (!ok) return false;
  }
  return true;
}

bool get_identity(Node node, Digest& key, Identity& identity) {
  std::uint64_t family = 0;
  const bool ok = node.size() == 11 && node.at(0).get(key) && node.at(1).get(identity.digest) &&
                  node.at(2).get(family) && family <= static_cast<std::uint64_t>(CompilerFamily::msvc) &&
                  node.at(3).get(identity.supported) && node.at(4).get(identity.is_cache) &&
                  node.at(5).get(identity.is_script) && node.at(6).get(identity.name) &&
                  get_program_files(node.at(7), identity.files) &&
                  get_program_files(node.at(8), identity.watched) && node.at(9).is_array() &&
                  node.at(10).get(identity.msvc_target);
  if (!ok) return false;
  identity.family = static_cast<CompilerFamily>(family);
  for (std::size_t i = 0; i < node.at(9).size(); ++i) {
    AbsentName absent;
    const Node item = node.at(9).at(i);
    if (item.size() != 2 || !item.at(0).get(absent.folder) || !item.at(1).get(absent.name)) return false;
    identity.absent.push_back(std::move(absent));
  }
  return true;
}

}  // namespace

Status replay_in_graph(std::string_view record, Graph& graph) {
  const bool added = record.starts_with(kVariantRecord);
  if (!added && !record.starts_with(kDropRecord)) return {};
  const Result<StoredVariant> stored = decode_variant(record.substr(1));
  if (!stored.ok()) return stored.status();
  if (added)
    graph.add(stored->context, stored->variant);
  else
    graph.drop(stored->context, stored->variant);
  return {};
}

std::string encode_files(const ContentIndex& index, const PathTable& paths, const ContentTable& contents) {
  Packer names;
  std::string stats;
  std::string digests;
  const auto& entries = index.entries();
  names.array(entries.size());
  for (const auto& [path, entry] : entries) {
    names.bin(paths[path]);
    put_stat(stats, entry.stat, entry.hashed_at_ns);
    digests.append(contents[entry.content].view());
  }
  return Packer().array(4).uint(kFilesVersion).take() + names.take() +
         Packer().bin(stats).bin(digests).take();
}

Status decode_files(std::string_view bytes, ContentIndex& index, PathTable& path_table,
                    ContentTable& content_table) {
  Result<Document> document = Document::parse(bytes);
  if (!document.ok()) return document.error();
  const Node root = document->root();
  if (Status version = check_version(root, 4, "the stat cache", kFilesVersion); !version.ok()) return version;
  std::vector<PathId> paths;
  std::vector<ContentId> contents;
  std::string_view stats;
  if (!get_paths(root.at(1), path_table, paths) || !root.at(2).get(stats) ||
      !get_contents(root.at(3), content_table, contents) || stats.size() != paths.size() * kStatBytes ||
      contents.size() != paths.size()) {
    return malformed("the stat cache");
  }
  std::vector<ContentIndex::Entry> entries(paths.size());
  for (std::size_t i = 0; i < paths.size(); ++i) {
    if (!get_stat(stats.substr(i * kStatBytes), entries[i].stat, entries[i].hashed_at_ns))
      return malformed("the stat cache");
    entries[i].content = contents[i];
  }
  index.reserve(paths.size());
  for (std::size_t i = 0; i < paths.size(); ++i) index.adopt(paths[i], entries[i]);
  return {};
}

std::string encode_identities(const IdentityCache& identities) {
  Packer packer;
  packer.array(2).uint(kIdentitiesVersion).array(identities.entries().size());
  for (const auto& [key, entry] : identities.entries()) {
    const Identity& identity = *entry.identity;
    packer.array(11)
        .bin(key.view())
        .bin(identity.digest.view())
        .uint(static_cast<std::uint64_t>(identity.family));
    packer.boolean(identity.supported)
        .boolean(identity.is_cache)
        .boolean(identity.is_script)
        .bin(identity.name);
    pack_program_files(packer, identity.files);
    pack_program_files(packer, identity.watched);
    packer.array(identity.absent.size());
    for (const AbsentName& absent : identity.absent) packer.array(2).bin(absent.folder).bin(absent.name);
    packer.boolean(identity.msvc_target);
  }
  return packer.take();
}

Status decode_identities(std::string_view bytes, IdentityCache& identities) {
  Result<Document> document = Document::parse(bytes);
  if (!document.ok()) return document.error();
  const Node root = document->root();
  if (Status version = check_version(root, 2, "the compiler identities", kIdentitiesVersion); !version.ok())
    return version;
  if (!root.at(1).is_array()) return malformed("the compiler identities");
  std::vector<std::pair<Digest, std::shared_ptr<const Identity>>> read;
  for (std::size_t i = 0; i < root.at(1).size(); ++i) {
    Digest key;
    auto identity = std::make_shared<Identity>();
    if (!get_identity(root.at(1).at(i), key, *identity)) return malformed("the compiler identities");
    read.emplace_back(key, std::move(identity));
  }
  for (auto& [key, identity] : read) identities.adopt(key, std::move(identity));
  return {};
}

std::string encode_searches(const SearchPathCache& searches) {
  Packer packer;
  packer.array(2).uint(kSearchesVersion).array(searches.entries().size());
  for (const auto& [key, entry] : searches.entries()) {
    packer.array(5).bin(key.view()).bin(entry.cwd);
    pack_texts(packer, entry.path.quote);
    pack_texts(packer, entry.path.angle);
    pack_texts(packer, entry.path.missing);
  }
  return packer.take();
}

Status decode_searches(std::string_view bytes, SearchPathCache& searches) {
  Result<Document> document = Document::parse(bytes);
  if (!document.ok()) return document.error();
  const Node root = document->root();
  if (Status version = check_version(root, 2, "the search paths", kSearchesVersion); !version.ok())
    return version;
  if (!root.at(1).is_array()) return malformed("the search paths");
  std::vector<std::pair<Digest, SearchPathCache::Entry>> read;
  for (std::size_t i = 0; i < root.at(1).size(); ++i) {
    const Node item = root.at(1).at(i);
    Digest key;
    SearchPathCache::Entry entry;
    const bool ok = item.size() == 5 && item.at(0).get(key) && item.at(1).get(entry.cwd) &&
                    get_texts(item.at(2), entry.path.quote) && get_texts(item.at(3), entry.path.angle) &&
                    get_texts(item.at(4), entry.path.missing);
    if (!ok) return malformed("the search paths");
    read.emplace_back(key, std::move(entry));
  }
  for (auto& [key, entry] : read) searches.adopt(key, std::move(entry));
  return {};
}

}  // namespace compiler_cache
