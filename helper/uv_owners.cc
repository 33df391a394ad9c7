#include "helper/uv_owners.h"

#include <charconv>
#include <system_error>

namespace compiler_cache {

pid_t process_id(std::string_view text) {
  pid_t pid = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), pid);
  return parsed.ec == std::errc() && parsed.ptr == text.data() + text.size() && pid > 0 ? pid : 0;
}

bool UvOwners::add(pid_t pid) {
  const auto gone = [this](bool ended) {
    if (--count_ == 0 && ended) on_last_gone_();
  };
  if (!ends_.watch(pid, gone)) return false;
  ++count_;
  return true;
}

}  // namespace compiler_cache
