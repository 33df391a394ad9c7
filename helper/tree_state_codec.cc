#include "helper/tree_state_codec.h"

#include <cstring>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

#include "helper/codec.h"
#include "helper/variant_codec.h"

namespace compiler_cache {
namespace {

constexpr std::uint64_t kStateVersion = 1;
constexpr std::uint64_t kIdentitiesVersion = 2;  // 2: targets, and the MSVC dialect
constexpr std::uint64_t kGraphVersion = 2;       // 2: times of inputs
constexpr std::size_t kMaxOutputsOnDisk = 64;

Error malformed(const char* what) { return Error{ErrorKind::corrupt, std::string(what) + " is malformed"}; }

/// Ids as they are in the process, renumbered to those that a part uses.
class Renumber {
 public:
  std::uint32_t operator()(std::uint32_t id) {
    auto [found, inserted] = numbers_.try_emplace(id, static_cast<std::uint32_t>(order_.size()));
    if (inserted) order_.push_back(id);
    return found->second;
  }
  const std::vector<std::uint32_t>& order() const { return order_; }

 private:
  std::unordered_map<std::uint32_t, std::uint32_t> numbers_;
  std::vector<std::uint32_t> order_;
};

void append_u32(std::string& bytes, std::uint32_t value) {
  for (int shift = 0; shift < 32; shift += 8) bytes.push_back(static_cast<char>(value >> shift & 0xff));
}

std::uint32_t u32_at(std::string_view bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    value |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at + i])) << (8 * i);
  }
  return value;
}

bool get_signed(Node node, std::int64_t& value) {
  std::uint64_t bits = 0;
  if (!node.get(bits)) return false;
  value = static_cast<std::int64_t>(bits);
  return true;
}

bool get_texts(Node node, std::vector<std::string>& strings) {
  if (!node.is_array()) return false;
  strings.resize(node.size());
  for (std::size_t i = 0; i < strings.size(); ++i) {
    if (!node.at(i).get(strings[i])) return false;
  }
  return true;
}

void pack_texts(Packer& packer, const std::vector<std::string>& strings) {
  packer.array(strings.size());
  for (const std::string& text : strings) packer.bin(text);
}

/// The root of a part of our version; otherwise why not.
Status check_version(Node root, std::size_t size, const char* what, std::uint64_t expected = kStateVersion) {
  std::uint64_t version = 0;
  if (!root.at(0).get(version)) return malformed(what);
  if (version != expected) return Error{ErrorKind::unsupported, std::string(what) + " has another version"};
  return root.size() == size ? Status() : malformed(what);
}

void pack_result(Packer& packer, const Artifact& artifact) {
  packer.array(5).array(artifact.outputs.size());
  for (const ArtifactOutput& output : artifact.outputs) {
    packer.array(3).uint(static_cast<std::uint64_t>(output.role)).bin(output.blob.view()).uint(output.size);
  }
  packer.bin(artifact.standard_output.view()).bin(artifact.standard_error.view());
  pack_texts(packer, artifact.depfile_targets);
  packer.uint(artifact.compile_us);
}

bool get_result(Node node, Artifact& artifact) {
  const Node outputs = node.at(0);
  if (node.size() != 5 || !outputs.is_array() || outputs.size() > kMaxOutputsOnDisk) return false;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const Node item = outputs.at(i);
    ArtifactOutput output;
    std::uint64_t role = 0;
    const bool ok = item.size() == 3 && item.at(0).get(role) &&
                    role <= static_cast<std::uint64_t>(kLastOutputRole) && item.at(1).get(output.blob) &&
                    item.at(2).get(output.size);
    if (!ok) return false;
    output.role = static_cast<OutputRole>(role);
    artifact.outputs.push_back(output);
  }
  return node.at(1).get(artifact.standard_output) && node.at(2).get(artifact.standard_error) &&
         get_texts(node.at(3), artifact.depfile_targets) && node.at(4).get(artifact.compile_us);
}

void pack_entry(Packer& packer, const Graph::Entry& entry, Renumber& path_numbers,
                Renumber& content_numbers) {
  std::string inputs;
  for (const Graph::Input& input : entry.inputs) {
    append_u32(inputs, path_numbers(input.path));
    append_u32(inputs, content_numbers(input.content));
  }
  std::string absent;
  for (const Graph::Absent& name : entry.absent) {
    append_u32(absent, path_numbers(name.folder));
    append_u32(absent, path_numbers(name.name));
  }
  std::string times;
  for (const std::int64_t time : entry.times) {
    append_u32(times, static_cast<std::uint32_t>(static_cast<std::uint64_t>(time)));
    append_u32(times, static_cast<std::uint32_t>(static_cast<std::uint64_t>(time) >> 32));
  }
  packer.array(4).bin(inputs).bin(times).bin(absent);
  pack_result(packer, entry.artifact);
}

