#include "helper/history_codec.h"

#include <algorithm>
#include <utility>

#include "helper/codec.h"

namespace compiler_cache {
namespace {

constexpr std::uint64_t kHistoryVersion = 1;
constexpr std::size_t kSummaryFields = 13;
constexpr std::size_t kStepsFields = 6;
constexpr std::size_t kMaxHistoryText = 1U << 16;

Error history_damage() { return {ErrorKind::corrupt, "a record of the history is damaged"}; }

void put_number(std::string& out, std::uint64_t value) {
  while (value >= 0x80) {
    out.push_back(static_cast<char>((value & 0x7f) | 0x80));
    value >>= 7;
  }
  out.push_back(static_cast<char>(value));
}

std::uint64_t place_of(PathId id) { return id == kNoId ? 0 : std::uint64_t{id} + 1; }

/// Reads numbers until something does not fit; then everything is 0 and `ok` says so.
class NumberReader {
 public:
  explicit NumberReader(std::string_view bytes) : bytes_(bytes) {}

  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (bytes_.empty()) return fail();
      const auto byte = static_cast<unsigned char>(bytes_.front());
      bytes_.remove_prefix(1);
      value |= std::uint64_t{byte & 0x7fU} << shift;
      if (byte < 0x80) return shift == 63 && byte > 1 ? fail() : value;
    }
    return fail();
  }
  /// At most `limit`.
  std::uint64_t number(std::uint64_t limit) {
    const std::uint64_t value = number();
    return value <= limit ? value : fail();
  }
  PathId text(std::size_t texts) {
    const std::uint64_t place = number(texts);
    return place == 0 ? kNoId : static_cast<PathId>(place - 1);
  }
  std::string_view take(std::uint64_t size) {
    if (size > bytes_.size()) {
      fail();
      return {};
    }
    const std::string_view taken = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return taken;
  }
  bool ok() const { return ok_; }
  bool empty() const { return bytes_.empty(); }

 private:
  std::uint64_t fail() {
    ok_ = false;
    bytes_ = {};
    return 0;
  }

  std::string_view bytes_;
  bool ok_ = true;
};

std::string step_bytes(const StepRecord& step) {
  std::string out;
  for (const std::uint64_t value :
       {static_cast<std::uint64_t>(step.kind), static_cast<std::uint64_t>(step.outcome),
        static_cast<std::uint64_t>(step.source_tier), place_of(step.source), place_of(step.output),
        place_of(step.reason), place_of(step.detail), step.start_us,
        step.end_us - std::min(step.end_us, step.start_us), step.compile_us, std::uint64_t{step.launcher},
        step.context}) {
    put_number(out, value);
  }
  put_number(out, kStepPhases);
  for (const std::uint32_t us : step.phases) put_number(out, us);
  put_number(out, step.causes.size());
  for (const RecordedCause& cause : step.causes) {
    put_number(out, static_cast<std::uint64_t>(cause.kind));
    for (const PathId id : {cause.subject, cause.from, cause.to}) put_number(out, place_of(id));
  }
  return out;
}

/// What the numbers of a file stand for in this version.
struct Meanings {
  std::size_t texts = 0;
  std::vector<std::size_t> phases;  ///< kStepPhases: not known here
  std::vector<CauseKind> causes;
};

constexpr std::uint64_t kLastOutcome = static_cast<std::uint64_t>(Outcome::bypassed);
constexpr std::uint64_t kLastKind = static_cast<std::uint64_t>(StepKind::link);

bool read_step(NumberReader in, const Meanings& meanings, StepRecord& step) {
  step.kind = static_cast<StepKind>(in.number(kLastKind));
  step.outcome = static_cast<Outcome>(in.number(kLastOutcome));
  step.source_tier = static_cast<HitSource>(in.number(kHitSourceCount - 1));
  for (PathId* id : {&step.source, &step.output, &step.reason, &step.detail}) *id = in.text(meanings.texts);
  step.start_us = in.number();
  step.end_us = step.start_us + in.number();
  step.compile_us = in.number();
  step.launcher = static_cast<std::uint32_t>(in.number(0xffffffff));
  step.context = in.number();
  const std::uint64_t phases = in.number(meanings.phases.size());
  for (std::uint64_t i = 0; i < phases; ++i) {
    const auto us = static_cast<std::uint32_t>(in.number(0xffffffff));
    if (meanings.phases[i] < kStepPhases) step.phases[meanings.phases[i]] = us;
  }
  const std::uint64_t causes = in.number(kMaxCauses);
  for (std::uint64_t i = 0; i < causes && in.ok(); ++i) {
    RecordedCause cause;
    const std::uint64_t kind = in.number();
    cause.kind = kind < meanings.causes.size() ? meanings.causes[kind] : CauseKind::other;
    for (PathId* id : {&cause.subject, &cause.from, &cause.to}) *id = in.text(meanings.texts);
    step.causes.push_back(cause);
  }
  return in.ok();
}

