#include "depscan/probe_words.h"

#include "depscan/text_bytes.h"

namespace compiler_cache {
namespace {

constexpr std::string_view kWrapperMarks[] = {"HAS_INCLUDE", "has_include"};

}  // namespace

bool is_wrapper_name(std::string_view word) {
  for (const ProbeWord& probe : kProbeWords) {
    if (word == probe.name) return false;
  }
  return word.find(kWrapperMarks[0]) != std::string_view::npos ||
         word.find(kWrapperMarks[1]) != std::string_view::npos;
}

bool mentions_wrapper(std::string_view text) {
  for (const std::string_view mark : kWrapperMarks) {
    for (std::size_t at = 0; (at = text.find(mark, at)) != std::string_view::npos; at += mark.size()) {
      const std::size_t start = word_start(text, at);
      if (is_wrapper_name(text.substr(start, word_end(text, at) - start))) return true;
    }
  }
  return false;
}

bool may_form_wrapper(std::string_view left, std::string_view right) {
  if (is_wrapper_name(left) || is_wrapper_name(right)) return true;
  return (left.ends_with("HAS_") && right.starts_with("INCLUDE")) ||
         (left.ends_with("has_") && right.starts_with("include"));
}

}  // namespace compiler_cache