bool get_entry(Node node, const std::vector<PathId>& paths, const std::vector<ContentId>& contents,
               Graph::Entry& entry) {
  std::string_view inputs;
  std::string_view absent;
  std::string_view times;
  if (node.size() != 4 || !node.at(0).get(inputs) || !node.at(1).get(times) || !node.at(2).get(absent)) {
    return false;
  }
  if (inputs.size() % 8 != 0 || absent.size() % 8 != 0) return false;
  if (!times.empty() && times.size() != inputs.size()) return false;
  entry.times.resize(times.size() / 8);
  for (std::size_t i = 0; i < entry.times.size(); ++i) {
    entry.times[i] =
        static_cast<std::int64_t>(u32_at(times, 8 * i) | std::uint64_t{u32_at(times, 8 * i + 4)} << 32);
  }
  entry.inputs.resize(inputs.size() / 8);
  for (std::size_t i = 0; i < entry.inputs.size(); ++i) {
    const std::uint32_t path = u32_at(inputs, 8 * i);
    const std::uint32_t content = u32_at(inputs, 8 * i + 4);
    if (path >= paths.size() || content >= contents.size()) return false;
    entry.inputs[i] = {paths[path], contents[content]};
  }
  entry.absent.resize(absent.size() / 8);
  for (std::size_t i = 0; i < entry.absent.size(); ++i) {
    const std::uint32_t folder = u32_at(absent, 8 * i);
    const std::uint32_t name = u32_at(absent, 8 * i + 4);
    if (folder >= paths.size() || name >= paths.size()) return false;
    entry.absent[i] = {paths[folder], paths[name]};
  }
  return get_result(node.at(3), entry.artifact);
}

bool get_contents(Node node, ContentTable& table, std::vector<ContentId>& contents) {
  std::string_view bytes;
  if (!node.get(bytes) || bytes.size() % Digest::kSize != 0) return false;
  for (std::size_t at = 0; at < bytes.size(); at += Digest::kSize) {
    Digest digest;
    Digest::from_bytes(bytes.substr(at, Digest::kSize), digest);
    contents.push_back(table.intern(digest));
  }
  return true;
}

bool get_paths(Node node, PathTable& table, std::vector<PathId>& paths) {
  if (!node.is_array()) return false;
  paths.reserve(node.size());
  for (std::size_t i = 0; i < node.size(); ++i) {
    std::string_view path;
    if (!node.at(i).get(path)) return false;
    paths.push_back(table.intern(path));
  }
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

std::string encode_graph(const Graph& graph, const PathTable& paths, const ContentTable& contents) {
  Renumber path_numbers;
  Renumber content_numbers;
  Packer contexts;
  contexts.array(graph.context_count());
  graph.for_each([&](const Digest& context, const std::list<Graph::Entry>& entries) {
    contexts.array(2).bin(context.view()).array(entries.size());
    for (const Graph::Entry& entry : entries) pack_entry(contexts, entry, path_numbers, content_numbers);
  });
  Packer part;
  part.array(4).uint(kGraphVersion).array(path_numbers.order().size());
  for (PathId id : path_numbers.order()) part.bin(paths[id]);
  std::string digests;
  for (ContentId id : content_numbers.order()) digests.append(contents[id].view());
  part.bin(digests);
  return part.take() + contexts.take();
}

Status decode_graph(std::string_view bytes, Graph& graph, PathTable& path_table,
                    ContentTable& content_table) {
  Result<Document> document = Document::parse(bytes);
  if (!document.ok()) return document.error();
  const Node root = document->root();
  if (Status version = check_version(root, 4, "the graph", kGraphVersion); !version.ok()) return version;
  std::vector<PathId> paths;
  std::vector<ContentId> contents;
  if (!get_paths(root.at(1), path_table, paths) || !get_contents(root.at(2), content_table, contents) ||
      !root.at(3).is_array()) {
    return malformed("the graph");
  }
  for (std::size_t i = 0; i < root.at(3).size(); ++i) {
    const Node context = root.at(3).at(i);
    Digest digest;
    if (context.size() != 2 || !context.at(0).get(digest) || !context.at(1).is_array()) {
      graph.clear();
      return malformed("the graph");
    }
    for (std::size_t k = 0; k < context.at(1).size(); ++k) {
      Graph::Entry entry;
      if (!get_entry(context.at(1).at(k), paths, contents, entry)) {
        graph.clear();
        return malformed("the graph");
      }
      graph.adopt(digest, std::move(entry));
    }
  }
  return {};
}

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
  Packer stats;
  std::string digests;
  const auto& entries = index.entries();
  names.array(entries.size());
  stats.array(entries.size());
  for (const auto& [path, entry] : entries) {
    names.bin(paths[path]);
    pack_stat(stats, entry.stat, entry.hashed_at_ns);
    digests.append(contents[entry.content].view());
  }
  return Packer().array(4).uint(kStateVersion).take() + names.take() + stats.take() +
         Packer().bin(digests).take();
}

Status decode_files(std::string_view bytes, ContentIndex& index, PathTable& path_table,
                    ContentTable& content_table) {
  Result<Document> document = Document::parse(bytes);
  if (!document.ok()) return document.error();
  const Node root = document->root();
  if (Status version = check_version(root, 4, "the stat cache"); !version.ok()) return version;
  std::vector<PathId> paths;
  std::vector<ContentId> contents;
  const Node stats = root.at(2);
  if (!get_paths(root.at(1), path_table, paths) || !get_contents(root.at(3), content_table, contents) ||
      stats.size() != paths.size() || contents.size() != paths.size()) {
    return malformed("the stat cache");
  }
  std::vector<ContentIndex::Entry> entries(paths.size());
  for (std::size_t i = 0; i < paths.size(); ++i) {
    if (!get_stat(stats.at(i), entries[i].stat, entries[i].hashed_at_ns)) return malformed("the stat cache");
    entries[i].content = contents[i];
  }
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
  packer.array(2).uint(kStateVersion).array(searches.entries().size());
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
  if (Status version = check_version(root, 2, "the search paths"); !version.ok()) return version;
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
