#include "helper/response_file.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

namespace compiler_cache {
namespace {

bool is_space(char character, CompilerFamily family) {
  switch (character) {
    case ' ':
    case '\t':
    case '\r':
    case '\n':
      return true;
    case '\v':
    case '\f':
      return family == CompilerFamily::gcc;
    default:
      return false;
  }
}

// One pass over one file's text; `open_` says that an argument has begun, which for GCC a quote alone does.
class Splitter {
 public:
  explicit Splitter(CompilerFamily family) : family_(family) {}

  std::vector<std::string> split(std::string_view text) {
    for (std::size_t at = 0; at < text.size(); ++at) {
      const char character = text[at];
      // A backslash at the very end: GCC drops it, Clang keeps it.
      if (character == '\\' && at + 1 < text.size()) {
        add(text[++at]);
      } else if (character == '\\' && family_ == CompilerFamily::gcc) {
        open_ = true;
      } else if (quote_ != 0) {
        if (character == quote_) {
          quote_ = 0;
        } else {
          add(character);
        }
      } else if (character == '\'' || character == '"') {
        quote_ = character;
        open_ = open_ || family_ == CompilerFamily::gcc;
      } else if (is_space(character, family_)) {
        finish();
      } else {
        add(character);
      }
    }
    finish();
    return std::move(arguments_);
  }

 private:
  void add(char character) {
    current_ += character;
    open_ = true;
  }

  void finish() {
    if (open_) arguments_.push_back(std::move(current_));
    current_.clear();
    open_ = false;
  }

  CompilerFamily family_;
  std::vector<std::string> arguments_;
  std::string current_;
  char quote_ = 0;
  bool open_ = false;
};

/// Reads quotes and backslashes as the C library of Windows does.
class WindowsSplitter {
 public:
  explicit WindowsSplitter(std::string_view text) : text_(text) {}

  Result<std::vector<std::string>> split() {
    for (; at_ < text_.size(); ++at_) {
      const char character = text_[at_];
      if (character == '\\') {
        add_backslashes();
      } else if (character == '"' && quoted_ && at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
        current_ += text_[++at_];
      } else if (character == '"') {
        quoted_ = !quoted_;
        open_ = true;
      } else if (!quoted_ && is_space(character, CompilerFamily::clang)) {
        finish();
      } else {
        current_ += character;
        open_ = true;
      }
    }
    if (quoted_) return Error{ErrorKind::invalid, "a quote is left open"};
    finish();
    return std::move(arguments_);
  }

 private:
  /// Before a quote, two make one, and an odd one keeps the quote; elsewhere all of them stand for
  /// themselves.
  void add_backslashes() {
    const std::size_t end = std::min(text_.find_first_not_of('\\', at_), text_.size());
    const std::size_t count = end - at_;
    const bool before_quote = end < text_.size() && text_[end] == '"';
    current_.append(before_quote ? count / 2 : count, '\\');
    open_ = true;
    at_ = end - 1;
    if (before_quote && count % 2 != 0) {
      current_ += '"';
      at_ = end;
    }
  }

  void finish() {
    if (open_) arguments_.push_back(std::move(current_));
    current_.clear();
    open_ = false;
  }

  std::string_view text_;
  std::vector<std::string> arguments_;
  std::string current_;
  std::size_t at_ = 0;
  bool quoted_ = false;
  bool open_ = false;
};

void add_utf8(std::string& text, std::uint32_t point) {
  const auto byte = [&](std::uint32_t value) { text += static_cast<char>(value); };
  if (point < 0x80) return byte(point);
  if (point < 0x800) {
    byte(0xc0 | (point >> 6U));
  } else {
    if (point < 0x10000) {
      byte(0xe0 | (point >> 12U));
    } else {
      byte(0xf0 | (point >> 18U));
      byte(0x80 | ((point >> 12U) & 0x3fU));
    }
    byte(0x80 | ((point >> 6U) & 0x3fU));
  }
  byte(0x80 | (point & 0x3fU));
}

/// `text` without its mark; `first` is which of two bytes is the high one.
std::optional<std::string> from_utf16(std::string_view text, std::size_t first) {
  if (text.size() % 2 != 0) return std::nullopt;
  const auto unit = [&](std::size_t at) {
    const auto high = static_cast<unsigned char>(text[at + first]);
    const auto low = static_cast<unsigned char>(text[at + 1 - first]);
    return (static_cast<std::uint32_t>(high) << 8U) | low;
  };
  std::string result;
  for (std::size_t at = 2; at < text.size(); at += 2) {
    std::uint32_t point = unit(at);
    if (point >= 0xdc00 && point < 0xe000) return std::nullopt;
    if (point >= 0xd800 && point < 0xdc00) {
      at += 2;
      if (at >= text.size() || unit(at) < 0xdc00 || unit(at) >= 0xe000) return std::nullopt;
      point = 0x10000 + ((point - 0xd800) << 10U) + (unit(at) - 0xdc00);
    }
    add_utf8(result, point);
  }
  return result;
}

class Expander {
 public:
  Expander(const std::string& cwd, CompilerFamily family, const ResponseFileReader& reader,
           const ResponseFileLimits& limits)
      : cwd_(cwd), family_(family), reader_(reader), limits_(limits) {}

