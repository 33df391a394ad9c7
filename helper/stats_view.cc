#include "helper/stats_view.h"

#include <algorithm>
#include <cstdio>
#include <utility>
#include <vector>

namespace compiler_cache {
namespace {

/// Figures of the last build, of the last few, and of all.
struct FigureRow {
  std::string label;
  std::string build;
  std::string recent;
  std::string total;
};
constexpr std::size_t kFigureColumns = 4;

constexpr std::uint64_t kMicrosecondsPerSecond = 1000000;

std::string printed(const char* format, double number) {
  char text[64];
  const int size = std::snprintf(text, sizeof text, format, number);
  return std::string(text, static_cast<std::size_t>(std::clamp(size, 0, 63)));
}

/// Not rounded up: 100 % is said only of all.
std::string share_text(std::uint64_t part, std::uint64_t all) {
  if (all == 0) return "-";
  const double tenths = static_cast<double>(
      static_cast<std::uint64_t>(1000 * static_cast<double>(part) / static_cast<double>(all)));
  return printed("%.1f %%", tenths / 10);
}

/// Of what could have been a hit.
std::string hit_rate(const Counters& counters) {
  return share_text(counters.hits, counters.hits + counters.misses);
}

/// What could have been a hit, of all.
std::string coverage(const Counters& counters) {
  return share_text(counters.hits + counters.misses, counters.requests());
}

std::string reason_text(Outcome outcome, const std::string& name) {
  const std::string_view sentence = sentence_of(outcome, name);
  return sentence.empty() ? name : std::string(sentence);
}

std::uint64_t count_in(const ReasonCounts& counts, const std::string& name) {
  const auto found = counts.find(name);
  return found == counts.end() ? 0 : found->second;
}

/// A table of two or three figures a line. Rows that are zero on all sides are left out unless asked for.
class Table {
 public:
  explicit Table(const StatsReport& report)
      : build_(report.last_build ? report.last_build->counters : Counters{}),
        recent_(report.recent),
        total_(report.total),
        recent_builds_(report.recent_builds) {}

  template <class Figure>
  void text(std::string label, Figure figure) {
    rows_.push_back({std::move(label), figure(build_), figure(recent_), figure(total_)});
  }
  template <class Figure>
  void number(std::string label, Figure figure, bool always = true) {
    if (!always && figure(build_) == 0 && figure(recent_) == 0 && figure(total_) == 0) return;
    text(std::move(label), [&](const Counters& counters) { return std::to_string(figure(counters)); });
  }

  void count(std::string label, std::uint64_t Counters::*member, bool always) {
    number(
        std::move(label), [&](const Counters& counters) { return counters.*member; }, always);
  }

  void sources() {
    for (std::size_t i = 0; i < kHitSourceCount; ++i) {
      number(
          std::string("  from ") + kHitSourceNames[i],
          [&](const Counters& counters) { return counters.hit_sources[i]; }, false);
    }
  }

  /// Most frequent first.
  void reasons(Outcome outcome, ReasonCounts Counters::*member) {
    std::vector<std::pair<std::string, std::uint64_t>> sorted((total_.*member).begin(),
                                                              (total_.*member).end());
    std::ranges::stable_sort(sorted, std::greater{}, [](const auto& row) { return row.second; });
    for (const auto& [name, count] : sorted) {
      number("  " + reason_text(outcome, name),
             [&, of = name](const Counters& counters) { return count_in(counters.*member, of); });
    }
  }

  /// A line for the steps of a kind, where there are any, and one for each reason why some are not cached.
  void steps(const std::string& label, StepCounters Counters::*member) {
    if ((total_.*member).requests() == 0) return;
    number(label, [&](const Counters& counters) { return (counters.*member).requests(); });
    number("  from the cache", [&](const Counters& counters) { return (counters.*member).hits; });
    if ((total_.*member).time_saved_us > 0) {  // that of compiles has a line of its own
      text("  time saved",
           [&](const Counters& counters) { return human_microseconds((counters.*member).time_saved_us); });
    }
    for (const auto& [name, count] : (total_.*member).uncacheable_reasons) {
      number("  " + reason_text(Outcome::uncacheable, name), [&, of = name](const Counters& counters) {
        return count_in((counters.*member).uncacheable_reasons, of);
      });
    }
  }

