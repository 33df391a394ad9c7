#include "helper/elf_program.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "helper/text_split.h"

namespace compiler_cache {

bool is_elf(std::string_view bytes) { return bytes.starts_with("\177ELF"); }

bool has_interpreter(std::string_view bytes) {
  constexpr std::size_t kElfHeaderSize = 64;
  constexpr std::uint32_t kPtInterp = 3;
  if (!is_elf(bytes) || bytes.size() < kElfHeaderSize || bytes[4] != 2 || bytes[5] != 1) return false;
  std::uint64_t offset = 0;
  std::uint16_t entry_size = 0;
  std::uint16_t count = 0;
  std::memcpy(&offset, bytes.data() + 32, sizeof offset);
  std::memcpy(&entry_size, bytes.data() + 54, sizeof entry_size);
  std::memcpy(&count, bytes.data() + 56, sizeof count);
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t at = offset + i * entry_size;
    if (at > bytes.size() || bytes.size() - at < sizeof(std::uint32_t)) return false;
    std::uint32_t type = 0;
    std::memcpy(&type, bytes.data() + at, sizeof type);
    if (type == kPtInterp) return true;
  }
  return false;
}

std::vector<std::string> parse_loaded_objects(std::string_view text) {
  std::vector<std::string> libraries;
  while (!text.empty()) {
    std::string_view line = take_line(text);
    const std::size_t start = line.find('/');
    const std::size_t stop = line.rfind(" (");
    if (start == std::string_view::npos || stop == std::string_view::npos || stop <= start) continue;
    line = line.substr(start, stop - start);
    if (const std::size_t arrow = line.find("=> "); arrow != std::string_view::npos)
      line.remove_prefix(arrow + 3);
    libraries.emplace_back(line);
  }
  return libraries;
}

}  // namespace compiler_cache
