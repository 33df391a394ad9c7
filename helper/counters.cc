#include "helper/counters.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "helper/codec.h"

namespace compiler_cache {
namespace {

constexpr std::uint64_t kFormat = 1;
constexpr std::size_t kStepFields = 16;
constexpr std::size_t kFieldsWithoutRemote = kStepFields + 2;
constexpr std::size_t kCountersFields = kFieldsWithoutRemote + 3;
constexpr std::size_t kOldestCountersFields = 14;  // without rechecks
constexpr std::size_t kBuildFields = 6;
constexpr std::size_t kBuildCountersFields = 4;
constexpr char kOverflowReason[] = "other";

void raise(std::uint64_t& value, std::uint64_t by) {
  const std::uint64_t room = std::numeric_limits<std::uint64_t>::max() - value;
  value += std::min(by, room);
}

/// Reasons come from disk and from other versions: their number must not grow without end.
void raise(ReasonCounts& counts, std::string_view name, std::uint64_t by) {
  auto found = counts.find(name);
  if (found == counts.end()) {
    const bool full = counts.size() + 1 >= kMaxReasons;
    found = counts.try_emplace(std::string(full ? kOverflowReason : name), 0).first;
  }
  raise(found->second, by);
}

void raise(ReasonCounts& counts, const ReasonCounts& by) {
  for (const auto& [name, count] : by) raise(counts, name, count);
}

void encode_reasons(Packer& packer, const ReasonCounts& counts) {
  packer.array(counts.size());
  for (const auto& [name, count] : counts) packer.array(2).bin(name).uint(count);
}

bool decode_reasons(const Node& node, ReasonCounts& counts) {
  if (!node.is_array()) return false;
  for (std::size_t i = 0; i < node.size(); ++i) {
    const Node row = node.at(i);
    std::string_view name;
    std::uint64_t count = 0;
    if (!row.at(0).get(name) || !row.at(1).get(count)) return false;
    raise(counts, name, count);
  }
  return true;
}

/// A later version may know more sources than we do: theirs are left out, the hits count.
bool decode_sources(const Node& node, std::array<std::uint64_t, kHitSourceCount>& sources) {
  if (!node.is_array()) return false;
  const std::size_t known = std::min(node.size(), sources.size());
  for (std::size_t i = 0; i < known; ++i) {
    if (!node.at(i).get(sources[i])) return false;
  }
  return true;
}

/// The fields of one kind of step, behind the head of their array.
void encode_step(Packer& packer, const StepCounters& counters) {
  packer.uint(kFormat);
  packer.uint(counters.hits).uint(counters.misses).uint(counters.uncacheable);
  packer.uint(counters.errors).uint(counters.bypassed);
  packer.array(counters.hit_sources.size());
  for (std::uint64_t count : counters.hit_sources) packer.uint(count);
  encode_reasons(packer, counters.miss_reasons);
  encode_reasons(packer, counters.uncacheable_reasons);
  encode_reasons(packer, counters.error_reasons);
  encode_reasons(packer, counters.bypass_reasons);
  packer.uint(counters.time_saved_us).uint(counters.bytes_restored).uint(counters.bytes_stored);
  packer.uint(counters.rechecked).uint(counters.recheck_differences);
}

bool decode_step(const Node& node, StepCounters& counters) {
  std::uint64_t format = 0;
  if (node.size() < kOldestCountersFields || !node.at(0).get(format) || format != kFormat) return false;
  std::uint64_t* const outcomes[] = {&counters.hits, &counters.misses, &counters.uncacheable,
                                     &counters.errors, &counters.bypassed};
  for (std::size_t i = 0; i < std::size(outcomes); ++i) {
    if (!node.at(1 + i).get(*outcomes[i])) return false;
  }
  if (!decode_sources(node.at(6), counters.hit_sources)) return false;
  ReasonCounts* const reasons[] = {&counters.miss_reasons, &counters.uncacheable_reasons,
                                   &counters.error_reasons, &counters.bypass_reasons};
  for (std::size_t i = 0; i < std::size(reasons); ++i) {
    if (!decode_reasons(node.at(7 + i), *reasons[i])) return false;
  }
  if (!node.at(11).get(counters.time_saved_us) || !node.at(12).get(counters.bytes_restored) ||
      !node.at(13).get(counters.bytes_stored)) {
    return false;
  }
  return node.size() < kStepFields ||
         (node.at(14).get(counters.rechecked) && node.at(15).get(counters.recheck_differences));
}

void encode_build(Packer& packer, const BuildRecord& build) {
  packer.array(kBuildFields)
      .uint(build.id)
      .uint(static_cast<std::uint32_t>(build.process.pid))
      .uint(build.process.start_time)
      .uint(build.started)
      .boolean(build.ended);
  build.counters.encode(packer);
}

bool decode_build(const Node& node, BuildRecord& build) {
  std::uint32_t pid = 0;
  if (node.size() < kBuildFields || !node.at(0).get(build.id) || !node.at(1).get(pid) ||
      !node.at(2).get(build.process.start_time) || !node.at(3).get(build.started) ||
      !node.at(4).get(build.ended)) {
    return false;
  }
  build.process.pid = static_cast<std::int32_t>(pid);
  Result<Counters> counters = Counters::decode(node.at(5));
  if (!counters) return false;
  build.counters = std::move(*counters);
  return true;
}

}  // namespace

std::uint64_t StepCounters::requests() const {
  std::uint64_t sum = 0;
  for (std::uint64_t part : {hits, misses, uncacheable, errors, bypassed}) raise(sum, part);
  return sum;
}

void StepCounters::add(const RequestResult& result) {
  switch (result.outcome) {
    case Outcome::hit:
      raise(hits, 1);
      raise(hit_sources[static_cast<std::size_t>(result.source)], 1);
      raise(bytes_restored, result.bytes_restored);
      raise(time_saved_us, static_cast<std::uint64_t>(std::max<std::int64_t>(result.time_saved_us, 0)));
      break;
    case Outcome::miss:
      raise(misses, 1);
      raise(miss_reasons, result.reason, 1);
      break;
    case Outcome::uncacheable:
      raise(uncacheable, 1);
      raise(uncacheable_reasons, result.reason, 1);
      break;
    case Outcome::error:
      raise(errors, 1);
      raise(error_reasons, result.reason, 1);
      break;
    case Outcome::bypassed:
      raise(bypassed, 1);
      raise(bypass_reasons, result.reason, 1);
      break;
  }
  raise(bytes_stored, result.bytes_stored);
  raise(rechecked, result.rechecked ? 1 : 0);
  raise(recheck_differences, result.recheck_differed ? 1 : 0);
}

void StepCounters::add_bypassed(const ReasonCounts& counts) {
  for (const auto& [name, count] : counts) {
    raise(bypassed, count);
    raise(bypass_reasons, name, count);
  }
}

void StepCounters::merge(const StepCounters& other) {
  raise(hits, other.hits);
  raise(misses, other.misses);
  raise(uncacheable, other.uncacheable);
  raise(errors, other.errors);
  raise(bypassed, other.bypassed);
  for (std::size_t i = 0; i < hit_sources.size(); ++i) raise(hit_sources[i], other.hit_sources[i]);
  raise(miss_reasons, other.miss_reasons);
  raise(uncacheable_reasons, other.uncacheable_reasons);
  raise(error_reasons, other.error_reasons);
  raise(bypass_reasons, other.bypass_reasons);
  raise(time_saved_us, other.time_saved_us);
  raise(bytes_restored, other.bytes_restored);
  raise(bytes_stored, other.bytes_stored);
  raise(rechecked, other.rechecked);
  raise(recheck_differences, other.recheck_differences);
}

void Counters::add(const RequestResult& result) {
  raise(remote_wait_us, result.remote_wait_us);
  raise(remote_bytes, result.remote_bytes);
  if (result.outcome == Outcome::hit && result.source == HitSource::remote)
    raise(remote_saved_us, static_cast<std::uint64_t>(std::max<std::int64_t>(result.time_saved_us, 0)));
  switch (result.step) {
    case StepKind::compile:
      return StepCounters::add(result);
    case StepKind::archive:
      return archives.add(result);
    case StepKind::link:
      return links.add(result);
  }
}

void Counters::merge(const Counters& other) {
  StepCounters::merge(other);
  archives.merge(other.archives);
  links.merge(other.links);
  raise(remote_wait_us, other.remote_wait_us);
  raise(remote_bytes, other.remote_bytes);
  raise(remote_saved_us, other.remote_saved_us);
}

void Counters::encode(Packer& packer) const {
  packer.array(kCountersFields);
  encode_step(packer, *this);
  packer.array(kStepFields);
  encode_step(packer, archives);
  packer.array(kStepFields);
  encode_step(packer, links);
  packer.uint(remote_wait_us).uint(remote_bytes).uint(remote_saved_us);
}

Result<Counters> Counters::decode(const Node& node) {
  Counters counters;
  const bool ok =
      decode_step(node, counters) &&
      (node.size() < kFieldsWithoutRemote || (decode_step(node.at(kStepFields), counters.archives) &&
                                              decode_step(node.at(kStepFields + 1), counters.links))) &&
      (node.size() < kCountersFields || (node.at(kFieldsWithoutRemote).get(counters.remote_wait_us) &&
                                         node.at(kFieldsWithoutRemote + 1).get(counters.remote_bytes) &&
                                         node.at(kFieldsWithoutRemote + 2).get(counters.remote_saved_us)));
  if (!ok) return Error{ErrorKind::corrupt, "the counters are damaged"};
  return counters;
}

std::uint64_t BuildCounters::begin_build(std::uint64_t wall_seconds, BuildIdentity process) {
  if (process.pid != 0) {
    for (const BuildRecord& build : open_) {
      if (build.process == process) return build.id;
    }
    if (last_ && !last_->ended && last_->process == process) {
      open_.push_back(*std::exchange(last_, std::nullopt));
      return open_.back().id;
    }
  }
  BuildRecord build;
  build.id = next_id_++;
  build.process = process;
  build.started = wall_seconds;
  open_.push_back(std::move(build));
  return open_.back().id;
}

void BuildCounters::end_build(std::uint64_t id) {
  BuildRecord* const build = find_open(id);
  if (build == nullptr) return;
  build->ended = true;
  const bool newest = !last_ || last_->id < id;
  if (newest) (build->counters.any() ? last_ : empty_) = std::move(*build);
  std::erase_if(open_, [id](const BuildRecord& record) { return record.id == id; });
}

void BuildCounters::add(const RequestResult& result, std::uint64_t build_id) {
  total_.add(result);
  if (BuildRecord* const build = find_open(build_id)) return build->counters.add(result);
  const bool newest = empty_ && (!last_ || last_->id < empty_->id);
  if (newest && empty_->id == build_id) last_ = std::exchange(empty_, std::nullopt);
  if (last_ && last_->id == build_id) last_->counters.add(result);
}

void BuildCounters::add_bypassed(const ReasonCounts& counts, std::uint64_t build_id,
                                 std::uint64_t wall_seconds) {
  if (counts.empty()) return;
  total_.add_bypassed(counts);
  BuildRecord* const build = find_open(build_id);
  if (build != nullptr) return build->counters.add_bypassed(counts);
  const std::uint64_t own = begin_build(wall_seconds);
  find_open(own)->counters.add_bypassed(counts);
  end_build(own);
}

std::optional<BuildRecord> BuildCounters::last_build() const {
  const BuildRecord* newest = last_ ? &*last_ : nullptr;
  for (const BuildRecord& build : open_) {
    if (!build.counters.any()) continue;
    if (newest == nullptr || newest->id < build.id) newest = &build;
  }
  return newest == nullptr ? std::nullopt : std::optional<BuildRecord>(*newest);
}

std::string BuildCounters::encode() const {
  Packer packer;
  packer.array(kBuildCountersFields).uint(kFormat).uint(next_id_);
  total_.encode(packer);
  if (const std::optional<BuildRecord> last = last_build()) {
    encode_build(packer, *last);
  } else {
    packer.array(0);
  }
  return packer.take();
}

Result<BuildCounters> BuildCounters::decode(std::string_view bytes) {
  const Error corrupt{ErrorKind::corrupt, "the counters are damaged"};
  Result<Document> document = Document::parse(bytes);
  if (!document) return document.error();
  const Node root = document->root();
  std::uint64_t format = 0;
  if (!root.at(0).get(format)) return corrupt;
  if (format > kFormat) return Error{ErrorKind::unsupported, "the counters are of a newer version"};
  BuildCounters result;
  if (root.size() < kBuildCountersFields || !root.at(1).get(result.next_id_)) return corrupt;
  Result<Counters> total = Counters::decode(root.at(2));
  if (!total) return total.error();
  result.total_ = std::move(*total);
  if (root.at(3).size() > 0) {
    BuildRecord last;
    if (!decode_build(root.at(3), last)) return corrupt;
    result.next_id_ = std::max(result.next_id_, last.id + 1);
    result.last_ = std::move(last);
  } else if (!root.at(3).is_array()) {
    return corrupt;
  }
  return result;
}

BuildRecord* BuildCounters::find_open(std::uint64_t id) {
  const auto found = std::ranges::find(open_, id, &BuildRecord::id);
  return found == open_.end() ? nullptr : &*found;
}

}  // namespace compiler_cache
