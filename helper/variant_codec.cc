#include "helper/variant_codec.h"

#include <algorithm>
#include <unordered_map>
#include <vector>

#include "helper/codec.h"
#include "helper/sealed_bytes.h"

namespace compiler_cache {
namespace {

// Version history
//   1  first
//   2  times of inputs; precompiled headers among the outputs, and as inputs by their origin
constexpr std::uint32_t kVersion = 2;
constexpr SealKind kVariantFile{"CCvr", kVersion, std::uint64_t{256} << 20};

constexpr std::uint32_t kMaxRole = static_cast<std::uint32_t>(kLastOutputRole);

// The elements of the top array, and how many values one entry of a flat list takes. Lists are flat because
// a msgpack object per entry would cost more memory in parsing than the entry itself.
enum Field : std::size_t {
  version,
  context,
  folders,
  inputs,
  absent,
  outputs,
  prints,
  targets,
  time,
  input_times,
  count
};
constexpr std::size_t kValuesPerFolder = 2;
constexpr std::size_t kValuesPerInput = 3;
constexpr std::size_t kValuesPerAbsent = 2;
constexpr std::size_t kValuesPerOutput = 3;

Error too_large(const char* what) { return {ErrorKind::too_large, std::string("variant with ") + what}; }
Error corrupt(const char* what) { return {ErrorKind::corrupt, std::string("variant with bad ") + what}; }

/// Folders in order of first use; each is one number in the lists that follow.
class FolderTable {
 public:
  std::uint64_t index_of(std::string_view folder) {
    const auto [found, added] = indices_.try_emplace(folder, folders_.size());
    if (added) folders_.push_back(folder);
    return found->second;
  }

  const std::vector<std::string_view>& folders() const { return folders_; }

 private:
  std::unordered_map<std::string_view, std::uint64_t> indices_;
  std::vector<std::string_view> folders_;
};

/// A path as folder and name. Number 0 says that it has no slash at all, n + 1 that it is in folder n.
std::uint64_t split_path(std::string_view path, FolderTable& table, std::string_view& name) {
  const std::size_t slash = path.rfind('/');
  name = slash == std::string_view::npos ? path : path.substr(slash + 1);
  return slash == std::string_view::npos ? 0 : table.index_of(path.substr(0, slash)) + 1;
}

Status check_limits(const Variant& variant) {
  if (variant.inputs.size() > kMaxVariantInputs) return too_large("too many inputs");
  if (!variant.times.empty() && variant.times.size() != variant.inputs.size()) {
    return Error{ErrorKind::invalid, "variant with times that fit no inputs"};
  }
  if (variant.absent.size() > kMaxVariantAbsent) return too_large("too many absent names");
  if (variant.artifact.outputs.size() > kMaxVariantOutputs) return too_large("too many outputs");
  if (variant.artifact.depfile_targets.size() > kMaxVariantTargets) return too_large("too many targets");
  std::size_t path_bytes = 0;
  std::size_t longest = 0;
  auto add = [&](const std::string& text) {
    path_bytes += text.size();
    longest = std::max(longest, text.size());
  };
  for (const VariantInput& input : variant.inputs) add(input.path);
  for (const AbsentName& name : variant.absent) {
    add(name.folder);
    add(name.name);
  }
  for (const std::string& target : variant.artifact.depfile_targets) add(target);
  if (longest > kMaxVariantPath) return too_large("too long a path");
  if (path_bytes > kMaxVariantPathBytes) return too_large("too long paths");
  return {};
}

void pack_folders(Packer& packer, const FolderTable& table) {
  packer.array(table.folders().size() * kValuesPerFolder);
  std::string_view previous;
  for (const std::string_view folder : table.folders()) {
    const auto differs = std::mismatch(folder.begin(), folder.end(), previous.begin(), previous.end());
    const auto shared = static_cast<std::size_t>(differs.first - folder.begin());
    packer.uint(shared).bin(folder.substr(shared));
    previous = folder;
  }
}

void pack_artifact(Packer& packer, const Artifact& artifact) {
  packer.array(artifact.outputs.size() * kValuesPerOutput);
  for (const ArtifactOutput& output : artifact.outputs) {
    packer.uint(static_cast<std::uint64_t>(output.role)).bin(output.blob.view()).uint(output.size);
  }
  packer.array(2).bin(artifact.standard_output.view()).bin(artifact.standard_error.view());
  packer.array(artifact.depfile_targets.size());
  for (const std::string& target : artifact.depfile_targets) packer.bin(target);
  packer.uint(artifact.compile_us);
}

void pack_times(Packer& packer, const std::vector<std::int64_t>& times) {
  packer.array(times.size());
  for (const std::int64_t time : times) packer.uint(static_cast<std::uint64_t>(time));
}

/// The number of entries of a flat list, or false when it is none or longer than it may be.
bool get_count(Node list, std::size_t values_each, std::size_t limit, std::size_t& entries) {
  if (!list.is_array() || list.size() % values_each != 0) return false;
  entries = list.size() / values_each;
  return entries <= limit;
}

/// Reads one variant; counts what its paths take in memory.
class Decoder {
 public:
  explicit Decoder(Node root) : root_(root) {}

