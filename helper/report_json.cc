#include "helper/report_json.h"

#include <string_view>
#include <vector>

#include "helper/explanation.h"
#include "helper/json_writer.h"
#include "helper/step_lanes.h"

namespace compiler_cache {
namespace {

constexpr std::string_view kColumns[] = {"kind",   "outcome", "tier",  "source", "output",
                                         "reason", "detail",  "start", "end",    "compile",
                                         "lane",   "phases",  "why",   "group",  "also"};

void add_reasons(JsonWriter& json, std::string_view name, const ReasonCounts& counts) {
  json.key(name).begin_object();
  for (const auto& [reason, count] : counts) json.member(reason, count);
  json.end_object();
}

void add_step_counters(JsonWriter& json, const StepCounters& counters) {
  json.member("requests", counters.requests());
  json.member("hits", counters.hits);
  json.member("misses", counters.misses);
  json.member("uncacheable", counters.uncacheable);
  json.member("errors", counters.errors);
  json.member("bypassed", counters.bypassed);
  json.key("hit_sources").begin_object();
  for (std::size_t i = 0; i < kHitSourceCount; ++i) json.member(kHitSourceNames[i], counters.hit_sources[i]);
  json.end_object();
  add_reasons(json, "miss_reasons", counters.miss_reasons);
  add_reasons(json, "uncacheable_reasons", counters.uncacheable_reasons);
  json.member("time_saved_ms", counters.time_saved_us / 1000);
  json.member("bytes_restored", counters.bytes_restored);
  json.member("bytes_stored", counters.bytes_stored);
}

void add_counters(JsonWriter& json, const Counters& counters) {
  json.begin_object();
  add_step_counters(json, counters);
  json.key("archives").begin_object();
  add_step_counters(json, counters.archives);
  json.end_object().key("links").begin_object();
  add_step_counters(json, counters.links);
  json.end_object().end_object();
}

void add_build(JsonWriter& json, const BuildSummary& build) {
  json.begin_object();
  json.member("number", build.number);
  json.member("tool", build.tool);
  json.member("asked", build.asked);
  json.member("started_us", build.started_us);
  json.member("ended_us", build.ended_us);
  json.member("ended", build.ended);
  json.member("steps", build.steps);
  json.member("left_out", build.left_out);
  json.key("counters");
  add_counters(json, build.counters);
  json.end_object();
}

void add_text(JsonWriter& json, PathId id) {
  json.value(id == kNoId ? std::int64_t{-1} : static_cast<std::int64_t>(id));
}

/// What the page says of a step in words, as explain does.
struct StepWords {
  PathId why = kNoId;
  std::vector<PathId> also;  ///< what else has changed
  std::int64_t group = -1;
};

/// All texts of the page: first those of the steps, under their own numbers.
struct PageTexts {
  PathTable texts;
  std::vector<StepWords> words;  ///< one for each step
};

PageTexts texts_of(const BuildSteps& build, const ShownRoots& roots) {
  PageTexts page;
  for (PathId text = 0; text < build.texts.size(); ++text) page.texts.intern(build.texts[text]);
  for (const StepRecord& step : build.steps) {
    StepWords& words = page.words.emplace_back();
    if (const std::string why = why_text(build, step, roots); !why.empty()) {
      words.why = page.texts.intern(why);
    }
    for (std::size_t i = 1; i < step.causes.size(); ++i) {
      words.also.push_back(page.texts.intern(cause_text(build.cause(step.causes[i]), step.kind, roots)));
    }
  }
  return page;
}

void add_groups(JsonWriter& json, const BuildSteps& build, const std::vector<CauseGroup>& groups,
                PageTexts& page) {
  json.key("groups").begin_array();
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const CauseGroup& group = groups[i];
    json.begin_object().member("title", group.title).member("hint", group.hint);
    json.member("outcome", std::string_view(name_of(group.outcome)));
    json.member("compile_us", group.compile_us).member("steps", group.steps.size()).end_object();
    for (const StepRecord* step : group.steps) {
      page.words[static_cast<std::size_t>(step - build.steps.data())].group = static_cast<std::int64_t>(i);
    }
  }
  json.end_array();
}

void add_step(JsonWriter& json, const StepRecord& step, const StepWords& words, std::uint32_t lane) {
  json.begin_array();
  json.value(static_cast<unsigned>(step.kind)).value(static_cast<unsigned>(step.outcome));
  json.value(static_cast<unsigned>(step.source_tier));
  for (const PathId text : {step.source, step.output, step.reason, step.detail}) add_text(json, text);
  json.value(step.start_us).value(step.end_us).value(step.compile_us).value(lane);
  json.begin_array();
  for (const std::uint32_t phase : step.phases) json.value(phase);
  json.end_array();
  add_text(json, words.why);
  json.value(words.group).begin_array();
  for (const PathId text : words.also) add_text(json, text);
  json.end_array().end_array();
}

void add_steps(JsonWriter& json, const BuildSteps& build, const ShownRoots& roots) {
  PageTexts page = texts_of(build, roots);
  add_groups(json, build, group_by_cause(build, roots), page);
  json.key("columns").begin_array();
  for (const std::string_view column : kColumns) json.value(column);
  json.end_array();
  const StepLanes lanes = lanes_of(build.steps);
  json.member("lanes", lanes.count);
  json.key("texts").begin_array();
  for (PathId text = 0; text < page.texts.size(); ++text) json.value(page.texts[text]);
  json.end_array();
  json.key("steps").begin_array();
  for (std::size_t i = 0; i < build.steps.size(); ++i) {
    add_step(json, build.steps[i], page.words[i], lanes.lanes[i]);
  }
  json.end_array();
}

template <class Names>
void add_names(JsonWriter& json, std::string_view key, const Names& names) {
  json.key(key).begin_array();
  for (const auto& name : names) json.value(std::string_view(name));
  json.end_array();
}

/// What the numbers of steps mean.
void add_words(JsonWriter& json) {
  constexpr std::string_view kKinds[] = {"compile", "archive", "link"};
  add_names(json, "kinds", kKinds);
  json.key("outcomes").begin_array();
  for (const Outcome outcome :
       {Outcome::hit, Outcome::miss, Outcome::uncacheable, Outcome::error, Outcome::bypassed}) {
    json.value(std::string_view(name_of(outcome)));
  }
  json.end_array();
  add_names(json, "tiers", kHitSourceNames);
  add_names(json, "phases", kStepPhaseNames);
}

void add_headers(JsonWriter& json, const HeaderCosts& costs) {
  json.key("headers").begin_object();
  json.member("units", costs.units).member("compile_us", costs.compile_us);
  json.member("left_out", costs.left_out).key("rows").begin_array();
  for (const HeaderCost& header : costs.headers) {
    json.begin_array().value(header.path).value(header.units).value(header.compile_us).end_array();
  }
  json.end_array().end_object();
}

void add_stores(JsonWriter& json, const std::vector<ReportStore>& stores) {
  json.key("stores").begin_array();
  for (const ReportStore& store : stores) {
    json.begin_object().member("name", store.name).member("path", store.path).member("limit", store.limit);
    json.key("ages").begin_array();
    for (const AgeGroup& age : store.ages) {
      json.begin_object().member("within_s", age.within_s);
      json.member("blobs", age.blobs).member("bytes", age.bytes).end_object();
    }
    json.end_array().end_object();
  }
  json.end_array();
}

}  // namespace

std::string report_json(const ReportData& data) {
  JsonWriter json;
  json.begin_object();
  json.member("schema", 1);
  json.member("version", std::string_view(COMPILER_CACHE_VERSION));
  json.member("build_root", data.build_root).member("source_root", data.source_root);
  json.member("made", data.made);
  json.key("total");
  add_counters(json, data.total);
  json.key("builds").begin_array();
  for (const BuildSummary& build : data.builds) add_build(json, build);
  json.end_array();
  json.member("shown", data.shown ? data.shown->number : 0);
  add_words(json);
  add_steps(json, data.steps, {data.source_root, data.build_root});
  add_headers(json, data.headers);
  add_stores(json, data.stores);
  add_names(json, "notes", data.notes);
  json.end_object();
  return json.take();
}

std::string json_for_script(std::string_view json) {
  std::string text;
  text.reserve(json.size() + json.size() / 16);
  for (const char byte : json) {
    // Outside of strings JSON has none of them.
    if (byte == '<') {
      text += "\\u003c";
    } else if (byte == '>') {
      text += "\\u003e";
    } else if (byte == '&') {
      text += "\\u0026";
    } else {
      text += byte;
    }
  }
  return text;
}

}  // namespace compiler_cache
