#include "depscan/show_includes.h"

#include <string.h>

namespace compiler_cache {
namespace {

bool is_blank(char byte) { return byte == ' ' || byte == '\t'; }

}  // namespace

NoteFilter::NoteFilter(const char* prefix, size_t prefix_size, const NoteSink& sink)
    : prefix_(prefix), prefix_size_(prefix_size), sink_(sink) {
  while (prefix_size_ > 0 && is_blank(prefix_[prefix_size_ - 1])) --prefix_size_;
  if (prefix_size_ > kMaxNotePrefix) prefix_size_ = 0;
  if (prefix_size_ > 0 && memchr(prefix_, '\n', prefix_size_) != nullptr) prefix_size_ = 0;
}

void NoteFilter::feed(const char* bytes, size_t size) {
  if (prefix_size_ == 0) {
    if (size > 0) sink_.text(sink_.context, bytes, size);
    return;
  }
  while (size > 0) {
    size_t taken = 0;
    switch (state_) {
      case State::matching:
        taken = feed_start(bytes, size);
        break;
      case State::holding:
        taken = feed_note(bytes, size);
        break;
      case State::passing:
        taken = feed_text(bytes, size);
        break;
    }
    bytes += taken;
    size -= taken;
  }
}

void NoteFilter::finish() {
  if (state_ == State::holding) {
    end_note();
  } else {
    give_up();
  }
  state_ = State::matching;
}

/// What is held is no note. The byte that showed it is still to come.
void NoteFilter::give_up() {
  if (held_size_ > 0) sink_.text(sink_.context, held_, held_size_);
  held_size_ = 0;
  state_ = State::passing;
}

/// False when there is no room left.
bool NoteFilter::hold(char byte) {
  if (held_size_ == sizeof held_) return false;
  held_[held_size_++] = byte;
  return true;
}

/// The prefix and the first blank.
size_t NoteFilter::feed_start(const char* bytes, size_t size) {
  for (size_t i = 0; i < size; ++i) {
    const bool fits = held_size_ < prefix_size_ ? bytes[i] == prefix_[held_size_] : is_blank(bytes[i]);
    if (!fits) {
      give_up();
      return i;
    }
    hold(bytes[i]);
    if (held_size_ > prefix_size_) {
      state_ = State::holding;
      return i + 1;
    }
  }
  return size;
}

/// The rest of a line that began as a note does.
size_t NoteFilter::feed_note(const char* bytes, size_t size) {
  for (size_t i = 0; i < size; ++i) {
    if (!hold(bytes[i])) {
      give_up();
      return i;
    }
    if (bytes[i] == '\n') {
      end_note();
      return i + 1;
    }
  }
  return size;
}

size_t NoteFilter::feed_text(const char* bytes, size_t size) {
  const void* end = memchr(bytes, '\n', size);
  if (end != nullptr) {
    size = static_cast<size_t>(static_cast<const char*>(end) - bytes) + 1;
    state_ = State::matching;
  }
  sink_.text(sink_.context, bytes, size);
  return size;
}

void NoteFilter::end_note() {
  size_t begin = prefix_size_;
  while (begin < held_size_ && is_blank(held_[begin])) ++begin;
  size_t end = held_size_;
  if (end > begin && held_[end - 1] == '\n') --end;
  if (end > begin && held_[end - 1] == '\r') --end;
  const bool is_note =
      end > begin && sink_.note(sink_.context, held_ + begin, end - begin, begin - prefix_size_);
  if (!is_note) sink_.text(sink_.context, held_, held_size_);
  held_size_ = 0;
  state_ = State::matching;
}

}  // namespace compiler_cache
