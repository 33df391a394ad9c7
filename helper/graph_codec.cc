#include "helper/graph_codec.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "helper/bytes.h"
#include "helper/codec.h"
#include "helper/compress.h"
#include "helper/state_tables.h"
#include "helper/unread_contexts.h"

namespace compiler_cache {
namespace {

constexpr std::uint64_t kGraphVersion = 3;
constexpr std::size_t kMaxOutputsOnDisk = 64;

std::uint32_t u32_at(std::string_view bytes, std::size_t at) { return get_u32(bytes.substr(at)); }

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
    put_u32(inputs, path_numbers(input.path));
    put_u32(inputs, content_numbers(input.content));
  }
  std::string absent;
  for (const Graph::Absent& name : entry.absent) {
    put_u32(absent, path_numbers(name.folder));
    put_u32(absent, path_numbers(name.name));
  }
  std::string times;
  for (const std::int64_t time : entry.times) {
    put_u32(times, static_cast<std::uint32_t>(static_cast<std::uint64_t>(time)));
    put_u32(times, static_cast<std::uint32_t>(static_cast<std::uint64_t>(time) >> 32));
  }
  packer.array(4).bin(inputs).bin(times).bin(absent);
  pack_result(packer, entry.artifact);
}

/// What the numbers in entries stand for.
struct Numbers {
  std::vector<PathId> paths;
  std::vector<ContentId> contents;
};

bool get_entry(Node node, const Numbers& numbers, Graph::Entry& entry) {
  const auto& [paths, contents] = numbers;
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

using Adopt = UnreadContexts::Adopt;

bool get_contexts(Node list, const Numbers& numbers, const Adopt& adopt) {
  if (!list.is_array()) return false;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const Node context = list.at(i);
    Digest digest;
    if (context.size() != 2 || !context.at(0).get(digest) || !context.at(1).is_array()) return false;
    for (std::size_t k = 0; k < context.at(1).size(); ++k) {
      Graph::Entry entry;
      if (!get_entry(context.at(1).at(k), numbers, entry)) return false;
      adopt(digest, std::move(entry));
    }
  }
  return true;
}

bool unpack_section(std::string_view frame, const Numbers& numbers, const Adopt& adopt) {
  const Result<std::uint64_t> size = decompressed_size(frame);
  if (!size.ok() || *size > kMaxGraphSection) return false;
  const Result<std::string> bytes = decompress(frame, *size);
  if (!bytes.ok()) return false;
  const Result<Document> document = Document::parse(*bytes);
  return document.ok() && get_contexts(document->root(), numbers, adopt);
}

bool get_section(Node node, UnreadContexts& unread) {
  std::string_view digests;
  std::string_view frame;
  std::uint64_t variants = 0;
  if (node.size() != 3 || !node.at(0).get(digests) || !node.at(1).get(variants) || !node.at(2).get(frame))
    return false;
  const std::size_t count = digests.size() / Digest::kSize;
  if (digests.size() % Digest::kSize != 0 || variants > count * kMaxVariants || frame.empty()) return false;
  std::vector<Digest> contexts(count);
  for (std::size_t i = 0; i < count; ++i)
    Digest::from_bytes(digests.substr(i * Digest::kSize, Digest::kSize), contexts[i]);
  return unread.add(std::move(contexts), variants, frame);
}

bool made_precompiled_header(const Graph::Entry& entry) {
  return std::any_of(entry.artifact.outputs.begin(), entry.artifact.outputs.end(),
                     [](const ArtifactOutput& each) { return each.role == OutputRole::precompiled_header; });
}

/// Puts contexts one after the other, and a section off as soon as it is long enough.
class GraphEncoder {
 public:
  void add(const Digest& context, const std::list<Graph::Entry>& entries) {
    const bool read_at_once = std::any_of(entries.begin(), entries.end(), made_precompiled_header);
    Packer& to = read_at_once ? read_at_once_ : section_;
    to.array(2).bin(context.view()).array(entries.size());
    for (const Graph::Entry& entry : entries) pack_entry(to, entry, path_numbers_, content_numbers_);
    if (read_at_once) {
      ++read_at_once_count_;
      return;
    }
    digests_ += context.view();
    variants_ += entries.size();
    if (section_.bytes().size() >= kGraphSectionBytes) end_section();
  }

  std::string finish(const PathTable& paths, const ContentTable& contents) {
    if (!digests_.empty()) end_section();
    Packer part;
    part.array(5).uint(kGraphVersion).array(path_numbers_.order().size());
    for (PathId id : path_numbers_.order()) part.bin(paths[id]);
    std::string digests;
    for (ContentId id : content_numbers_.order()) digests.append(contents[id].view());
    part.bin(digests).array(read_at_once_count_);
    return part.take() + read_at_once_.take() + Packer().array(section_count_).take() + sections_.take();
  }

 private:
  void end_section() {
    const std::size_t count = digests_.size() / Digest::kSize;
    const std::string bytes = Packer().array(count).take() + std::exchange(section_, Packer()).take();
    sections_.array(3).bin(std::exchange(digests_, {})).uint(std::exchange(variants_, 0));
    sections_.bin(compress(bytes));
    ++section_count_;
  }

  Renumber path_numbers_;
  Renumber content_numbers_;
  Packer read_at_once_;
  std::size_t read_at_once_count_ = 0;
  Packer sections_;
  std::size_t section_count_ = 0;
  Packer section_;  ///< the one that is being filled
  std::string digests_;
  std::uint64_t variants_ = 0;
};

}  // namespace

std::string encode_graph(const Graph& graph, const PathTable& paths, const ContentTable& contents) {
  GraphEncoder encoder;
  graph.for_each(
      [&](const Digest& context, const std::list<Graph::Entry>& entries) { encoder.add(context, entries); });
  return encoder.finish(paths, contents);
}

Status decode_graph(std::string_view bytes, Graph& graph, PathTable& path_table,
                    ContentTable& content_table) {
  Result<Document> document = Document::parse(bytes);
  if (!document.ok()) return document.error();
  const Node root = document->root();
  if (Status version = check_version(root, 5, "the graph", kGraphVersion); !version.ok()) return version;
  auto numbers = std::make_shared<Numbers>();
  auto unread = std::make_unique<UnreadContexts>([numbers](std::string_view frame, const Adopt& adopt) {
    return unpack_section(frame, *numbers, adopt);
  });
  const Node sections = root.at(4);
  bool good = get_paths(root.at(1), path_table, numbers->paths) &&
              get_contents(root.at(2), content_table, numbers->contents) && sections.is_array();
  for (std::size_t i = 0; good && i < sections.size(); ++i) good = get_section(sections.at(i), *unread);
  good = good && get_contexts(root.at(3), *numbers, [&](const Digest& context, Graph::Entry entry) {
           if (!unread->has(context)) graph.adopt(context, std::move(entry));
         });
  if (!good) {
    graph.clear();
    return malformed("the graph");
  }
  graph.adopt_later(std::move(unread));
  return {};
}

}  // namespace compiler_cache
