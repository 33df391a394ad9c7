// Any bytes as what a server of the remote tier, or a file of credentials, may hold. The first byte says as
// which.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "helper/action_result.h"
#include "helper/remote_entry.h"
#include "helper/remote_settings.h"

namespace {

using namespace compiler_cache;

void require(bool holds) {
  if (!holds) std::abort();
}

void read_entry(std::string_view bytes) {
  const RemoteSeal seal("", "fuzz");
  const Digest context{};
  const Result<RemoteEntry> entry = seal.decode(context, bytes);
  if (!entry.ok()) return;
  for (const RemoteBlob& row : entry->blobs)
    require(row.stored <= kMaxRemoteBlobBytes && row.size <= kMaxUnpackedBlobBytes);
  const Result<std::string> written = seal.encode(context, *entry);
  require(written.ok());
  const Result<RemoteEntry> again = seal.decode(context, *written);
  require(again.ok() && *again == *entry);
}

void read_list(std::string_view bytes) {
  const Result<std::vector<std::string>> entries = split_remote_entries(bytes);
  if (!entries.ok()) return;
  require(entries->size() <= kMaxRemoteEntries && join_remote_entries(*entries) == bytes);
}

void read_url(std::string_view bytes) {
  const Result<RemoteUrl> url = parse_remote_url(bytes);
  if (url.ok()) require(url->scheme == RemoteScheme::redis_socket || (!url->host.empty() && url->port != 0));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0]) {
    case 'a':
      if (const Result<std::string> text = unwrap_action_result(bytes); text.ok())
        require(*unwrap_action_result(wrap_action_result(*text)) == *text);
      break;
    case 'e':
      read_entry(bytes);
      break;
    case 'l':
      read_list(bytes);
      break;
    case 'n':
      static_cast<void>(find_in_netrc(bytes, "host"));
      break;
    case 'u':
      read_url(bytes);
      break;
    default:
      break;
  }
  return 0;
}
