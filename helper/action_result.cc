#include "helper/action_result.h"

#include <cstdint>

namespace compiler_cache {
namespace {

constexpr std::uint64_t kStdoutRaw = 5;
constexpr std::uint64_t kVarint = 0;
constexpr std::uint64_t kFixed64 = 1;
constexpr std::uint64_t kBytes = 2;
constexpr std::uint64_t kFixed32 = 5;
constexpr unsigned kTypeBits = 3;
constexpr unsigned kMostShift = 63;

bool take_varint(std::string_view& text, std::uint64_t& number) {
  number = 0;
  for (unsigned shift = 0; !text.empty() && shift <= kMostShift; shift += 7) {
    const auto byte = static_cast<unsigned char>(text.front());
    text.remove_prefix(1);
    number |= std::uint64_t{byte & 0x7fU} << shift;
    if ((byte & 0x80) == 0) return true;
  }
  return false;
}

void put_varint(std::string& out, std::uint64_t number) {
  for (; number >= 0x80; number >>= 7) out.push_back(static_cast<char>((number & 0x7f) | 0x80));
  out.push_back(static_cast<char>(number));
}

bool skip(std::string_view& text, std::uint64_t bytes) {
  if (bytes > text.size()) return false;
  text.remove_prefix(static_cast<std::size_t>(bytes));
  return true;
}

}  // namespace

std::string wrap_action_result(std::string_view text) {
  std::string message;
  put_varint(message, kStdoutRaw << kTypeBits | kBytes);
  put_varint(message, text.size());
  return message.append(text);
}

Result<std::string> unwrap_action_result(std::string_view message) {
  const Error bad{ErrorKind::corrupt, "what the server has is no action result of ours"};
  while (!message.empty()) {
    std::uint64_t tag = 0;
    std::uint64_t number = 0;
    if (!take_varint(message, tag)) return bad;
    const std::uint64_t type = tag & ((1U << kTypeBits) - 1);
    bool good = type == kFixed64 ? skip(message, 8) : type == kFixed32 && skip(message, 4);
    if (type == kVarint || type == kBytes) good = take_varint(message, number);
    if (!good) return bad;
    if (type != kBytes) continue;
    if (number > message.size()) return bad;
    if (tag >> kTypeBits == kStdoutRaw)
      return std::string(message.substr(0, static_cast<std::size_t>(number)));
    if (!skip(message, number)) return bad;
  }
  return bad;
}

}  // namespace compiler_cache
