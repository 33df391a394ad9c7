#include "helper/stats_view.h"

#include <algorithm>
#include <cstdio>
#include <utility>
#include <vector>

namespace compiler_cache {
namespace {

struct FigureRow {
  std::string label;
  std::string build;
  std::string total;
};

constexpr std::uint64_t kMicrosecondsPerSecond = 1000000;

std::string printed(const char* format, double number) {
  char text[64];
  const int size = std::snprintf(text, sizeof text, format, number);
  return std::string(text, static_cast<std::size_t>(std::clamp(size, 0, 63)));
}

/// Of what could have been a hit.
std::string hit_rate(const Counters& counters) {
  const double hits = static_cast<double>(counters.hits);
  const double cacheable = hits + static_cast<double>(counters.misses);
  if (cacheable == 0) return "-";
  // Not rounded up: 100 % is said only when nothing missed.
  const double tenths = static_cast<double>(static_cast<std::uint64_t>(1000 * hits / cacheable));
  return printed("%.1f %%", tenths / 10);
}

std::string reason_text(Outcome outcome, const std::string& name) {
  const std::string_view sentence = sentence_of(outcome, name);
  return sentence.empty() ? name : std::string(sentence);
}

/// A table of two figures a line. Rows that are zero on both sides are left out unless asked for.
class Table {
 public:
  explicit Table(const StatsReport& report)
      : build_(report.last_build ? report.last_build->counters : Counters{}), total_(report.total) {}

  template <class Figure>
  void text(std::string label, Figure figure) {
    rows_.push_back({std::move(label), figure(build_), figure(total_)});
  }

  void count(std::string label, std::uint64_t Counters::*member, bool always) {
    if (!always && total_.*member == 0 && build_.*member == 0) return;
    rows_.push_back({std::move(label), std::to_string(build_.*member), std::to_string(total_.*member)});
  }

  void sources() {
    for (std::size_t i = 0; i < kHitSourceCount; ++i) {
      if (total_.hit_sources[i] == 0 && build_.hit_sources[i] == 0) continue;
      rows_.push_back({std::string("  from ") + kHitSourceNames[i], std::to_string(build_.hit_sources[i]),
                       std::to_string(total_.hit_sources[i])});
    }
  }

  /// Most frequent first.
  void reasons(Outcome outcome, ReasonCounts Counters::*member) {
    std::vector<std::pair<std::string, std::uint64_t>> sorted((total_.*member).begin(),
                                                              (total_.*member).end());
    std::ranges::stable_sort(sorted, std::greater{}, [](const auto& row) { return row.second; });
    for (const auto& [name, count] : sorted) {
      const auto in_build = (build_.*member).find(name);
      const std::uint64_t build_count = in_build == (build_.*member).end() ? 0 : in_build->second;
      rows_.push_back(
          {"  " + reason_text(outcome, name), std::to_string(build_count), std::to_string(count)});
    }
  }

  /// A line for the steps of a kind, where there are any, and one for each reason why some are not cached.
  void steps(const std::string& label, StepCounters Counters::*member) {
    const StepCounters& build = build_.*member;
    const StepCounters& total = total_.*member;
    if (total.requests() == 0) return;
    rows_.push_back({label, std::to_string(build.requests()), std::to_string(total.requests())});
    rows_.push_back({"  from the cache", std::to_string(build.hits), std::to_string(total.hits)});
    for (const auto& [name, count] : total.uncacheable_reasons) {
      const auto in_build = build.uncacheable_reasons.find(name);
      const std::uint64_t build_count = in_build == build.uncacheable_reasons.end() ? 0 : in_build->second;
      rows_.push_back({"  " + reason_text(Outcome::uncacheable, name), std::to_string(build_count),
                       std::to_string(count)});
    }
  }

  std::string text() const {
    FigureRow heading{"", "last build", "total"};
    std::size_t widths[3] = {0, heading.build.size(), heading.total.size()};
    for (const FigureRow& row : rows_) {
      widths[0] = std::max(widths[0], row.label.size());
      widths[1] = std::max(widths[1], row.build.size());
      widths[2] = std::max(widths[2], row.total.size());
    }
    std::string text;
    append_row(text, heading, widths);
    for (const FigureRow& row : rows_) append_row(text, row, widths);
    return text;
  }

 private:
  static void append_row(std::string& text, const FigureRow& row, const std::size_t (&widths)[3]) {
    text.append(row.label).append(widths[0] - row.label.size(), ' ');
    text.append(2 + widths[1] - row.build.size(), ' ').append(row.build);
    text.append(2 + widths[2] - row.total.size(), ' ').append(row.total).push_back('\n');
  }

  const Counters build_;
  const Counters& total_;
  std::vector<FigureRow> rows_;
};

}  // namespace

std::string human_bytes(std::uint64_t bytes) {
  constexpr const char* kUnits[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  if (bytes < 1024) return std::to_string(bytes) + " B";
  double amount = static_cast<double>(bytes);
  std::size_t unit = 0;
  // 1023.95 would be printed as 1024.0.
  while (amount >= 1023.95 && unit + 1 < std::size(kUnits)) {
    amount /= 1024;
    ++unit;
  }
  return printed("%.1f ", amount) + kUnits[unit];
}

std::string human_microseconds(std::uint64_t microseconds) {
  if (microseconds < kMicrosecondsPerSecond) return std::to_string(microseconds / 1000) + " ms";
  const std::uint64_t seconds = microseconds / kMicrosecondsPerSecond;
  if (seconds < 60) {
    const std::uint64_t tenths = microseconds / (kMicrosecondsPerSecond / 10);
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
  }
  if (seconds < 3600) return std::to_string(seconds / 60) + " min " + std::to_string(seconds % 60) + " s";
  return std::to_string(seconds / 3600) + " h " + std::to_string(seconds / 60 % 60) + " min";
}

std::string stats_table(const StatsReport& report) {
  Table table(report);
  table.text("requests", [](const Counters& counters) { return std::to_string(counters.requests()); });
  table.text("hit rate of what can be cached", hit_rate);
  table.count("hits", &Counters::hits, true);
  table.sources();
  table.count("misses", &Counters::misses, true);
  table.reasons(Outcome::miss, &Counters::miss_reasons);
  table.count("hits that were compiled again and compared", &Counters::rechecked, false);
  table.count("  WRONG: the compiler's result was another one", &Counters::recheck_differences, false);
  table.count("not cacheable", &Counters::uncacheable, true);
  table.reasons(Outcome::uncacheable, &Counters::uncacheable_reasons);
  table.count("errors", &Counters::errors, false);
  table.reasons(Outcome::error, &Counters::error_reasons);
  table.count("compiled without the cache", &Counters::bypassed, false);
  table.reasons(Outcome::bypassed, &Counters::bypass_reasons);
  table.steps("archives", &Counters::archives);
  table.steps("links", &Counters::links);
  table.text("time saved",
             [](const Counters& counters) { return human_microseconds(counters.time_saved_us); });
  table.text("restored", [](const Counters& counters) { return human_bytes(counters.bytes_restored); });
  table.text("stored", [](const Counters& counters) { return human_bytes(counters.bytes_stored); });
  return table.text();
}

}  // namespace compiler_cache
