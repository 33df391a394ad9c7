// The question: may I have the result of this step?
#pragma once

#include <sys/types.h>

#include "launcher/connection.h"
#include "launcher/step.h"

namespace compiler_cache::launcher {

enum class Asked { asked, too_large, failed };

/// Sends `compile` for this process: argv is the program's, the environment the whole of ours.
Asked send_request(const Step& step, const char* cwd, Connection* connection);

}  // namespace compiler_cache::launcher
