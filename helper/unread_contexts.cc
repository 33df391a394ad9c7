#include "helper/unread_contexts.h"

#include <utility>

namespace compiler_cache {

bool UnreadContexts::add(std::vector<Digest> contexts, std::uint64_t variants, std::string_view section) {
  const auto number = static_cast<std::uint32_t>(sections_.size());
  for (const Digest& context : contexts) {
    if (!sections_of_.emplace(context, number).second) return false;
  }
  sections_.push_back({std::move(contexts), variants, std::string(section)});
  variants_ += variants;
  return true;
}

void UnreadContexts::take(const Digest& context, const Adopt& adopt) {
  const auto found = sections_of_.find(context);
  if (found != sections_of_.end()) take_section(found->second, adopt);
}

void UnreadContexts::take_all(const Adopt& adopt) {
  for (std::uint32_t number = 0; number < sections_.size(); ++number) take_section(number, adopt);
}

void UnreadContexts::take_section(std::uint32_t number, const Adopt& adopt) {
  const Section section = std::exchange(sections_[number], {});
  if (section.packed.empty()) return;
  variants_ -= section.variants;
  std::vector<std::pair<Digest, GraphEntry>> read;
  const bool whole = unpack_(section.packed, [&](const Digest& context, GraphEntry entry) {
    read.emplace_back(context, std::move(entry));
  });
  // What was not announced could stand elsewhere as well.
  const auto announced = [&](const Digest& context) {
    const auto found = sections_of_.find(context);
    return found != sections_of_.end() && found->second == number;
  };
  for (auto& [context, entry] : read) {
    if (whole && announced(context)) adopt(context, std::move(entry));
  }
  for (const Digest& context : section.contexts) sections_of_.erase(context);
}

}  // namespace compiler_cache
