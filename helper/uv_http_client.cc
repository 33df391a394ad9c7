#include "helper/uv_http_client.h"

#include <utility>

#include "helper/action_result.h"
#include "helper/remote_entry.h"
#include "helper/uv_curl.h"

namespace compiler_cache {
namespace {

constexpr std::uint64_t kSmallBody = 64 * 1024;
constexpr std::uint64_t kMaxListBytes = kMaxRemoteEntryBytes * 4;

constexpr long kNotFound = 404;
constexpr long kGone = 410;
constexpr long kTooLarge = 413;
constexpr long kNoSpace = 507;

Status status_of_answer(const Result<HttpAnswer>& answer) {
  if (!answer.ok()) return answer.error();
  const long status = answer->status;
  if (status >= 200 && status < 300) return {};
  const std::string said = "the server answers " + std::to_string(status);
  if (status == kNotFound || status == kGone) return {ErrorKind::not_found, said};
  if (status == kTooLarge) return {ErrorKind::too_large, said};
  if (status == kNoSpace) return {ErrorKind::no_space, said};
  if (status == 401 || status == 403 || status == 405) return {ErrorKind::denied, said};
  return {ErrorKind::io, said};
}

class UvHttpClient final : public RemoteClient {
 public:
  UvHttpClient(uv_loop_t* loop, const RemoteTarget& target) : curl_(loop, target) {}

  bool works() const { return curl_.works(); }
  void close() override { curl_.close(); }

  void get_entries(const Digest& place, std::function<void(Result<Entries>)> call) override {
    curl_.run({HttpRequest::Method::get, "/ac/" + place.hex(), nullptr, kMaxListBytes},
              [call = std::move(call)](const Result<HttpAnswer>& answer) {
                if (const Status status = status_of_answer(answer); !status.ok()) return call(status.error());
                const Result<std::string> text = unwrap_action_result(answer->body);
                if (!text.ok()) return call(text.error());
                call(split_remote_entries(*text));
              });
  }

  /// What is there is read, added to, and written: of two writers at once the last one wins, and what the
  /// other had is missing, which is a miss some day.
  void add_entry(const Digest& place, std::string entry, std::size_t most,
                 std::function<void(Status)> call) override {
    get_entries(place, [this, place, entry = std::move(entry), most,
                        call = std::move(call)](Result<Entries> there) mutable {
      // What makes no sense is written over.
      if (!there.ok() && there.error().kind != ErrorKind::not_found &&
          there.error().kind != ErrorKind::corrupt)
        return call(there.error());
      Entries entries = there.ok() ? std::move(*there) : Entries{};
      entries.insert(entries.begin(), std::move(entry));
      std::uint64_t size = 0;
      std::size_t kept = 0;
      while (kept < entries.size() && kept < most) {
        size += entries[kept].size() + sizeof(std::uint32_t);
        if (kept > 0 && size > kMaxRemoteEntryBytes * 3) break;
        ++kept;
      }
      entries.resize(kept);
      put("/ac/" + place.hex(),
          std::make_shared<const std::string>(wrap_action_result(join_remote_entries(entries))),
          std::move(call));
    });
  }

  void get_blob(const Digest& address, std::uint64_t size,
                std::function<void(Result<std::string>)> call) override {
    curl_.run({HttpRequest::Method::get, "/cas/" + address.hex(), nullptr, size},
              [call = std::move(call)](Result<HttpAnswer> answer) {
                if (const Status status = status_of_answer(answer); !status.ok()) return call(status.error());
                call(std::move(answer->body));
              });
  }

  void put_blob(const Digest& address, Bytes bytes, std::function<void(Status)> call) override {
    put("/cas/" + address.hex(), std::move(bytes), std::move(call));
  }

  void touch_blob(const Digest& address, std::function<void(Result<bool>)> call) override {
    curl_.run({HttpRequest::Method::head, "/cas/" + address.hex(), nullptr, kSmallBody},
              [call = std::move(call)](const Result<HttpAnswer>& answer) {
                const Status status = status_of_answer(answer);
                if (!status.ok() && status.error().kind != ErrorKind::not_found) return call(status.error());
                call(status.ok());
              });
  }

 private:
  void put(const std::string& path, Bytes bytes, std::function<void(Status)> call) {
    curl_.run({HttpRequest::Method::put, path, std::move(bytes), kSmallBody},
              [call = std::move(call)](const Result<HttpAnswer>& answer) { call(status_of_answer(answer)); });
  }

  UvCurl curl_;
};

}  // namespace

Result<std::unique_ptr<RemoteClient>> make_http_client(uv_loop_t* loop, const RemoteTarget& target) {
  auto client = std::make_unique<UvHttpClient>(loop, target);
  if (!client->works()) return Error{ErrorKind::unsupported, "libcurl cannot begin"};
  return std::unique_ptr<RemoteClient>(std::move(client));
}

}  // namespace compiler_cache
