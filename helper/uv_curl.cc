#include "helper/uv_curl.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace compiler_cache {
namespace {

/// Connections to one server: what HTTP/1.1 has in place of asking for several things at once. Bazel opens up
/// to a hundred.
constexpr long kMostConnections = 48;
/// A transfer that goes on may take so many limits in all.
constexpr long kLimitsPerTransfer = 10;
constexpr long kMsPerSecond = 1000;

Error http_error(CURLcode code, const char* text) {
  const ErrorKind kind = code == CURLE_OPERATION_TIMEDOUT  ? ErrorKind::timed_out
                         : code == CURLE_WRITE_ERROR       ? ErrorKind::too_large
                         : code == CURLE_FILESIZE_EXCEEDED ? ErrorKind::too_large
                                                           : ErrorKind::io;
  return {kind, std::string("HTTP: ") + (text[0] != '\0' ? text : curl_easy_strerror(code))};
}

}  // namespace

struct UvCurl::Transfer {
  UvCurl* owner = nullptr;
  CURL* easy = nullptr;
  curl_slist* headers = nullptr;
  HttpRequest request;
  std::size_t sent = 0;
  std::string body;
  Call call;
  char error[CURL_ERROR_SIZE] = {};

  ~Transfer() {
    curl_easy_cleanup(easy);
    curl_slist_free_all(headers);
  }
  static std::size_t take(char* bytes, std::size_t size, std::size_t count, void* self) {
    auto* const transfer = static_cast<Transfer*>(self);
    if (transfer->body.size() + size * count > transfer->request.most) return 0;
    transfer->body.append(bytes, size * count);
    return size * count;
  }
  static std::size_t give(char* bytes, std::size_t size, std::size_t count, void* self) {
    auto* const transfer = static_cast<Transfer*>(self);
    const std::size_t part = std::min(size * count, transfer->request.body->size() - transfer->sent);
    std::copy_n(transfer->request.body->data() + transfer->sent, part, bytes);
    transfer->sent += part;
    return part;
  }
  /// A connection that was kept open and is dead by now: curl begins once more.
  static int begin_again(void* self, curl_off_t offset, int origin) {
    if (origin != SEEK_SET) return CURL_SEEKFUNC_CANTSEEK;
    static_cast<Transfer*>(self)->sent = static_cast<std::size_t>(offset);
    return CURL_SEEKFUNC_OK;
  }
};

struct UvCurl::Socket {
  UvCurl* owner = nullptr;
  curl_socket_t socket = CURL_SOCKET_BAD;
  uv_poll_t poll{};
};

UvCurl::UvCurl(uv_loop_t* loop, RemoteTarget target) : loop_(loop), target_(std::move(target)) {
  static const CURLcode began = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (began != CURLE_OK) return;
  multi_ = curl_multi_init();
  if (multi_ == nullptr) return;
  timer_ = new uv_timer_t{};
  uv_timer_init(loop_, timer_);
  timer_->data = this;
  curl_multi_setopt(multi_, CURLMOPT_MAX_HOST_CONNECTIONS, kMostConnections);
  curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, kMostConnections);
  curl_multi_setopt(multi_, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
  curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
  const auto on_socket = +[](CURL*, curl_socket_t socket, int what, void* self, void* known) {
    static_cast<UvCurl*>(self)->watch(socket, what, static_cast<Socket*>(known));
    return 0;
  };
  const auto on_timer = +[](CURLM*, long milliseconds, void* self) {
    auto* const curl = static_cast<UvCurl*>(self);
    if (curl->timer_ == nullptr) return 0;
    uv_timer_stop(curl->timer_);
    if (milliseconds < 0) return 0;
    // Not from within curl's own call.
    uv_timer_start(
        curl->timer_,
        [](uv_timer_t* timer) { static_cast<UvCurl*>(timer->data)->act(CURL_SOCKET_TIMEOUT, 0); },
        static_cast<std::uint64_t>(milliseconds), 0);
    return 0;
  };
  curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, on_socket);
  curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, on_timer);
}

UvCurl::~UvCurl() { close(); }

void UvCurl::close() {
  if (std::exchange(closed_, true) || multi_ == nullptr) return;
  const std::vector<Transfer*> all(transfers_.begin(), transfers_.end());
  for (Transfer* transfer : all) finish(transfer, CURLE_ABORTED_BY_CALLBACK);
  curl_multi_cleanup(std::exchange(multi_, nullptr));
  const std::vector<Socket*> left(sockets_.begin(), sockets_.end());
  for (Socket* socket : left) forget(socket);
  uv_close(reinterpret_cast<uv_handle_t*>(std::exchange(timer_, nullptr)),
           [](uv_handle_t* handle) { delete reinterpret_cast<uv_timer_t*>(handle); });
}

// ---- curl's wishes

void UvCurl::watch(curl_socket_t socket, int what, Socket* known) {
  if (what == CURL_POLL_REMOVE) {
    if (known == nullptr) return;
    curl_multi_assign(multi_, socket, nullptr);
    return forget(known);
  }
  if (known == nullptr) {
    known = new Socket;
    known->owner = this;
    known->socket = socket;
    known->poll.data = known;
    if (uv_poll_init_socket(loop_, &known->poll, socket) != 0) {
      delete known;  // curl's own time limit ends the transfer
      return;
    }
    sockets_.insert(known);
    curl_multi_assign(multi_, socket, known);
  }
  const int events =
      ((what & CURL_POLL_IN) != 0 ? UV_READABLE : 0) | ((what & CURL_POLL_OUT) != 0 ? UV_WRITABLE : 0);
  uv_poll_start(&known->poll, events, [](uv_poll_t* poll, int status, int ready) {
    const auto* const found = static_cast<Socket*>(poll->data);
    const int flags = status < 0 ? CURL_CSELECT_ERR
                                 : ((ready & UV_READABLE) != 0 ? CURL_CSELECT_IN : 0) |
                                       ((ready & UV_WRITABLE) != 0 ? CURL_CSELECT_OUT : 0);
    found->owner->act(found->socket, flags);
  });
}

