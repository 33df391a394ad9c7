#include "helper/uv_remote.h"

#include <cstdlib>
#include <optional>
#include <string>

#include "helper/remote_schemes.h"

#ifdef COMPILER_CACHE_WITH_HIREDIS
#include "helper/uv_redis_client.h"
#endif
#ifdef COMPILER_CACHE_WITH_CURL
#include "helper/uv_http_client.h"
#endif

namespace compiler_cache {

Result<std::unique_ptr<RemoteClient>> make_remote_client([[maybe_unused]] uv_loop_t* loop,
                                                         const RemoteTarget& target) {
  if (target.url.scheme == RemoteScheme::http) {
#ifdef COMPILER_CACHE_WITH_CURL
    return make_http_client(loop, target);
#else
    return Error{ErrorKind::unsupported, target.url.text +
                                             " needs libcurl and OpenSSL (libcurl4-openssl-dev, libssl-dev), "
                                             "without which this helper was built"};
#endif
  }
#ifdef COMPILER_CACHE_WITH_HIREDIS
  return std::unique_ptr<RemoteClient>(std::make_unique<UvRedisClient>(loop, target));
#else
  return Error{ErrorKind::unsupported,
               target.url.text + " needs hiredis (libhiredis-dev), without which this helper was built"};
#endif
}

std::string remote_schemes() {
  std::string schemes;
#ifdef COMPILER_CACHE_WITH_HIREDIS
  schemes += "redis redis+unix ";
#ifdef COMPILER_CACHE_WITH_OPENSSL
  schemes += "rediss ";
#endif
#endif
#ifdef COMPILER_CACHE_WITH_CURL
  schemes += "http https ";
#endif
  return schemes;
}

EnvironmentReader process_environment() {
  return [](const char* name) -> std::optional<std::string> {
    const char* const value = std::getenv(name);
    if (value == nullptr) return std::nullopt;
    return std::string(value);
  };
}

}  // namespace compiler_cache
