// Any output, in any pieces: the first line is the prefix, the second tells where the rest is cut. What comes
// out is what a reader of whole lines finds, and nothing is lost.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "depscan/include_notes.h"
#include "depscan/show_includes.h"

namespace {

using compiler_cache::IncludeNote;

void check(bool holds) {
  if (!holds) std::abort();
}

std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end == std::string_view::npos ? text.size() : end + 1);
  text.remove_prefix(line.size());
  return line;
}

struct Parts {
  std::string text;
  std::vector<IncludeNote> notes;
};

/// By whole lines, as simply as it can be said.
Parts read_lines(std::string_view output, std::string_view prefix) {
  Parts parts;
  while (!output.empty()) {
    const std::string_view line = take_line(output);
    std::string_view rest = line;
    if (line.size() > compiler_cache::kMaxIncludeNote || !line.starts_with(prefix)) {
      parts.text += line;
      continue;
    }
    rest.remove_prefix(prefix.size());
    if (rest.ends_with('\n')) rest.remove_suffix(1);
    std::size_t depth = 0;
    while (depth < rest.size() && (rest[depth] == ' ' || rest[depth] == '\t')) ++depth;
    std::string_view path = rest.substr(depth);
    if (path.ends_with('\r')) path.remove_suffix(1);
    if (prefix.empty() || depth == 0 || path.empty()) {
      parts.text += line;
    } else {
      parts.notes.push_back({std::string(path), depth});
    }
  }
  return parts;
}

Parts read_pieces(std::string_view output, std::string_view prefix, std::size_t step, bool takes_notes) {
  struct Reader {
    Parts parts;
    bool takes_notes;
  } reader{{}, takes_notes};
  const compiler_cache::NoteSink sink{&reader,
                                      [](void* context, const char* bytes, size_t size) {
                                        static_cast<Reader*>(context)->parts.text.append(bytes, size);
                                      },
                                      [](void* context, const char* path, size_t size, size_t depth) {
                                        auto* to = static_cast<Reader*>(context);
                                        if (to->takes_notes)
                                          to->parts.notes.push_back({std::string(path, size), depth});
                                        return to->takes_notes;
                                      }};
  compiler_cache::NoteFilter filter(prefix.data(), prefix.size(), sink);
  for (std::size_t at = 0; at < output.size(); at += step) {
    const std::string_view piece = output.substr(at, step);
    filter.feed(piece.data(), piece.size());
  }
  filter.finish();
  return reader.parts;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  std::string_view prefix = take_line(rest);
  std::size_t step = 1;
  for (const char digit : take_line(rest)) step = step * 7 + static_cast<unsigned char>(digit);
  while (!prefix.empty() && (prefix.back() == ' ' || prefix.back() == '\t' || prefix.back() == '\n'))
    prefix.remove_suffix(1);
  if (prefix.size() > compiler_cache::kMaxNotePrefix) return 0;

  const Parts expected = read_lines(rest, prefix);
  for (const std::size_t pieces : {std::size_t{1}, step % 64 + 1, rest.size() + 1}) {
    const Parts found = read_pieces(rest, prefix, pieces, true);
    check(found.text == expected.text && found.notes == expected.notes);
    check(read_pieces(rest, prefix, pieces, false).text == rest);
  }
  const compiler_cache::NotedOutput split = compiler_cache::split_notes(rest, prefix);
  check(split.text == expected.text && split.notes == expected.notes);
  check(prefix.empty() || split.doubt || split.text.find(prefix) == std::string::npos);

  // Whatever is detected, finds the header that it was detected by.
  const std::string_view header = take_line(rest);
  if (header.size() < 2 || header.find_first_of("\r/\\ \t") != std::string_view::npos) return 0;
  const std::string_view name = header.substr(0, header.size() - 1);
  if (const auto detected = compiler_cache::detect_note_prefix(rest, name, ""))
    check(!compiler_cache::split_notes(rest, *detected).notes.empty());
  return 0;
}
