// The memory of steps as bytes; the grammar is in step_memory.h.
#include <limits>
#include <utility>

#include "helper/bytes.h"
#include "helper/codec.h"
#include "helper/step_memory.h"

namespace compiler_cache {
namespace {

constexpr std::uint64_t kMemoryVersion = 1;
constexpr std::size_t kMemoryFields = 6;
constexpr std::size_t kRememberedBytes = 40;
constexpr std::size_t kProgramFileBytes = 12;

}  // namespace

/// Takes along what is still used: what is not, is forgotten.
class StepMemory::Encoder {
 public:
  explicit Encoder(const StepMemory& memory)
      : memory_(memory),
        texts_(memory.texts_.size(), kNoId),
        lists_(memory.lists_.size(), kNoId),
        compilers_(memory.compilers_.size(), kNoId) {}

  std::string encode() {
    std::string bytes;
    for (const auto& [output, entry] : memory_.entries_) add(bytes, output, entry);
    Packer packer;
    packer.array(kMemoryFields).uint(kMemoryVersion).array(used_texts_.size());
    for (const std::string_view text : used_texts_) packer.bin(text);
    packer.array(used_lists_.size());
    for (const std::string& list : used_lists_) packer.bin(list);
    packer.array(used_compilers_.size());
    std::string head = packer.take();
    for (const std::string& compiler : used_compilers_) head += compiler;
    Packer tail;
    tail.uint(memory_.entries_.size()).bin(bytes);
    return head + tail.take();
  }

 private:
  std::uint32_t text(PathId id) {
    if (id == kNoId) return kNoId;
    if (texts_[id] == kNoId) {
      used_texts_.push_back(memory_.texts_[id]);
      texts_[id] = static_cast<std::uint32_t>(used_texts_.size() - 1);
    }
    return texts_[id];
  }
  std::uint32_t list(ListId id) {
    if (id == kNoId) return kNoId;
    if (lists_[id] != kNoId) return lists_[id];
    const std::string_view words = memory_.lists_[id];
    std::string packed;
    for (std::size_t at = 0; at < words.size(); at += 4) put_u32(packed, text(get_u32(words.substr(at))));
    used_lists_.push_back(std::move(packed));
    return lists_[id] = static_cast<std::uint32_t>(used_lists_.size() - 1);
  }
  std::uint32_t compiler(std::uint32_t id) {
    if (id >= compilers_.size()) return kNoId;
    if (compilers_[id] != kNoId) return compilers_[id];
    const Compiler& one = memory_.compilers_[id];
    std::string files;
    for (const auto& [path, content] : one.files) {
      put_u32(files, text(path));
      put_u64(files, content);
    }
    Packer packer;
    packer.array(4).bin(one.program).bin(one.name).uint(one.digest).bin(files);
    used_compilers_.push_back(packer.take());
    return compilers_[id] = static_cast<std::uint32_t>(used_compilers_.size() - 1);
  }
  void add(std::string& bytes, PathId output, const Entry& entry) {
    put_u32(bytes, text(output));
    put_u32(bytes, text(entry.source));
    put_u32(bytes, list(entry.options));
    put_u32(bytes, list(entry.environment));
    put_u32(bytes, text(entry.folder));
    put_u32(bytes, compiler(entry.compiler));
    put_u32(bytes, text(entry.reason));
    put_u32(bytes, text(entry.detail));
    put_u64(bytes, entry.context);
  }

  const StepMemory& memory_;
  std::vector<std::uint32_t> texts_;  ///< new places, by id
  std::vector<std::uint32_t> lists_;
  std::vector<std::uint32_t> compilers_;
  std::vector<std::string_view> used_texts_;
  std::vector<std::string> used_lists_;
  std::vector<std::string> used_compilers_;
};

std::string StepMemory::encode() const { return Encoder(*this).encode(); }

bool StepMemory::decode_compiler(const Node& node) {
  Compiler one;
  std::string_view files;
  if (!node.at(0).get(one.program) || !node.at(1).get(one.name) || !node.at(2).get(one.digest) ||
      !node.at(3).get(files) || files.size() % kProgramFileBytes != 0)
    return false;
  for (; !files.empty(); files.remove_prefix(kProgramFileBytes)) {
    if (get_u32(files) >= texts_.size()) return false;
    one.files.emplace_back(get_u32(files), get_u64(files.substr(4)));
  }
  compilers_.push_back(std::move(one));
  return true;
}

bool StepMemory::decode_tables(const Node& root) {
  const Node texts = root.at(1);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    std::string_view text;
    // One that stands there twice would move all behind it.
    if (!texts.at(i).get(text) || texts_.intern(text) != i) return false;
  }
  const Node lists = root.at(2);
  for (std::size_t i = 0; i < lists.size(); ++i) {
    std::string_view words;
    if (!lists.at(i).get(words) || words.empty() || words.size() % 4 != 0) return false;
    for (std::size_t at = 0; at < words.size(); at += 4) {
      if (get_u32(words.substr(at)) >= texts_.size()) return false;
    }
    if (lists_.intern(words) != i) return false;
  }
  const Node compilers = root.at(3);
  for (std::size_t i = 0; i < compilers.size(); ++i) {
    if (!decode_compiler(compilers.at(i))) return false;
  }
  return texts.is_array() && lists.is_array() && compilers.is_array();
}

bool StepMemory::decode_entries(std::string_view packed, std::uint64_t count) {
  if (count > kMaxRememberedSteps || packed.size() != count * kRememberedBytes) return false;
  for (; !packed.empty(); packed.remove_prefix(kRememberedBytes)) {
    std::uint32_t numbers[8];
    for (std::size_t i = 0; i < 8; ++i) numbers[i] = get_u32(packed.substr(4 * i));
    const auto& [output, source, options, environment, folder, compiler, reason, detail] = numbers;
    const auto is_list = [this](ListId id) { return id == kNoId || id < lists_.size(); };
    if (output >= texts_.size() || !is_text(source) || !is_list(options) || !is_list(environment) ||
        !is_text(folder) || compiler >= compilers_.size() || !is_text(reason) || !is_text(detail))
      return false;
    entries_[output] = {source,   options, environment, folder,
                        compiler, reason,  detail,      get_u64(packed.substr(32))};
  }
  return true;
}

Result<StepMemory> StepMemory::decode(std::string_view bytes) {
  const Error damage{ErrorKind::corrupt, "what is known of the last builds is damaged"};
  const Result<Document> document = Document::parse(bytes);
  if (!document) return damage;
  const Node root = document->root();
  StepMemory memory;
  std::uint64_t version = 0;
  std::uint64_t count = 0;
  std::string_view packed;
  if (root.size() < kMemoryFields || !root.at(0).get(version) || version != kMemoryVersion ||
      !memory.decode_tables(root) || !root.at(4).get(count) || !root.at(5).get(packed) ||
      !memory.decode_entries(packed, count))
    return damage;
  return memory;
}

}  // namespace compiler_cache
