// libcurl's transfers on the loop: curl says which sockets and times it waits for, and is told of them. The
// only user of libcurl.
#pragma once

#include <curl/curl.h>
#include <uv.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <unordered_set>

#include "base/status.h"
#include "helper/remote_settings.h"

namespace compiler_cache {

struct HttpRequest {
  enum class Method : std::uint8_t { get, put, head };
  Method method = Method::get;
  std::string path;                         ///< behind the URL's
  std::shared_ptr<const std::string> body;  ///< of a put
  std::uint64_t most = 0;                   ///< bytes of the answer that are taken in
};

struct HttpAnswer {
  long status = 0;
  std::string body;  ///< of a status 2xx
};

class UvCurl {
 public:
  using Call = std::function<void(Result<HttpAnswer>)>;

  UvCurl(uv_loop_t* loop, RemoteTarget target);
  ~UvCurl();
  UvCurl(const UvCurl&) = delete;
  UvCurl& operator=(const UvCurl&) = delete;

  void run(const HttpRequest& request, Call call);
  /// For good: what is under way is answered with an error.
  void close();
  bool works() const { return multi_ != nullptr; }

 private:
  struct Transfer;
  struct Socket;

  void prepare(Transfer& transfer);
  void watch(curl_socket_t socket, int what, Socket* known);
  void forget(Socket* socket);
  void act(curl_socket_t socket, int events);
  void collect();
  void finish(Transfer* transfer, CURLcode code);

  uv_loop_t* const loop_;
  const RemoteTarget target_;
  CURLM* multi_ = nullptr;
  uv_timer_t* timer_ = nullptr;
  std::unordered_set<Transfer*> transfers_;
  std::unordered_set<Socket*> sockets_;
  bool closed_ = false;
};

}  // namespace compiler_cache
