// TLS between two buffers: what comes in encrypted goes out plain, and the other way round. The only user of
// OpenSSL; without it every session fails to begin, and says so.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/status.h"

namespace compiler_cache {

class TlsSession {
 public:
  /// The server must prove that it is `host`. `ca_file`: whom that is believed from; empty: the system's.
  static Result<std::unique_ptr<TlsSession>> begin(const std::string& host, const std::string& ca_file);
  ~TlsSession();
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;

  void take_encrypted(std::string_view bytes);
  /// The handshake, as far as it can go. An error: the server cannot be believed.
  Status go_on();
  bool ready() const;
  /// Once ready.
  void send(std::string_view plain);
  /// What is to be sent; empty: nothing.
  std::string encrypted();
  /// What has come in; empty: nothing.
  std::string plain();

 private:
  struct State;
  explicit TlsSession(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace compiler_cache
