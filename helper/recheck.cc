#include "helper/recheck.h"

#include <algorithm>
#include <charconv>

#include "helper/hasher.h"

namespace compiler_cache {
namespace {

const char* what(OutputRole role) {
  switch (role) {
    case OutputRole::object:
      return "the object";
    case OutputRole::depfile:
      return "the depfile";
    case OutputRole::split_dwarf:
      return "the .dwo file";
    case OutputRole::coverage_notes:
      return "the .gcno file";
    case OutputRole::stack_usage:
      return "the .su file";
    case OutputRole::callgraph_info:
      return "the .ci file";
    case OutputRole::diagnostics:
      return "the serialized diagnostics";
    case OutputRole::optimization_record:
      return "the optimization record";
    case OutputRole::precompiled_header:
      return "the precompiled header";
    case OutputRole::link_map:
      return "the link map";
  }
  return "an output";
}

bool may_vary(OutputRole role) {
  switch (role) {
    case OutputRole::object:
    case OutputRole::split_dwarf:
    case OutputRole::coverage_notes:
    case OutputRole::optimization_record:
    case OutputRole::precompiled_header:
      return true;
    default:
      return false;
  }
}

Digest digest_of(std::string_view text) { return text.empty() ? Digest() : hash_bytes(text); }

}  // namespace

std::optional<unsigned> recheck_percent(std::string_view text) {
  unsigned percent = 0;
  if (text.empty()) return percent;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, percent);
  if (error != std::errc() || stop != end || percent > 100) return std::nullopt;
  return percent;
}

std::string recheck_difference(const Recheck& recheck, const std::vector<CapturedOutput>& found,
                               std::string_view standard_output, std::string_view standard_error) {
  for (const Recheck::Output& expected : recheck.outputs) {
    const auto same_role = std::find_if(found.begin(), found.end(), [&](const CapturedOutput& output) {
      return output.role == expected.role;
    });
    const bool compared = !recheck.bytes_vary || !may_vary(expected.role);
    if (same_role == found.end() || (compared && same_role->digest != expected.digest))
      return what(expected.role);
  }
  for (const CapturedOutput& output : found) {
    const bool expected = std::any_of(recheck.outputs.begin(), recheck.outputs.end(),
                                      [&](const Recheck::Output& each) { return each.role == output.role; });
    if (!expected) return what(output.role);
  }
  if (digest_of(standard_output) != recheck.kept.artifact.standard_output) return "standard output";
  if (digest_of(standard_error) != recheck.kept.artifact.standard_error) return "standard error";
  return {};
}

Digest claim_of(const Digest& context, const Variant& variant) {
  Hasher hasher;
  hasher.item("context", context.view());
  for (const VariantInput& input : variant.inputs)
    hasher.item("input", input.path).item("content", input.content.view());
  for (const std::int64_t time : variant.times) hasher.item("time", static_cast<std::uint64_t>(time));
  return hasher.finish();
}

}  // namespace compiler_cache
