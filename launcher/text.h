// A short text in fixed memory: paths and messages, without an allocation or stdio.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>

namespace compiler_cache::launcher {

/// Always ends in NUL. What does not fit is left out, and ok() says so: a cut path must not be used.
template <size_t kCapacity>
class Text {
 public:
  Text() { data_[0] = '\0'; }

  Text& add(const char* piece, size_t count) {
    if (count >= kCapacity - size_) {
      ok_ = false;
      count = kCapacity - size_ - 1;
    }
    memcpy(data_ + size_, piece, count);
    size_ += count;
    data_[size_] = '\0';
    return *this;
  }
  Text& add(const char* piece) { return add(piece, strlen(piece)); }
  Text& add_number(int64_t value) {
    char digits[24];
    size_t first = sizeof digits;
    uint64_t rest = value < 0 ? uint64_t{0} - static_cast<uint64_t>(value) : static_cast<uint64_t>(value);
    do {
      digits[--first] = static_cast<char>('0' + rest % 10);
      rest /= 10;
    } while (rest != 0);
    if (value < 0) digits[--first] = '-';
    return add(digits + first, sizeof digits - first);
  }

  const char* c_str() const { return data_; }
  size_t size() const { return size_; }
  bool ok() const { return ok_; }

 private:
  char data_[kCapacity];  // written from the front only: untouched pages cost nothing
  size_t size_ = 0;
  bool ok_ = true;
};

}  // namespace compiler_cache::launcher