  Status add(std::string argument) {
    if (!argument.starts_with('@')) {
      if (arguments_.size() >= limits_.arguments) return {ErrorKind::too_large, "too many arguments"};
      arguments_.push_back(std::move(argument));
      return {};
    }
    return add_file(argument.substr(1));
  }

  std::vector<std::string> take() { return std::move(arguments_); }

 private:
  Status add_file(const std::string& name) {
    if (name.empty()) return {ErrorKind::not_found, "@ without a file name"};
    const std::string path = name.front() == '/' || cwd_.empty() ? name : cwd_ + "/" + name;
    if (std::find(open_files_.begin(), open_files_.end(), path) != open_files_.end()) {
      return {ErrorKind::invalid, name + " includes itself"};
    }
    if (open_files_.size() >= limits_.depth) return {ErrorKind::too_large, name + " is nested too deep"};
    Result<std::string> content = reader_(path);
    if (!content.ok()) return content.status();
    if (Status decoded = decode(name, *content); !decoded.ok()) return decoded;
    Result<std::vector<std::string>> arguments =
        speaks_msvc(family_) ? split_windows_command_line(*content) : split_response_file(*content, family_);
    if (!arguments.ok()) return arguments.status();
    open_files_.push_back(path);
    for (std::string& argument : *arguments) {
      if (Status added = add(std::move(argument)); !added.ok()) return added;
    }
    open_files_.pop_back();
    return {};
  }

  Status decode(const std::string& name, std::string& content) {
    bytes_ += content.size();
    if (bytes_ > limits_.bytes) return {ErrorKind::too_large, name + " is too large"};
    const bool little = content.starts_with("\xff\xfe");
    const bool big = content.starts_with("\xfe\xff");
    const bool marked = content.starts_with("\xef\xbb\xbf");
    std::optional<std::string> text;
    if (family_ == CompilerFamily::gcc && (little || big || marked)) {
      // GCC takes the mark for a part of the first argument. Nobody writes these for it.
    } else if (little || big) {
      text = from_utf16(content, little ? 1 : 0);
    } else {
      text = marked ? content.substr(3) : std::move(content);
    }
    // NUL ends GCC's text, and is white space to Clang.
    if (!text || text->find('\0') != std::string::npos)
      return {ErrorKind::invalid, name + " is no plain text"};
    content = std::move(*text);
    return {};
  }

  const std::string& cwd_;
  CompilerFamily family_;
  const ResponseFileReader& reader_;
  const ResponseFileLimits& limits_;
  std::vector<std::string> arguments_;
  std::vector<std::string> open_files_;
  std::size_t bytes_ = 0;
};

}  // namespace

std::vector<std::string> split_response_file(std::string_view text, CompilerFamily family) {
  return Splitter(family).split(text);
}

Result<std::vector<std::string>> split_windows_command_line(std::string_view text) {
  return WindowsSplitter(text).split();
}

CompilerFamily response_file_dialect(const std::vector<std::string>& argv, CompilerFamily family) {
  if (!is_clang(family)) return family;
  for (const std::string& argument : argv) {
    if (argument == "--rsp-quoting=posix") family = CompilerFamily::clang;
    if (argument == "--rsp-quoting=windows") family = CompilerFamily::clang_cl;
  }
  return family;
}

Result<std::vector<std::string>> expand_response_files(const std::vector<std::string>& argv,
                                                       const std::string& cwd, CompilerFamily family,
                                                       const ResponseFileReader& reader,
                                                       const ResponseFileLimits& limits) {
  Expander expander(cwd, family, reader, limits);
  for (std::size_t i = 0; i < argv.size(); ++i) {
    if (i == 0 && argv[i].starts_with('@'))
      return Error{ErrorKind::invalid, "the compiler is a response file"};
    if (Status added = expander.add(argv[i]); !added.ok()) return added.error();
  }
  return expander.take();
}

}  // namespace compiler_cache
