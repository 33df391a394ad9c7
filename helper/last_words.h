// What a helper writes that cannot go on, so that the status tells why it ended: when no memory is left, or
// nobody caught an exception. What was stored is in the journal; the next helper goes on from there.
#pragma once

#include <string>

namespace compiler_cache {

/// From now on such an end is an event of the tree, whose `.compiler-cache` is `folder`.
void leave_last_words(const std::string& folder);

}  // namespace compiler_cache
