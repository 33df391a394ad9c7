// The question: may I have the result of this compile?
#pragma once

#include <sys/types.h>

#include "launcher/connection.h"

namespace compiler_cache::launcher {

enum class Asked { asked, too_large, failed };

/// Sends `compile` for this process: argv is the compiler's, the environment the whole of ours.
Asked send_request(char** argv, const char* cwd, Connection* connection);

}  // namespace compiler_cache::launcher
