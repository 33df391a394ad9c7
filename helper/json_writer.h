// Writes JSON piece by piece, for what is too long to be held as objects first. Commas come by themselves;
// that every object and array is ended, and each value in an object has a key, is up to the caller.
#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <utility>

#include "helper/json_text.h"

namespace compiler_cache {

class JsonWriter {
 public:
  JsonWriter& begin_object() { return open('{'); }
  JsonWriter& end_object() { return close('}'); }
  JsonWriter& begin_array() { return open('['); }
  JsonWriter& end_array() { return close(']'); }

  JsonWriter& key(std::string_view name) {
    separate();
    append_json_string(text_, name);
    text_ += ':';
    first_ = true;
    return *this;
  }
  JsonWriter& value(std::string_view text) {
    separate();
    append_json_string(text_, text);
    return *this;
  }
  JsonWriter& value(std::integral auto number) {
    separate();
    text_ += std::to_string(number);
    return *this;
  }
  JsonWriter& value(bool truth) { return raw(truth ? "true" : "false"); }
  /// A value that is JSON already.
  JsonWriter& raw(std::string_view json) {
    separate();
    text_ += json;
    return *this;
  }
  template <class Value>
  JsonWriter& member(std::string_view name, const Value& content) {
    return key(name).value(content);
  }

  std::string take() { return std::move(text_); }

 private:
  void separate() {
    if (!first_) text_ += ',';
    first_ = false;
  }
  JsonWriter& open(char bracket) {
    separate();
    text_ += bracket;
    first_ = true;
    return *this;
  }
  JsonWriter& close(char bracket) {
    text_ += bracket;
    first_ = false;
    return *this;
  }

  std::string text_;
  bool first_ = true;
};

}  // namespace compiler_cache