  std::string text(const Style& style) const {
    const FigureRow heading{"", "last build", "last " + std::to_string(recent_builds_), "total"};
    std::size_t widths[kFigureColumns] = {};
    widen(widths, heading);
    for (const FigureRow& row : rows_) widen(widths, row);
    std::string text = style.bold(line_of(heading, widths)) + "\n";
    for (const FigureRow& row : rows_) {
      const std::string line = line_of(row, widths);
      text += (row.label.starts_with("  WRONG") ? style.bad(line)
               : row.label.starts_with("  ")    ? style.dim(line)
                                                : line) +
              "\n";
    }
    return text;
  }

 private:
  static void widen(std::size_t (&widths)[kFigureColumns], const FigureRow& row) {
    const std::string* const cells[kFigureColumns] = {&row.label, &row.build, &row.recent, &row.total};
    for (std::size_t i = 0; i < kFigureColumns; ++i) widths[i] = std::max(widths[i], cells[i]->size());
  }

  std::string line_of(const FigureRow& row, const std::size_t (&widths)[kFigureColumns]) const {
    const std::string* const cells[kFigureColumns] = {&row.label, &row.build, &row.recent, &row.total};
    std::string line = row.label + std::string(widths[0] - row.label.size(), ' ');
    for (std::size_t i = 1; i < kFigureColumns; ++i) {
      // Of one build it would be the first column once more.
      if (i == 2 && recent_builds_ < 2) continue;
      line.append(2 + widths[i] - cells[i]->size(), ' ').append(*cells[i]);
    }
    return line;
  }

  const Counters build_;
  const Counters& recent_;
  const Counters& total_;
  const std::size_t recent_builds_;
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

std::string costly_table(const std::vector<CostlyMiss>& misses, const Style& style) {
  if (misses.empty()) return {};
  std::size_t width = 0;
  for (const CostlyMiss& miss : misses) width = std::max(width, miss.name.size());
  std::string text = style.bold("dearest misses of the last build") + "\n";
  for (const CostlyMiss& miss : misses) {
    const std::string time = human_microseconds(miss.compile_us);
    text += "  " + miss.name + std::string(width + 2 - miss.name.size(), ' ') +
            std::string(time.size() < 10 ? 10 - time.size() : 0, ' ') + time + "  " + style.dim(miss.cause) +
            "\n";
  }
  return text;
}

std::string summary_line(const Counters& build, bool only_misses) {
  const StepCounters* const kinds[] = {&build, &build.archives, &build.links};
  std::uint64_t steps = 0;
  std::uint64_t hits = 0;
  std::uint64_t misses = 0;
  std::uint64_t uncacheable = 0;
  std::uint64_t saved_us = 0;
  for (const StepCounters* kind : kinds) {
    steps += kind->requests();
    hits += kind->hits;
    misses += kind->misses;
    uncacheable += kind->uncacheable;
    saved_us += kind->time_saved_us;
  }
  if (only_misses && misses == 0) return {};
  if (steps == 0) return "CompilerCache: nothing to do\n";
  std::string text =
      "CompilerCache: " + std::to_string(hits) + " of " + std::to_string(steps) + " from the cache";
  if (saved_us > 0) text += ", " + human_microseconds(saved_us) + " saved";
  if (misses > 0) text += ", " + std::to_string(misses) + " missed (cache-explain says why)";
  if (uncacheable > 0) text += ", " + std::to_string(uncacheable) + " not cacheable";
  return text + "\n";
}

std::string stats_table(const StatsReport& report, const Style& style) {
  Table table(report);
  table.text("requests", [](const Counters& counters) { return std::to_string(counters.requests()); });
  table.text("coverage: can be cached, of all", coverage);
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
  if (report.total.remote_wait_us > 0) {
    table.text("waited for the remote store",
               [](const Counters& counters) { return human_microseconds(counters.remote_wait_us); });
    table.text("  saved by it",
               [](const Counters& counters) { return human_microseconds(counters.remote_saved_us); });
    table.text("  came over the network",
               [](const Counters& counters) { return human_bytes(counters.remote_bytes); });
  }
  table.text("restored", [](const Counters& counters) { return human_bytes(counters.bytes_restored); });
  table.text("stored", [](const Counters& counters) { return human_bytes(counters.bytes_stored); });
  return table.text(style);
}

}  // namespace compiler_cache