  Status decode(StoredVariant& out) {
    if (!root_.at(Field::context).get(out.context)) return corrupt("context");
    if (!decode_folders()) return corrupt("folders");
    if (!decode_inputs(out.variant.inputs)) return corrupt("inputs");
    if (!decode_times(out.variant)) return corrupt("times");
    if (!decode_absent(out.variant.absent)) return corrupt("absent names");
    if (!decode_artifact(out.variant.artifact)) return corrupt("artifact");
    return {};
  }

 private:
  bool fits(std::size_t size) {
    path_bytes_ += size;
    return size <= kMaxVariantPath && path_bytes_ <= kMaxVariantPathBytes;
  }

  bool decode_folders() {
    const Node list = root_.at(Field::folders);
    std::size_t entries = 0;
    if (!get_count(list, kValuesPerFolder, kMaxVariantFolders, entries)) return false;
    folders_.reserve(entries);
    std::size_t table_bytes = 0;
    for (std::size_t i = 0; i < entries; ++i) {
      std::uint64_t shared = 0;
      std::string_view rest;
      const std::string_view previous = i == 0 ? std::string_view() : folders_.back();
      if (!list.at(kValuesPerFolder * i).get(shared) || !list.at(kValuesPerFolder * i + 1).get(rest) ||
          shared > previous.size() || shared + rest.size() > kMaxVariantPath) {
        return false;
      }
      table_bytes += static_cast<std::size_t>(shared) + rest.size();
      if (table_bytes > kMaxVariantPathBytes) return false;
      std::string folder(previous.substr(0, static_cast<std::size_t>(shared)));
      folders_.push_back(folder.append(rest));
    }
    return true;
  }

  bool decode_inputs(std::vector<VariantInput>& out) {
    const Node list = root_.at(Field::inputs);
    std::size_t entries = 0;
    if (!get_count(list, kValuesPerInput, kMaxVariantInputs, entries)) return false;
    out.resize(entries);
    for (std::size_t i = 0; i < entries; ++i) {
      const std::size_t first = kValuesPerInput * i;
      std::uint64_t number = 0;
      std::string_view name;
      if (!list.at(first).get(number) || number > folders_.size() || !list.at(first + 1).get(name) ||
          !list.at(first + 2).get(out[i].content)) {
        return false;
      }
      const std::string_view folder = number == 0 ? std::string_view() : folders_[number - 1];
      if (!fits(folder.size() + name.size() + (number == 0 ? 0 : 1))) return false;
      out[i].path.assign(folder).append(number == 0 ? "" : "/").append(name);
    }
    return true;
  }

  bool decode_times(Variant& out) {
    const Node list = root_.at(Field::input_times);
    if (!list.is_array() || (list.size() != 0 && list.size() != out.inputs.size())) return false;
    out.times.resize(list.size());
    for (std::size_t i = 0; i < out.times.size(); ++i) {
      std::uint64_t bits = 0;
      if (!list.at(i).get(bits)) return false;
      out.times[i] = static_cast<std::int64_t>(bits);
    }
    return true;
  }

  bool decode_absent(std::vector<AbsentName>& out) {
    const Node list = root_.at(Field::absent);
    std::size_t entries = 0;
    if (!get_count(list, kValuesPerAbsent, kMaxVariantAbsent, entries)) return false;
    out.resize(entries);
    for (std::size_t i = 0; i < entries; ++i) {
      std::uint64_t number = 0;
      if (!list.at(kValuesPerAbsent * i).get(number) || number >= folders_.size() ||
          !list.at(kValuesPerAbsent * i + 1).get(out[i].name) || !fits(folders_[number].size()) ||
          !fits(out[i].name.size())) {
        return false;
      }
      out[i].folder = folders_[number];
    }
    return true;
  }

