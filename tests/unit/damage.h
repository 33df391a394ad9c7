// Every way a file of few bytes can be damaged that tests go through: cut short, or with one byte changed.
#pragma once

#include <functional>
#include <string>

namespace compiler_cache {

/// Calls `visit` with each proper prefix of `bytes`, and with each byte changed in three ways.
inline void for_each_damage(const std::string& bytes, const std::function<void(const std::string&)>& visit) {
  for (std::size_t size = 0; size < bytes.size(); ++size) visit(bytes.substr(0, size));
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (const unsigned mask : {0x01U, 0x80U, 0xffU}) {
      std::string changed = bytes;
      changed[at] = static_cast<char>(static_cast<unsigned char>(changed[at]) ^ mask);
      visit(changed);
    }
  }
}

}  // namespace compiler_cache
