#include "helper/memory_use.h"

#include <cstdlib>
#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace compiler_cache {

// glibc raises its limit for what is mapped by itself to the largest piece that was ever freed: after a
// compiler of 32 MB has been hashed, nothing smaller would go back.
#ifdef __GLIBC__
void hold_little_memory() {
  constexpr int kMappedAlone = 1 << 20;
  constexpr int kKeptFree = 4 << 20;
  constexpr int kArenas = 2;
  mallopt(M_MMAP_THRESHOLD, kMappedAlone);
  mallopt(M_TRIM_THRESHOLD, kKeptFree);
  mallopt(M_ARENA_MAX, kArenas);
}

void give_back_memory() { malloc_trim(0); }
#else
void hold_little_memory() {}
void give_back_memory() {}
#endif

}  // namespace compiler_cache
