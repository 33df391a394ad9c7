// A server that speaks HTTP, in the layout of Bazel's remote cache, as a server of the remote tier.
#pragma once

#include <uv.h>

#include <memory>

#include "base/status.h"
#include "helper/remote_client.h"
#include "helper/remote_settings.h"

namespace compiler_cache {

/// An error when libcurl cannot begin.
Result<std::unique_ptr<RemoteClient>> make_http_client(uv_loop_t* loop, const RemoteTarget& target);

}  // namespace compiler_cache
