// Clients for the URLs of the remote tier, as far as this helper was built with their libraries.
#pragma once

#include <uv.h>

#include <memory>

#include "base/status.h"
#include "helper/remote_client.h"
#include "helper/remote_settings.h"

namespace compiler_cache {

/// `unsupported`, with the package that is missing, when this helper was built without what the URL needs.
Result<std::unique_ptr<RemoteClient>> make_remote_client(uv_loop_t* loop, const RemoteTarget& target);

/// Of the environment of this process.
EnvironmentReader process_environment();

}  // namespace compiler_cache
