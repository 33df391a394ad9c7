#include "helper/journal.h"

#include "helper/bytes.h"
#include "helper/hasher.h"

namespace compiler_cache {
namespace {

constexpr std::string_view kMagic = "CCjl";
constexpr std::size_t kChecksumSize = 8;
constexpr std::uint32_t kFileMode = 0644;

std::string checksum_of(std::string_view first, std::string_view second) {
  Hasher hasher;
  hasher.bytes(first).bytes(second);
  return std::string(hasher.finish().view().substr(0, kChecksumSize));
}

std::string make_header() {
  std::string header(kMagic);
  put_u32(header, kJournalVersion);
  return header + checksum_of(header, {});
}

void put_record(std::string& out, std::string_view payload) {
  std::string length;
  put_u32(length, static_cast<std::uint32_t>(payload.size()));
  out += length;
  out += checksum_of(length, payload);
  out += payload;
}

Digest next_in_chain(const Digest& chain, std::string_view record) {
  Hasher hasher;
  hasher.item("chain", chain.view()).item("record", record);
  return hasher.finish();
}

Status check_header(std::string_view file) {
  const std::size_t checked = kMagic.size() + 4;
  if (file.size() < kJournalHeaderSize || !file.starts_with(kMagic) ||
      file.substr(checked, kChecksumSize) != checksum_of(file.substr(0, checked), {})) {
    return {ErrorKind::corrupt, "not a journal"};
  }
  const std::uint32_t version = get_u32(file.substr(kMagic.size()));
  if (version > kJournalVersion) return {ErrorKind::unsupported, "a journal of a newer version"};
  if (version < kJournalVersion) return {ErrorKind::invalid, "a journal of an older version"};
  return {};
}

/// The record at the start of `rest`, or false when there is none.
bool take_record(std::string_view rest, std::string_view& payload) {
  if (rest.size() < kJournalRecordHeaderSize) return false;
  const std::uint32_t length = get_u32(rest);
  if (length > kMaxJournalRecord || length > rest.size() - kJournalRecordHeaderSize) return false;
  payload = rest.substr(kJournalRecordHeaderSize, length);
  return rest.substr(4, kChecksumSize) == checksum_of(rest.substr(0, 4), payload);
}

}  // namespace

Result<JournalContent> parse_journal(std::string_view file) {
  if (const Status header = check_header(file); !header.ok()) return header.error();
  JournalContent content;
  content.good_bytes = kJournalHeaderSize;
  std::string_view payload;
  while (take_record(file.substr(static_cast<std::size_t>(content.good_bytes)), payload)) {
    content.chain = next_in_chain(content.chain, payload);
    content.records.emplace_back(payload);
    content.good_bytes += kJournalRecordHeaderSize + payload.size();
  }
  content.tail_dropped = content.good_bytes != file.size();
  return content;
}

Result<JournalContent> read_journal(FileSystem& files, const std::string& path) {
  const auto file = files.read(path, kMaxJournalBytes);
  if (!file) return file.error();
  return parse_journal(file.value());
}

Result<std::unique_ptr<Journal>> Journal::create(FileSystem& files, const std::string& path,
                                                 const std::vector<std::string>& records) {
  std::unique_ptr<Journal> journal(new Journal);
  std::string bytes = make_header();
  for (const std::string& record : records) {
    if (record.size() > kMaxJournalRecord) return Error{ErrorKind::too_large, "record over the limit"};
    put_record(bytes, record);
    journal->chain_ = next_in_chain(journal->chain_, record);
  }
  journal->bytes_ = bytes.size();
  journal->records_ = records.size();
  if (const Status written = files.write_new(path, bytes, kFileMode); !written.ok()) return written.error();
  auto file = files.open_append(path, kFileMode);
  if (!file) {
    static_cast<void>(files.remove(path));
    return file.error();
  }
  journal->file_ = std::move(*file);
  return journal;
}

Status Journal::append(std::string_view record) {
  if (broken_) return {ErrorKind::io, "the journal's end could not be repaired"};
  if (record.size() > kMaxJournalRecord) return {ErrorKind::too_large, "record over the limit"};
  std::string bytes;
  bytes.reserve(kJournalRecordHeaderSize + record.size());
  put_record(bytes, record);
  if (bytes_ + bytes.size() > kMaxJournalBytes) return {ErrorKind::too_large, "journal over the limit"};
  Status appended = file_->append(bytes);
  if (!appended.ok()) {
    broken_ = !file_->truncate(bytes_).ok();
    return appended;
  }
  bytes_ += bytes.size();
  ++records_;
  chain_ = next_in_chain(chain_, record);
  return {};
}

}  // namespace compiler_cache
