#include "helper/response_file.h"

#include <algorithm>
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
    if (Status checked = check(name, *content); !checked.ok()) return checked;
    open_files_.push_back(path);
    for (std::string& argument : split_response_file(*content, family_)) {
      if (Status added = add(std::move(argument)); !added.ok()) return added;
    }
    open_files_.pop_back();
    return {};
  }

  Status check(const std::string& name, const std::string& content) {
    bytes_ += content.size();
    if (bytes_ > limits_.bytes) return {ErrorKind::too_large, name + " is too large"};
    // Clang converts UTF-16 and skips a UTF-8 mark, GCC does neither; NUL ends GCC's text. Nobody writes
    // these for the GNU dialect, so none is followed.
    if (content.starts_with("\xff\xfe") || content.starts_with("\xfe\xff") ||
        content.starts_with("\xef\xbb\xbf") || content.find('\0') != std::string::npos) {
      return {ErrorKind::invalid, name + " is no plain text"};
    }
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
