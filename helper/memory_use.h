// How the process holds memory that it does not use. A helper lives for hours between builds; what loading,
// hashing compilers and writing snapshots took for a moment must not stay with it.
#pragma once

namespace compiler_cache {

/// At the start: large pieces of memory go back as soon as they are freed, and threads share what they hold.
void hold_little_memory();

/// When a build is over, and takes a few milliseconds: whatever is free goes back to the system.
void give_back_memory();

}  // namespace compiler_cache
