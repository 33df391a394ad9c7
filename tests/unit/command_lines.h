// Command lines in one string, for tests: a line that starts with "clang-cl" is clang-cl's, with "clang"
// Clang's, with "cl" cl.exe's, any other GCC's.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "helper/command.h"

namespace compiler_cache {

inline Result<std::string> no_files(const std::string& path) { return {ErrorKind::not_found, path}; }

// Words at spaces; no argument in these tests holds one.
inline std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> result;
  std::string word;
  for (const char character : std::string(text) + ' ') {
    if (character != ' ') {
      word += character;
    } else if (!word.empty()) {
      result.push_back(std::move(word));
      word.clear();
    }
  }
  return result;
}

inline Classified classify(std::string_view line, CompilerFamily family) {
  CommandInput input;
  input.argv = words(line);
  input.cwd = "/build";
  input.family = family;
  return classify_command(input, no_files);
}

inline CompilerFamily family_of(std::string_view line) {
  if (line.starts_with("clang-cl")) return CompilerFamily::clang_cl;
  if (line.starts_with("cl ")) return CompilerFamily::msvc;
  return line.starts_with("clang") ? CompilerFamily::clang : CompilerFamily::gcc;
}

inline Command command_of(std::string_view line) {
  const Classified classified = classify(line, family_of(line));
  if (const auto* refusal = std::get_if<Refusal>(&classified)) {
    ADD_FAILURE() << line << " is refused: " << to_string(refusal->reason) << " " << refusal->detail;
    return {};
  }
  return std::get<Command>(classified);
}

// "reason detail", or "cached".
inline std::string verdict(std::string_view line) {
  const Classified classified = classify(line, family_of(line));
  const auto* refusal = std::get_if<Refusal>(&classified);
  if (refusal == nullptr) return "cached";
  return std::string(to_string(refusal->reason)) + " " + refusal->detail;
}

inline bool refused_for(std::string_view line, UncacheableReason reason) {
  const Classified classified = classify(line, family_of(line));
  const auto* refusal = std::get_if<Refusal>(&classified);
  return refusal != nullptr && refusal->reason == reason;
}

inline std::string key_text(const Command& command) {
  std::string text;
  for (const KeyItem& item : command.key) {
    text += item.tag == KeyTag::path ? "P<" : "F<";
    text += item.prefix + "|" + item.text + ">";
  }
  return text;
}

inline bool same_key(std::string_view left, std::string_view right) {
  return command_of(left).key == command_of(right).key;
}

inline std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : " ") + part;
  return text;
}

inline std::string extra_outputs(const Command& command) {
  std::vector<std::string> names;
  for (const OutputFile& output : command.extra_outputs) names.push_back(output.path);
  return joined(names);
}

inline std::string named_inputs(const Command& command) {
  std::vector<std::string> names;
  for (const NamedInput& input : command.named_inputs) names.push_back(input.path);
  return joined(names);
}

}  // namespace compiler_cache