void UvCurl::forget(Socket* socket) {
  sockets_.erase(socket);
  uv_poll_stop(&socket->poll);
  uv_close(reinterpret_cast<uv_handle_t*>(&socket->poll),
           [](uv_handle_t* handle) { delete static_cast<Socket*>(handle->data); });
}

void UvCurl::act(curl_socket_t socket, int events) {
  if (closed_) return;
  int running = 0;
  curl_multi_socket_action(multi_, socket, events, &running);
  collect();
}

void UvCurl::collect() {
  int left = 0;
  while (!closed_) {
    const CURLMsg* const message = curl_multi_info_read(multi_, &left);
    if (message == nullptr) return;
    if (message->msg != CURLMSG_DONE) continue;
    void* transfer = nullptr;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
    finish(static_cast<Transfer*>(transfer), message->data.result);
  }
}

void UvCurl::finish(Transfer* transfer, CURLcode code) {
  const std::unique_ptr<Transfer> done(transfer);
  transfers_.erase(transfer);
  HttpAnswer answer;
  curl_easy_getinfo(done->easy, CURLINFO_RESPONSE_CODE, &answer.status);
  curl_multi_remove_handle(multi_, done->easy);
  // What a server has to say about an error is of no interest, however long it is.
  const bool is_answer = answer.status >= 300 && (code == CURLE_OK || code == CURLE_WRITE_ERROR);
  if (code != CURLE_OK && !is_answer) return done->call(http_error(code, done->error));
  if (!is_answer) answer.body = std::move(done->body);
  done->call(std::move(answer));
}

// ---- transfers

void UvCurl::prepare(Transfer& transfer) {
  CURL* const easy = transfer.easy;
  const auto set = [easy](CURLoption option, auto value) { curl_easy_setopt(easy, option, value); };
  set(CURLOPT_URL, (target_.url.text + transfer.request.path).c_str());
  set(CURLOPT_PRIVATE, &transfer);
  set(CURLOPT_ERRORBUFFER, transfer.error);
  set(CURLOPT_NOSIGNAL, 1L);
  // A server that sends us elsewhere is not the one that was named; nor is one that a variable names.
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_PIPEWAIT, 1L);
  set(CURLOPT_TCP_NODELAY, 1L);
  const auto limit = static_cast<long>(target_.timeout_ms);
  set(CURLOPT_CONNECTTIMEOUT_MS, limit);
  set(CURLOPT_TIMEOUT_MS, kLimitsPerTransfer * limit);
  set(CURLOPT_LOW_SPEED_LIMIT, 1L);
  set(CURLOPT_LOW_SPEED_TIME, std::max(1L, (limit + kMsPerSecond - 1) / kMsPerSecond));
  if (!target_.ca_file.empty()) set(CURLOPT_CAINFO, target_.ca_file.c_str());
  const RemoteCredentials& who = target_.credentials;
  if (!who.token.empty()) {
    set(CURLOPT_HTTPAUTH, CURLAUTH_BEARER);
    set(CURLOPT_XOAUTH2_BEARER, who.token.c_str());
  } else if (!who.user.empty()) {
    set(CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
    set(CURLOPT_USERNAME, who.user.c_str());
    set(CURLOPT_PASSWORD, who.password.c_str());
  }
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, Transfer::take);
  set(CURLOPT_WRITEDATA, &transfer);
  if (transfer.request.method == HttpRequest::Method::get)
    set(CURLOPT_MAXFILESIZE_LARGE,
        static_cast<curl_off_t>(std::max<std::uint64_t>(1, transfer.request.most)));
  if (transfer.request.method == HttpRequest::Method::head) set(CURLOPT_NOBODY, 1L);
  if (transfer.request.method != HttpRequest::Method::put) return;
  set(CURLOPT_UPLOAD, 1L);
  set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(transfer.request.body->size()));
  curl_easy_setopt(easy, CURLOPT_READFUNCTION, Transfer::give);
  set(CURLOPT_READDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, Transfer::begin_again);
  set(CURLOPT_SEEKDATA, &transfer);
  // Waiting for leave to send would be one more way there and back.
  transfer.headers = curl_slist_append(nullptr, "Expect:");
  set(CURLOPT_HTTPHEADER, transfer.headers);
}

void UvCurl::run(const HttpRequest& request, Call call) {
  if (closed_) return call(Error{ErrorKind::io, "the connection is closed"});
  auto transfer = std::make_unique<Transfer>();
  transfer->owner = this;
  transfer->easy = curl_easy_init();
  if (transfer->easy == nullptr) return call(Error{ErrorKind::io, "HTTP: no memory"});
  transfer->request = request;
  transfer->call = std::move(call);
  prepare(*transfer);
  transfers_.insert(transfer.get());
  curl_multi_add_handle(multi_, transfer.release()->easy);
}

}  // namespace compiler_cache