  bool decode_artifact(Artifact& out) {
    const Node list = root_.at(Field::outputs);
    std::size_t entries = 0;
    if (!get_count(list, kValuesPerOutput, kMaxVariantOutputs, entries)) return false;
    out.outputs.resize(entries);
    for (std::size_t i = 0; i < entries; ++i) {
      const std::size_t first = kValuesPerOutput * i;
      std::uint32_t role = 0;
      if (!list.at(first).get(role) || role > kMaxRole || !list.at(first + 1).get(out.outputs[i].blob) ||
          !list.at(first + 2).get(out.outputs[i].size)) {
        return false;
      }
      out.outputs[i].role = static_cast<OutputRole>(role);
    }
    const Node prints = root_.at(Field::prints);
    return prints.size() == 2 && prints.at(0).get(out.standard_output) &&
           prints.at(1).get(out.standard_error) && decode_targets(out.depfile_targets) &&
           root_.at(Field::time).get(out.compile_us);
  }

  bool decode_targets(std::vector<std::string>& out) {
    const Node list = root_.at(Field::targets);
    std::size_t entries = 0;
    if (!get_count(list, 1, kMaxVariantTargets, entries)) return false;
    out.resize(entries);
    for (std::size_t i = 0; i < entries; ++i) {
      if (!list.at(i).get(out[i]) || !fits(out[i].size())) return false;
    }
    return true;
  }

  const Node root_;
  std::vector<std::string> folders_;
  std::size_t path_bytes_ = 0;
};

}  // namespace

Result<std::string> encode_variant(const StoredVariant& stored) {
  const Variant& variant = stored.variant;
  if (const Status limits = check_limits(variant); !limits.ok()) return limits.error();
  FolderTable table;
  Packer input_list;
  input_list.array(variant.inputs.size() * kValuesPerInput);
  for (const VariantInput& input : variant.inputs) {
    std::string_view name;
    const std::uint64_t number = split_path(input.path, table, name);
    input_list.uint(number).bin(name).bin(input.content.view());
  }
  Packer absent_list;
  absent_list.array(variant.absent.size() * kValuesPerAbsent);
  for (const AbsentName& name : variant.absent) absent_list.uint(table.index_of(name.folder)).bin(name.name);
  if (table.folders().size() > kMaxVariantFolders) return too_large("too many folders");

  Packer packer;
  packer.array(Field::count).uint(kVersion).bin(stored.context.view());
  pack_folders(packer, table);
  Packer rest;
  pack_artifact(rest, variant.artifact);
  pack_times(rest, variant.times);
  return packer.take() + input_list.take() + absent_list.take() + rest.take();
}

Result<StoredVariant> decode_variant(std::string_view bytes) {
  auto document = Document::parse(bytes);
  if (!document) return document.error();
  const Node root = document->root();
  std::uint32_t found = 0;
  if (!root.at(Field::version).get(found)) return corrupt("version");
  if (found > kVersion) return Error{ErrorKind::unsupported, "variant of a newer version"};
  if (found < kVersion) return Error{ErrorKind::invalid, "variant of an older version"};
  if (root.size() != Field::count) return corrupt("shape");
  StoredVariant stored;
  if (const Status decoded = Decoder(root).decode(stored); !decoded.ok()) return decoded.error();
  return stored;
}

Result<std::string> encode_variant_file(const StoredVariant& stored) {
  const auto payload = encode_variant(stored);
  if (!payload) return payload.error();
  return seal(kVariantFile, {}, payload.value());
}

Result<StoredVariant> decode_variant_file(std::string_view file) {
  const Unsealed unsealed = unseal(kVariantFile, {}, file);
  switch (unsealed.state) {
    case SealState::good:
      return decode_variant(unsealed.payload);
    case SealState::older:
      return Error{ErrorKind::invalid, "variant of an older version"};
    case SealState::newer:
      return Error{ErrorKind::unsupported, "variant of a newer version"};
    case SealState::damaged:
      break;
  }
  return Error{ErrorKind::corrupt, "damaged variant"};
}

}  // namespace compiler_cache
