// Any bytes as a journal: what is read is exactly what a writer of those records would have written.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "helper/journal.h"

namespace {

using namespace compiler_cache;

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view file(reinterpret_cast<const char*>(data), size);
  const auto read = parse_journal(file);
  if (!read.ok()) return 0;
  const JournalContent& content = read.value();
  std::uint64_t bytes = kJournalHeaderSize;
  for (const std::string& record : content.records) bytes += kJournalRecordHeaderSize + record.size();
  require(bytes == content.good_bytes && bytes <= size);
  require(content.tail_dropped == (bytes != size));
  const auto again = parse_journal(file.substr(0, static_cast<std::size_t>(bytes)));
  require(again.ok() && !again.value().tail_dropped && again.value().records == content.records);
  return 0;
}
