// Which URLs this helper has servers for.
#pragma once

#include <string>

namespace compiler_cache {

/// "redis redis+unix rediss http https", as far as it was built with their libraries.
std::string remote_schemes();

}  // namespace compiler_cache