bool read_meanings(const Node& phases, const Node& causes, Meanings& meanings) {
  if (!phases.is_array() || !causes.is_array()) return false;
  for (std::size_t i = 0; i < phases.size(); ++i) {
    std::string_view name;
    if (!phases.at(i).get(name)) return false;
    const auto* const found = std::ranges::find(kStepPhaseNames, name);
    meanings.phases.push_back(static_cast<std::size_t>(found - kStepPhaseNames));
  }
  for (std::size_t i = 0; i < causes.size(); ++i) {
    std::string_view name;
    if (!causes.at(i).get(name)) return false;
    meanings.causes.push_back(cause_from_name(name));
  }
  return true;
}

PathId translated(PathId id, const std::vector<PathId>& ids) { return id == kNoId ? kNoId : ids[id]; }

}  // namespace

std::string encode_summary(const BuildSummary& summary) {
  Packer packer;
  packer.array(kSummaryFields).uint(kHistoryVersion).uint(summary.number).uint(summary.id);
  packer.uint(static_cast<std::uint32_t>(summary.process.pid)).uint(summary.process.start_time);
  packer.bin(summary.tool).bin(summary.asked).uint(summary.started_us).uint(summary.ended_us);
  packer.boolean(summary.ended).uint(summary.steps).uint(summary.left_out);
  summary.counters.encode(packer);
  return packer.take();
}

Result<BuildSummary> decode_summary(std::string_view bytes) {
  Result<Document> document = Document::parse(bytes);
  if (!document) return document.error();
  const Node root = document->root();
  BuildSummary summary;
  std::uint64_t version = 0;
  std::uint32_t pid = 0;
  if (root.size() < kSummaryFields || !root.at(0).get(version) || version != kHistoryVersion ||
      !root.at(1).get(summary.number) || !root.at(2).get(summary.id) || !root.at(3).get(pid) ||
      !root.at(4).get(summary.process.start_time) || !root.at(5).get(summary.tool) ||
      !root.at(6).get(summary.asked) || !root.at(7).get(summary.started_us) ||
      !root.at(8).get(summary.ended_us) || !root.at(9).get(summary.ended) ||
      !root.at(10).get(summary.steps) || !root.at(11).get(summary.left_out)) {
    return history_damage();
  }
  summary.process.pid = static_cast<std::int32_t>(pid);
  Result<Counters> counters = Counters::decode(root.at(12));
  if (!counters) return counters.error();
  summary.counters = std::move(*counters);
  return summary;
}

std::string encode_steps(const BuildSteps& steps) {
  Packer packer;
  packer.array(kStepsFields).uint(kHistoryVersion).array(steps.texts.size());
  for (std::size_t i = 0; i < steps.texts.size(); ++i)
    packer.bin(std::string_view(steps.texts[static_cast<PathId>(i)]).substr(0, kMaxHistoryText));
  packer.array(kStepPhases);
  for (const char* name : kStepPhaseNames) packer.bin(name);
  packer.array(kCauses.size());
  for (const CauseText& row : kCauses) packer.bin(row.name);
  std::string all;
  for (const StepRecord& step : steps.steps) {
    const std::string bytes = step_bytes(step);
    put_number(all, bytes.size());
    all += bytes;
  }
  packer.uint(steps.steps.size()).bin(all);
  return packer.take();
}

Result<BuildSteps> decode_steps(std::string_view bytes) {
  Result<Document> document = Document::parse(bytes);
  if (!document) return document.error();
  const Node root = document->root();
  std::uint64_t version = 0;
  std::uint64_t count = 0;
  std::string_view packed;
  const Node texts = root.at(1);
  Meanings meanings;
  if (root.size() < kStepsFields || !root.at(0).get(version) || version != kHistoryVersion ||
      !texts.is_array() || !read_meanings(root.at(2), root.at(3), meanings) || !root.at(4).get(count) ||
      count > kMaxSteps || !root.at(5).get(packed)) {
    return history_damage();
  }
  BuildSteps steps;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    std::string_view text;
    // One that stands there twice would move all behind it.
    if (!texts.at(i).get(text) || steps.texts.intern(text) != i) return history_damage();
  }
  meanings.texts = texts.size();
  NumberReader in(packed);
  for (std::uint64_t i = 0; i < count; ++i) {
    StepRecord step;
    const std::string_view one = in.take(in.number());
    if (!in.ok() || !read_step(NumberReader(one), meanings, step)) return history_damage();
    steps.steps.push_back(std::move(step));
  }
  if (!in.empty()) return history_damage();
  return steps;
}

std::uint64_t append_steps(BuildSteps& steps, const BuildSteps& more, std::uint64_t shift_us) {
  std::vector<PathId> ids;
  ids.reserve(more.texts.size());
  for (std::size_t i = 0; i < more.texts.size(); ++i)
    ids.push_back(steps.texts.intern(more.texts[static_cast<PathId>(i)]));
  std::uint64_t left_out = 0;
  for (StepRecord step : more.steps) {
    if (steps.steps.size() >= kMaxSteps) {
      ++left_out;
      continue;
    }
    for (PathId* id : {&step.source, &step.output, &step.reason, &step.detail}) *id = translated(*id, ids);
    for (RecordedCause& cause : step.causes)
      for (PathId* id : {&cause.subject, &cause.from, &cause.to}) *id = translated(*id, ids);
    step.start_us += shift_us;
    step.end_us += shift_us;
    steps.steps.push_back(std::move(step));
  }
  return left_out;
}

}  // namespace compiler_cache
