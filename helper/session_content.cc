#include "helper/session_content.h"

#include <algorithm>

#include "helper/bytes.h"
#include "helper/hasher.h"

namespace compiler_cache {
namespace {

constexpr std::size_t kMaxPartName = 32;

SessionPart read_part(FileSystem& files, const std::string& folder, const std::string& name, bool& newer) {
  SessionPart part;
  const auto file = files.read(folder + "/" + name, kMaxSessionPartFile);
  if (!file) {
    part.status = file.status();
    return part;
  }
  Unsealed unsealed = unseal(kSessionPartKind, name, file.value());
  switch (unsealed.state) {
    case SealState::good:
      part.bytes = std::move(unsealed.payload);
      part.checksum = unsealed.checksum;
      part.file_size = file.value().size();
      break;
    case SealState::damaged:
      part.status = {ErrorKind::corrupt, "part " + name + " is damaged"};
      break;
    case SealState::older:
      part.status = {ErrorKind::unsupported, "part " + name + " is of an older version"};
      break;
    case SealState::newer:
      part.status = {ErrorKind::unsupported, "part " + name + " is of a newer version"};
      newer = true;
      break;
  }
  return part;
}

void read_journal_into(FileSystem& files, const std::string& folder, SessionContent& content) {
  auto journal = read_journal(files, folder + "/" + kSessionJournal);
  if (journal.ok()) {
    content.journal = std::move(*journal);
    if (content.journal.tail_dropped) {
      content.journal_status = {ErrorKind::corrupt, "the journal's end is damaged"};
    }
    return;
  }
  if (journal.error().kind == ErrorKind::not_found) return;
  content.newer = content.newer || journal.error().kind == ErrorKind::unsupported;
  content.journal_status = journal.status();
}

}  // namespace

bool is_session_part_name(std::string_view name) {
  return !name.empty() && name.size() <= kMaxPartName && name != kSessionJournal &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

bool is_session_file_name(std::string_view name) {
  return is_session_part_name(name) || name == kSessionJournal || name.starts_with(kSessionTemporaryPrefix);
}

bool SessionContent::intact() const {
  return journal_status.ok() &&
         std::all_of(parts.begin(), parts.end(), [](const auto& part) { return part.second.status.ok(); });
}

Digest SessionContent::digest() const {
  SessionDigest digest;
  for (const auto& [name, part] : parts) {
    if (part.status.ok()) digest.add_part(name, part.checksum);
  }
  return digest.finish(journal.records.size(), journal.chain);
}

void SessionDigest::add_part(std::string_view name, std::string_view checksum) {
  put_u32(items_, static_cast<std::uint32_t>(name.size()));
  items_ += name;
  items_ += checksum;
}

Digest SessionDigest::finish(std::uint64_t journal_records, const Digest& journal_chain) {
  Hasher hasher;
  hasher.item("parts", items_).item("records", journal_records).item("journal", journal_chain.view());
  return hasher.finish();
}

Result<SessionContent> read_session(FileSystem& files, const std::string& folder) {
  const auto entries = files.list(folder);
  if (!entries) return entries.error();
  SessionContent content;
  for (const FolderEntry& entry : entries.value()) {
    if (!is_session_part_name(entry.name) || content.parts.size() >= kMaxSessionParts) continue;
    content.parts[entry.name] = read_part(files, folder, entry.name, content.newer);
  }
  read_journal_into(files, folder, content);
  return content;
}

Result<bool> session_is_newer(FileSystem& files, const std::string& folder) {
  const auto entries = files.list(folder);
  if (!entries) return entries.error();
  for (const FolderEntry& entry : entries.value()) {
    if (!is_session_part_name(entry.name)) continue;
    const auto file = files.read(folder + "/" + entry.name, kMaxSessionPartFile);
    if (file.ok() && seal_state(kSessionPartKind, entry.name, *file) == SealState::newer) return true;
  }
  SessionContent journal;
  read_journal_into(files, folder, journal);
  return journal.newer;
}

Status remove_session(FileSystem& files, const std::string& folder) {
  const auto entries = files.list(folder);
  if (!entries) return entries.status();
  for (const FolderEntry& entry : entries.value()) {
    if (is_session_file_name(entry.name)) static_cast<void>(files.remove(folder + "/" + entry.name));
  }
  return files.remove_folder(folder);
}

}  // namespace compiler_cache
